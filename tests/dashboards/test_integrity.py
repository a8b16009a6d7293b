"""The integrity unit's pages: status, never results per criterion."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Course
from lms.core.models import AuditEntry
from lms.organisation.models import User
from tests.cast import Office, person
from tests.dashboards.test_team import judged, text
from tests.duties.making import TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def coc(office: Office) -> Course:
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, categories=("CLERK",), from_day=date(2026, 1, 1))
    other = make_course("COUNTER", title="At the counter")
    make_rule(office, other, categories=("CLERK",), from_day=date(2026, 1, 1))
    return course


def test_status_across_all_units_for_integrity_courses_only(
    office: Office, integrity_officer: User, learner: User, stranger: User, coc: Course, client_for: ClientFor
) -> None:
    pass_course(person(learner), coc, date(2026, 2, 2))
    client = client_for(integrity_officer)
    page = text(client, "/integrity/")
    assert "2 February 2026" in page
    assert "Sione Latu" in page
    assert "50.0" in page
    assert "At the counter" not in page
    found = text(client, "/integrity/", q="lindi")
    assert "Lindiwe Okoro" in found
    assert "Sione Latu" not in found
    overdue = text(client, "/integrity/", state="overdue")
    assert "Lindiwe Okoro" not in overdue
    assert "Nobody was found" in text(client, "/integrity/", q="nobody")


def test_a_persons_status_is_seen_with_a_purpose_and_nothing_else_is(
    office: Office, integrity_officer: User, learner: User, stranger: User, coc: Course, client_for: ClientFor
) -> None:
    pass_course(person(learner), coc, date(2026, 2, 2))
    client = client_for(integrity_officer)
    address = f"/integrity/{person(learner).uuid}/"
    assert "Why do you need to see this record?" in text(client, address)
    page = client.post(address, {"purpose": "Yearly report."}, follow=True).content.decode()
    assert "Competent since 2 February 2026." in page
    assert "At the counter" not in page
    # Asked once in a sitting, written down with every look.
    text(client, f"/integrity/{person(stranger).uuid}/")
    looks = AuditEntry.objects.filter(action="integrity status seen", purpose="Yearly report.")
    assert {look.subject_id for look in looks} == {str(person(learner).uuid), str(person(stranger).uuid)}


def test_results_by_criterion_are_refused_by_address_too(
    office: Office, integrity_officer: User, stranger: User, coc: Course, client_for: ClientFor
) -> None:
    judged(stranger, coc)
    client = client_for(integrity_officer)
    assert client.get(f"/team/{person(stranger).uuid}/").status_code == 403
    page = client.post(f"/integrity/{person(stranger).uuid}/", {"purpose": "Report."}, follow=True).content.decode()
    assert "Treats people alike." not in page


def test_the_pages_are_for_the_integrity_unit(
    office: Office, learner: User, her_manager: User, auditor: User, client_for: ClientFor
) -> None:
    for user in (learner, her_manager, auditor):
        assert client_for(user).get("/integrity/").status_code == 403
        assert client_for(user).get(f"/integrity/{person(learner).uuid}/").status_code == 403


def test_with_nothing_required_the_page_says_what_to_do(
    office: Office, integrity_officer: User, client_for: ClientFor
) -> None:
    assert "No integrity course is required of anybody yet." in text(client_for(integrity_officer), "/integrity/")


@pytest.mark.parametrize("how_many", [3, 30])
def test_the_number_of_queries_does_not_grow(
    office: Office, integrity_officer: User, coc: Course, client_for: ClientFor, how_many: int
) -> None:
    for number in range(how_many):
        office.hire(f"Ann{number}", "Other", office.seat(f"extra-{number}", unit="ridge"))
    client = client_for(integrity_officer)
    client.get("/integrity/")
    with CaptureQueriesContext(connection) as queries:
        page = text(client, "/integrity/")
    assert page.count("Other") == min(how_many, 25)
    assert len(queries) == 10
