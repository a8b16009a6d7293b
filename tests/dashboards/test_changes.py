"""What changed, and documents to sign: from the rule to the learner's own page and back in date."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from courses.models import Acknowledgement, ChangesRead
from lms.duties.coverage import coverage
from lms.duties.duties import duties_of
from lms.duties.spans import State
from lms.organisation.models import User
from tests.cast import Office, person
from tests.duties.making import (
    TODAY,
    make_course,
    make_document,
    make_rule,
    pass_course,
    publish_meaning,
    replace_document,
)
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
LATER = TODAY + timedelta(days=31)


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def holder(office: Office) -> User:
    return office.hire("Nadia", "Nkosi", "brook-clerk", from_day=date(2024, 1, 1))


def my_page(client: Client) -> str:
    return " ".join(client.get("/my/").content.decode().split())


def state_of(user: User, on: date) -> State:
    (duty,) = duties_of(person(user), on)
    return duty.state


def test_a_holder_reads_what_changed_and_stays_in_date(office: Office, holder: User, client_for: ClientFor) -> None:
    course = make_course("COC", title="Code of conduct")
    make_rule(office, course, from_day=date(2024, 1, 1))
    pass_course(person(holder), course, date(2026, 1, 5))
    publish_meaning(course, on=TODAY)
    publish_meaning(course, on=TODAY)
    assert [state_of(holder, TODAY), state_of(holder, LATER)] == [State.IN_DATE, State.OVERDUE]
    client = client_for(holder)
    page = my_page(client)
    assert "Read what changed in Code of conduct." in page
    assert "Read it by 15 April 2026" in page
    assert 'href="/learn/COC/changes/"' in page
    shown = client.get("/learn/COC/changes/").content.decode()
    assert shown.index("What changed in version 3.") > 0 < shown.index("What changed in version 2.")
    for _twice in range(2):
        assert client.post("/learn/COC/changes/").status_code == 302
    assert ChangesRead.objects.get().course_version.number == 3
    assert "There is nothing new for you" in client.get("/learn/COC/changes/").content.decode()
    assert state_of(holder, LATER) == State.IN_DATE


def test_reading_late_leaves_the_days_between_out_of_date(
    office: Office, holder: User, client_for: ClientFor, at: SetClock
) -> None:
    course = make_course("COC", title="Code of conduct")
    make_rule(office, course, from_day=date(2024, 1, 1))
    pass_course(person(holder), course, date(2026, 1, 5))
    publish_meaning(course, on=TODAY)
    at(LATER + timedelta(days=4))
    client = client_for(holder)
    assert "Read it, and you are in date again." in my_page(client)
    client.post("/learn/COC/changes/")
    days = [LATER - timedelta(days=1), LATER, LATER + timedelta(days=3), LATER + timedelta(days=4)]
    assert [row.overdue for day in days for row in coverage(office.root, day)] == [0, 1, 1, 0]


def test_a_document_is_signed_in_the_library_and_again_when_it_is_replaced(
    office: Office, holder: User, client_for: ClientFor
) -> None:
    document = make_document("sop", title="Complaints procedure")
    first = replace_document(document, date(2026, 1, 1))
    make_rule(office, document=document, from_day=date(2026, 3, 1), due_days=30)
    client = client_for(holder)
    assert "Read Complaints procedure and put your name to it." in my_page(client)
    client.post(f"/library/sop/{first.uuid}/")
    assert Acknowledgement.objects.get().document_version == first
    assert state_of(holder, LATER) == State.IN_DATE
    (row,) = coverage(office.root, TODAY, target=document)
    assert (row.target, row.in_date, row.required) == ("sop", 1, 1)
    second = replace_document(document, TODAY)
    assert "There is a new version. Sign it by 15 April 2026" in my_page(client)
    assert [state_of(holder, TODAY), state_of(holder, LATER)] == [State.IN_DATE, State.OVERDUE]
    assert client.post(f"/library/sop/{second.uuid}/").status_code == 302
    assert state_of(holder, LATER) == State.IN_DATE


def test_a_result_that_holds_until_a_document_is_replaced_asks_to_read_the_new_one(
    office: Office, holder: User, client_for: ClientFor
) -> None:
    document = make_document("sop", title="Complaints procedure")
    replace_document(document, date(2026, 1, 1))
    course = make_course("CMP", title="Complaints", holds_months=None)
    course.versions.update(holds_document=document)
    make_rule(office, course, from_day=date(2024, 1, 1))
    pass_course(person(holder), course, date(2026, 1, 5))
    second = replace_document(document, TODAY)
    assert [state_of(holder, TODAY), state_of(holder, LATER)] == [State.IN_DATE, State.OVERDUE]
    client = client_for(holder)
    assert "What is new in version 2." in client.get("/learn/CMP/changes/").content.decode()
    client.post("/learn/CMP/changes/")
    assert Acknowledgement.objects.get().document_version == second
    assert state_of(holder, LATER) == State.IN_DATE
