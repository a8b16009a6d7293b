"""A supervisor's people, and one person's record."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses import decisions, enrolling
from courses.models import (
    CertifiedCriterion,
    Course,
    Criterion,
    CriterionVersion,
    EvidenceKind,
    StudyUnit,
)
from lms.core.models import AuditEntry
from lms.organisation import hiring
from lms.organisation.models import User
from tests.cast import BY, Office, person
from tests.duties.making import TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def coc(office: Office) -> Course:
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, categories=("CLERK",), from_day=date(2026, 1, 1), title="Clerks know the code")
    return course


def text(client: Client, path: str, **query: str) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def judged(user: User, course: Course) -> None:
    """The person met one criterion of the course."""
    version = course.versions.get()
    criterion = Criterion.objects.create(unit=StudyUnit.objects.create(code="U1", title="One"), code="U1.C4")
    wording = CriterionVersion.objects.create(criterion=criterion, number=1, text="Treats people alike.")
    CertifiedCriterion.objects.create(course_version=version, criterion_version=wording, evidence=EvidenceKind.PAPER)
    enrolment = enrolling.enrol(person(user), course, by=user)
    evidence = decisions.Evidence(EvidenceKind.PAPER, enrolment, Decimal(2), Decimal(10))
    decisions.record(person(user), wording, course_version=version, evidence=evidence, by=BY)


def test_a_supervisor_sees_who_is_due_overdue_and_in_date(
    office: Office,
    her_manager: User,
    learner: User,
    colleague: User,
    stranger: User,
    coc: Course,
    client_for: ClientFor,
) -> None:
    pass_course(person(learner), coc, date(2026, 2, 2))
    client = client_for(her_manager)
    page = text(client, "/team/")
    assert "Lindiwe Okoro" in page
    assert "Competent since" in page
    assert "It was due by 31 January 2026, 44 days ago." in page
    assert "Sione Latu" not in page
    overdue = text(client, "/team/", state="overdue")
    assert "Ravi Pillay" in overdue
    assert "Lindiwe Okoro" not in overdue
    assert "Nobody in your team is in this state" in text(client, "/team/", state="exempt")
    assert "Ravi Pillay" in text(client, "/team/", course="Code of conduct")


def test_an_acting_supervisor_sees_the_team_and_who_leads_nobody_does_not(
    office: Office, learner: User, colleague: User, coc: Course, client_for: ClientFor
) -> None:
    assert client_for(learner).get("/team/").status_code == 403
    hiring.act(person(learner), office.posts["brook-lead"], from_day=TODAY, by=BY)
    assert "Ravi Pillay" in text(client_for(learner), "/team/")


def test_who_has_no_team_is_told_where_to_look(office: Office, hr: User, client_for: ClientFor) -> None:
    assert "Nobody reports to you today." in text(client_for(hr), "/team/")


def test_a_supervisor_opens_a_record_and_the_look_is_recorded(
    office: Office, her_manager: User, learner: User, coc: Course, client_for: ClientFor
) -> None:
    judged(learner, coc)
    page = text(client_for(her_manager), f"/team/{person(learner).uuid}/")
    assert "Code of conduct" in page
    assert "Why: Clerks know the code." in page
    assert "Treats people alike." in page
    assert "Not yet competent" in page
    assert "0 attempts at papers" in page
    assert f"/staff/{person(learner).uuid}/" in page
    entry = AuditEntry.objects.get(action="training record seen")
    assert (entry.by_user, entry.subject_id, entry.purpose) == (her_manager, str(person(learner).uuid), "")


def test_a_look_outside_the_own_line_asks_for_a_purpose_first(
    office: Office, hr: User, learner: User, coc: Course, client_for: ClientFor
) -> None:
    client = client_for(hr)
    address = f"/team/{person(learner).uuid}/"
    asked = text(client, address)
    assert "Why do you need to see this record?" in asked
    assert "Clerks know the code" not in asked
    assert "There is a problem" in client.post(address, {"purpose": ""}).content.decode()
    assert not AuditEntry.objects.filter(action="training record seen").exists()
    shown = client.post(address, {"purpose": "She asked for an exemption."}, follow=True).content.decode()
    assert "Clerks know the code" in shown
    assert AuditEntry.objects.get(action="training record seen").purpose == "She asked for an exemption."


def test_strangers_are_not_found_and_roles_without_records_are_refused(
    office: Office,
    her_manager: User,
    stranger: User,
    learner: User,
    integrity_officer: User,
    administrator: User,
    coc: Course,
    client_for: ClientFor,
) -> None:
    assert client_for(her_manager).get(f"/team/{person(stranger).uuid}/").status_code == 404
    assert client_for(her_manager).get("/team/6f1d0a52-3f0e-4a9b-9d43-000000000000/").status_code == 404
    for user in (stranger, integrity_officer, administrator):
        assert client_for(user).get(f"/team/{person(learner).uuid}/").status_code == 403


def test_links_to_answers_are_for_those_who_may_see_them(
    office: Office, assessor: User, learner: User, coc: Course, client_for: ClientFor
) -> None:
    client = client_for(assessor)
    address = f"/team/{person(learner).uuid}/"
    page = client.post(address, {"purpose": "I assess her on Friday."}, follow=True).content.decode()
    assert "Posts, sign-in and one-time codes" not in page
    assert "Results by criterion" in page


@pytest.mark.parametrize("how_many", [3, 30])
def test_the_number_of_queries_does_not_grow(
    office: Office, her_manager: User, coc: Course, client_for: ClientFor, how_many: int
) -> None:
    for number in range(how_many):
        seat = office.seat(f"extra-{number}", unit="brook", reports_to="brook-lead")
        user = office.hire(f"Ann{number}", "Other", seat, from_day=TODAY - timedelta(days=number))
        if number % 2:
            pass_course(person(user), coc, TODAY)
    client = client_for(her_manager)
    client.get("/team/")
    with CaptureQueriesContext(connection) as queries:
        page = text(client, "/team/")
    assert page.count("Other") == how_many
    assert len(queries) == 10
