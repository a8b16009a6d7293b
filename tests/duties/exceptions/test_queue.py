"""The queue of exceptions: each kind from its facts, for whoever decides, gone once it is settled."""

import re
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Result
from lms.core.models import AuditEntry
from lms.duties import exempting, upkeep
from lms.duties.exceptions import extending, queue
from lms.duties.exceptions.findings import Kind
from lms.duties.models import ExceptionSeen
from lms.duties.targets import Target
from lms.organisation import hiring, leaves
from lms.organisation.models import PostHolding, User
from tests.cast import Office, person
from tests.duties.exceptions.reading import ClientFor, words_of
from tests.duties.making import BY, TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock


@pytest.fixture(autouse=True)
def _held(at: SetClock) -> None:
    at(TODAY)


def _kinds(user: User, *, integrity_only: bool = False) -> dict[Kind, str]:
    return {line.finding.kind: line.sentence for line in queue.of_person(person(user), integrity_only=integrity_only)}


def test_what_is_due_before_it_was_known_or_too_soon_for_the_course(
    office: Office, learner: User, colleague: User
) -> None:
    past, soon, fine = make_course("PAST"), make_course("SOON"), make_course("FINE")
    make_rule(office, past, due_days=10, from_day=date(2026, 1, 1))
    make_rule(office, soon, due_days=1, from_day=TODAY)
    make_rule(office, fine, due_days=30, from_day=TODAY)
    told = [line.sentence for line in queue.of_person(person(learner), integrity_only=False)]
    assert told == [
        "Course PAST: due by 11 January 2026, but nobody could know of it before 16 March 2026.",
        "Course SOON: due by 17 March 2026, 1 day after it was known. It takes 1 hour.",
    ]
    # Done, it is nothing to look at.
    pass_course(person(colleague), past, TODAY)
    pass_course(person(colleague), soon, TODAY)
    assert _kinds(colleague) == {}


def test_no_date_held_pulled_two_ways_and_an_exemption_that_ends(
    office: Office, learner: User, colleague: User, her_manager: User, stranger: User, hr: User
) -> None:
    desk, cash, ethics = make_course("DESK"), make_course("CASH"), make_course("ETH", holds_months=12)
    make_rule(office, desk, unit="brook", categories=("CLERK",), due_days=60, from_day=TODAY)
    leaves.record_leave(person(learner), from_day=TODAY - timedelta(days=3), by=BY)
    assert _kinds(learner) == {
        Kind.UNKNOWN_DATE: "Course DESK: no due day: the days stand still during a leave that has no end."
    }
    # Two posts, two days.
    hiring.appoint(person(colleague), office.posts["quay-clerk"], from_day=TODAY, kind=PostHolding.Kind.ACTING, by=BY)
    make_rule(office, desk, unit="coast", due_days=20, from_day=TODAY)
    assert _kinds(colleague) == {
        Kind.TWO_WAYS: "Course DESK: due by 5 April 2026 through Counter clerk, Quay office, by 15 May 2026 through"
        " Counter clerk, Brook office; the earlier day counts."
    }
    # Exempt from one of two that would do.
    make_rule(office, desk, cash, unit="ridge", due_days=60, from_day=TODAY)
    hiring.transfer(person(stranger), to=office.posts["ridge-clerk"], on=TODAY, by=BY)
    exempting.exempt(
        person(stranger), cash, from_day=TODAY, until=TODAY + timedelta(days=20), reason="Why.", approver=hr, by=hr
    )
    assert _kinds(stranger) == {
        Kind.TWO_WAYS: "Course CASH or Course DESK: exempt from Course CASH only, so another course that would do is still asked for.",
        Kind.EXEMPTION_ENDS: "Course CASH: the exemption ends; its last day is 4 April 2026.",
    }
    # Brought from elsewhere, and about to run out.
    make_rule(office, ethics, unit="brook", categories=("LEAD",), due_days=60, from_day=TODAY)
    pass_course(person(her_manager), ethics, date(2025, 4, 10), source=Result.Source.IMPORTED)
    assert _kinds(her_manager) == {Kind.HELD: "Course ETH: what was brought from elsewhere runs out on 9 April 2026."}


def test_the_list_is_for_ones_units_and_a_line_goes_once_it_is_left_as_it_is(
    office: Office, learner: User, stranger: User, hr: User, her_manager: User, client_for: ClientFor
) -> None:
    course = make_course("COC", title="Code of conduct")
    make_rule(office, course, categories=("CLERK",), due_days=10)
    upkeep.work_off()
    client, address = client_for(hr), reverse("exceptions")
    told = words_of(client.get(address))
    assert "2 exceptions" in told
    assert "Lindiwe Okoro" in told
    assert "Lindiwe Okoro" not in words_of(client.get(address, {"unit": str(office.units["quay"].uuid)}))
    assert client_for(her_manager).get(address).status_code == 403
    [first, _second] = re.findall(r'href="(/requirements/exceptions/[^"]+)"', client.get(address).content.decode())
    assert "says why" not in words_of(client.post(first, {"reason": " "}))
    client.post(first, {"reason": "Back in a week."})
    client.post(first, {"reason": "Back in a week."})
    assert ExceptionSeen.objects.count() == AuditEntry.objects.filter(action="exception left as it is").count() == 1
    assert "1 exception " in words_of(client.get(address))
    assert client.get(first).status_code == 404


def test_what_was_left_comes_back_when_the_facts_are_different(office: Office, learner: User) -> None:
    course = make_course("COC", title="Code of conduct")
    make_rule(office, course, due_days=10, from_day=date(2026, 1, 1))
    [line] = queue.of_person(person(learner), integrity_only=False)
    ExceptionSeen.objects.create(person=person(learner), says=line.finding.says, reason="Why.", by_rule="a test")
    assert _kinds(learner) == {}
    make_rule(office, course, unit="brook", due_days=5, from_day=date(2026, 1, 1))
    assert Kind.TOO_LITTLE_TIME in _kinds(learner)


def test_a_request_comes_first_and_the_integrity_unit_sees_its_courses_only(
    office: Office, learner: User, integrity_officer: User, hr: User, client_for: ClientFor
) -> None:
    conduct, desk = make_course("COC", title="Code of conduct", is_integrity=True), make_course("DESK")
    for course in (conduct, desk):
        make_rule(office, course, categories=("CLERK",), due_days=40, from_day=TODAY)
        target = Target.any_of([course.pk])
        extending.ask(person(learner), target, until=date(2026, 6, 1), reason="Flood.", by=learner)
    told = words_of(client_for(integrity_officer).get(reverse("exceptions")))
    assert "1 exception " in told
    assert "Code of conduct: more time is asked for, until 1 June 2026." in told
    assert "2 exceptions" in words_of(client_for(hr).get(reverse("exceptions")))


def test_fifteen_queries_however_many_people_and_a_word_where_there_are_more(
    office: Office, hr: User, learner: User, settings: LazySettings, client_for: ClientFor
) -> None:
    course = make_course("COC", title="Code of conduct")
    make_rule(office, course, categories=("CLERK",), due_days=10)
    client, counts = client_for(hr), []
    for number in range(2):
        upkeep.work_off()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("exceptions"))
        counts.append(len(queries))
        for seat in range(3):
            office.hire("Clerk", f"C{number}{seat}", office.seat(f"c{number}{seat}", unit="quay"))
    assert counts[0] == counts[1] <= 15
    settings.EXCEPTIONS_LOOKED_AT = 2
    told = words_of(client.get(reverse("exceptions")))
    assert "These are the first 2 people with something open." in told
