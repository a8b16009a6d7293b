"""Coverage over time, by kind and by person, and what is hidden from whoever may not know names."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.core.models import AuditEntry
from lms.duties import trend
from lms.duties.coverage import count, count_path
from lms.duties.coverage_rows import HIDDEN
from lms.duties.seen import Seen
from lms.organisation import grants, hiring
from lms.organisation.models import Post, Role, User
from tests.cast import BY, Office, person
from tests.duties.making import TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
PAGES = ["/coverage/", "/coverage/over-time/", "/coverage/kinds/", "/coverage/people/"]


@pytest.fixture
def clerks(office: Office, at: SetClock) -> list[User]:
    """Seven at Ridge, six at Quay and two at Brook, of whom four at Ridge and all at Quay have passed."""
    at(TODAY)
    course = make_course("COC", holds_months=24)
    make_rule(office, course, categories=("CLERK",), from_day=date(2025, 1, 1))
    found = []
    for unit, number in (("ridge", 7), ("quay", 6), ("brook", 2)):
        for n in range(number):
            seat = office.seat(f"{unit}-{n}", unit=unit)
            found.append(office.hire(f"{unit}{n}", "Clerk", seat, from_day=date(2025, 1, 1)))
    for user in [*found[:4], *found[7:13]]:
        pass_course(person(user), course, date(2025, 2, 1))
    return found


@pytest.fixture
def service_officer(office: Office) -> User:
    """Somebody who may see figures of the whole organisation and no names."""
    user = office.hire("Sam", "Visser", "it-desk")
    grants.grant(user, Role.SERVICE_OFFICER, office.root, from_day=office.since, by=BY)
    return user


def _move(user: User, seat: Post, day: date) -> None:
    hiring.transfer(person(user), to=seat, on=day, by=BY)


def _given_purpose(client: Client) -> Client:
    client.post("/coverage/people/", {"purpose": "The month's follow-up."})
    return client


def test_who_may_not_know_names_sees_no_small_group_on_any_way_down(office: Office, clerks: list[User]) -> None:
    whole = Seen(count_path([office.root], TODAY), with_names=False)
    (row,) = whole.rows()
    assert (row.required, row.in_date, row.overdue) == (15, 10, 5)
    region = Seen(count_path([office.root, office.units["hill"]], TODAY), with_names=False)
    parts = region.by_child()
    brook, ridge = parts[office.units["brook"].pk][0], parts[office.units["ridge"].pk][0]
    # Two at Brook; with the region's nine shown, Ridge's seven would give them away.
    assert (brook.required, ridge.required) == (HIDDEN, HIDDEN)
    assert {row.percent for row in region.rows()} == {HIDDEN}
    office_alone = Seen(count_path([office.root, office.units["hill"], office.units["ridge"]], TODAY), with_names=False)
    assert {row.required for row in office_alone.rows()} == {HIDDEN}


def test_stars_stand_in_pages_and_files_alike(
    office: Office, clerks: list[User], service_officer: User, hr: User, client_for: ClientFor
) -> None:
    client, hill = client_for(service_officer), str(office.units["hill"].uuid)
    page = client.get("/coverage/", {"unit": hill}).content.decode()
    assert "groups of fewer than 5 people" in page
    assert "/coverage/people/" not in page
    file = client.get("/coverage/csv/", {"unit": hill}).content.decode()
    assert file.splitlines()[1].startswith("COC,9,*,*,*,*")
    assert client.get("/coverage/people/", {"unit": hill}).status_code == 403
    over_time = client.get("/coverage/over-time/", {"unit": hill}).content.decode()
    assert "is shown for Office of Public Works, Kestrel as a whole only" in over_time
    assert "COC,9,4,0,5,44.4" in client_for(hr).get("/coverage/csv/", {"unit": hill}).content.decode()


def test_the_trend_is_what_each_month_began_with(office: Office, clerks: list[User]) -> None:
    stored = count_path([office.root, office.units["hill"]], TODAY)
    for path in (stored, stored[:1]):
        months = trend.over_months(Seen(path, with_names=True))
        assert list(months)[-1] == date(2026, 3, 1)
        assert len(months) == 24
        for month in (date(2026, 3, 1), date(2025, 2, 1), date(2025, 1, 1)):
            expected = {row.target: row.in_date for row in count(path[-1].unit, month).rows()}
            found = {row.target: row.in_date for row in months[month].rows()}
            assert {name: found[name] for name in expected} == expected


def test_what_runs_out_counts_by_the_last_good_day_and_not_what_goes_on(office: Office, clerks: list[User]) -> None:
    (stored,) = count_path([office.root], TODAY)
    target = stored.targets[next(iter(stored.labels))]
    day = date(2026, 5, 10)
    _move(clerks[0], office.seat("ridge-new", unit="ridge"), day)
    count(office.root, TODAY)
    # Passed on 1 February 2025 for 24 months: good until 31 January 2027, the eleventh month from March 2026.
    assert trend.running_out(office.root, TODAY)[target] == [0] * 10 + [10] + [0]
    assert sum(trend.running_out(office.units["quay"], TODAY)[target]) == 6


def test_ages_count_from_when_somebody_was_last_not_overdue(office: Office, clerks: list[User]) -> None:
    (stored,) = count_path([office.root], TODAY)
    target = stored.targets[next(iter(stored.labels))]
    assert trend.overdue_by_age(office.root, TODAY)[target] == [0, 0, 0, 5]
    # Due 30 days after 1 January 2025: overdue since 1 February, wherever they sit since.
    _move(clerks[5], office.seat("brook-new", unit="brook"), date(2025, 2, 20))
    count(office.root, TODAY)
    first = date(2025, 2, 1)
    for days, ages in ((1, [5, 0, 0, 0]), (30, [5, 0, 0, 0]), (31, [0, 5, 0, 0]), (91, [0, 0, 0, 5])):
        found = trend.overdue_by_age(office.root, first + timedelta(days=days - 1))[target]
        assert (days, found) == (days, ages)


def test_the_gap_list_names_whoever_is_missing_after_a_purpose(
    office: Office, clerks: list[User], hr: User, client_for: ClientFor
) -> None:
    client = client_for(hr)
    assert "Why do you need to see these people?" in client.get("/coverage/people/").content.decode()
    page = _given_purpose(client).get("/coverage/people/", {"target": "COC"}).content.decode()
    missing = [*clerks[4:7], *clerks[13:]]
    assert [str(person(user)) in page for user in clerks] == [user in missing for user in clerks]
    assert "31 January 2025" in page
    passed = client.get("/coverage/people/", {"state": "in_date", "category": "CLERK"}).content.decode()
    assert [str(person(user)) in passed for user in clerks] == [user not in missing for user in clerks]
    file = b"".join(client.get("/coverage/people/csv/")).decode().splitlines()
    assert len(file) == 1 + len(missing)
    assert file[1].startswith("brook0 Clerk,")
    looks = AuditEntry.objects.filter(action__startswith="people behind figures", purpose="The month's follow-up.")
    assert looks.count() == 3


def test_a_supervisor_sees_the_own_line_without_being_asked(
    office: Office, clerks: list[User], learner: User, her_manager: User, client_for: ClientFor
) -> None:
    page = client_for(her_manager).get("/coverage/people/").content.decode()
    assert str(person(learner)) in page
    assert "brook0" not in page
    assert client_for(her_manager).get("/coverage/people/csv/").status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_every_page_asks_the_same_few_queries(
    office: Office, clerks: list[User], hr: User, service_officer: User, client_for: ClientFor, path: str
) -> None:
    for user in (hr, service_officer):
        client = client_for(user)
        _given_purpose(client)
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path, {"unit": str(office.units["hill"].uuid), "on": "2026-02-20"})
        assert len(queries) <= 15, "\n".join(query["sql"][:150] for query in queries)
