"""The assessor's sheet: who may judge whom, what is refused, and what follows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import course_page, observing
from assessments.models import AssessorSheet
from courses.models import CourseVersion, CriterionDecision, CriterionVersion, Enrolment, Result
from lms.core.errors import Refused
from lms.organisation import grants
from lms.organisation.models import Role, User
from tests.assessments import making
from tests.cast import BY, SINCE, Office, person

ClientFor = Callable[[User], Client]
Outcome = CriterionDecision.Outcome
SHEET: dict[str, Any] = {
    "kind": "observation",
    "observed_on": "2026-03-02",
    "place": "Brook office, counter 2",
    "seen": ["0"],
    "valid": "on",
    "authentic": "on",
    "current": "on",
    "sufficient": "on",
    "outcome": "competent",
    "reason": "",
}


@pytest.fixture
def observed(enrolment: Enrolment) -> CriterionVersion:
    """The criterion that an assessor judges."""
    return CriterionVersion.objects.get(criterion__code="D1.C3")


@pytest.fixture
def path(enrolment: Enrolment) -> str:
    """The sheet's address for Lindiwe."""
    return f"/marking/{enrolment.person.uuid}/DUTY/D1.C3/"


def _observation(**more: Any) -> observing.Observation:
    fields = {
        "kind": "observation",
        "observed_on": date(2026, 3, 2),
        "place": "Counter 2",
        "outcome": Outcome.COMPETENT,
        "is_valid": True,
        "is_authentic": True,
        "is_current": True,
        "is_sufficient": True,
    }
    return observing.Observation(**{**fields, **more})


def test_a_sheet_decides_the_criterion(path: str, client_for: ClientFor, assessor: User, enrolment: Enrolment) -> None:
    response = client_for(assessor).post(path, SHEET, follow=True)
    assert "Your decision on Lindiwe Okoro is recorded." in response.content.decode()
    sheet = AssessorSheet.objects.get()
    assert (sheet.person, sheet.place, sheet.seen, sheet.by_user) == (
        enrolment.person,
        "Brook office, counter 2",
        [0],
        assessor,
    )
    decision = CriterionDecision.objects.get()
    assert (decision.outcome, decision.evidence_uuid, decision.place) == (Outcome.COMPETENT, sheet.uuid, sheet.place)
    assert decision.is_valid
    assert decision.is_sufficient


def test_the_sheet_sent_twice_is_one_sheet(path: str, client_for: ClientFor, assessor: User) -> None:
    for _time in range(2):
        client_for(assessor).post(path, SHEET)
    assert AssessorSheet.objects.count() == CriterionDecision.objects.count() == 1


def test_the_last_evidence_may_bring_the_result(course: CourseVersion, enrolment: Enrolment, assessor: User) -> None:
    course.certified.exclude(evidence="observation").delete()
    observing.judge(enrolment, CriterionVersion.objects.get(criterion__code="D1.C3"), _observation(), by=assessor)
    assert Result.objects.get().person == enrolment.person


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"observed_on": "2026-03-03"}, "lies in the future"),
        ({"observed_on": "2026-02-27"}, "counts from 2 March 2026"),
        ({"observed_on": "yesterday"}, "valid date"),
        ({"place": ""}, "required"),
        ({"place": "x" * 100_000}, "at most 200"),
        ({"sufficient": ""}, "all four ticks"),
        ({"outcome": "not_yet_competent"}, "Say why"),
        ({"outcome": "evidence_outstanding", "reason": "   "}, "Say why"),
        ({"outcome": "recognised"}, "valid choice"),
        ({"reason": "x" * 100_000}, "at most 10000"),
        ({"seen": ["7"]}, "signs shown here"),
        ({"kind": "product"}, "does not take this kind of evidence"),
        ({"kind": ""}, "required"),
    ],
)
def test_a_bad_sheet_is_refused_with_words(
    path: str, client_for: ClientFor, assessor: User, change: dict[str, Any], words: str
) -> None:
    response = client_for(assessor).post(path, {**SHEET, **change})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not AssessorSheet.objects.exists()
    assert not CriterionDecision.objects.exists()


def test_not_yet_competent_reaches_the_learner_with_its_reason(
    path: str, client_for: ClientFor, assessor: User, enrolment: Enrolment
) -> None:
    data = {**SHEET, "outcome": "not_yet_competent", "reason": "Ask before you help.", "sufficient": ""}
    client_for(assessor).post(path, data)
    step = course_page.steps(enrolment)[1]
    assert not step.is_done
    assert step.detail == "Not yet competent. Ask before you help."
    assert step.minutes == 20


def test_before_the_visit_the_learner_reads_what_will_happen(enrolment: Enrolment) -> None:
    assert course_page.steps(enrolment)[1].detail == "An assessor watches you at your counter."


def test_nobody_judges_themselves(
    course: CourseVersion, assessor: User, observed: CriterionVersion, client_for: ClientFor
) -> None:
    own = making.enrol(person(assessor), course)
    with pytest.raises(Refused, match="Nobody assesses themselves"):
        observing.judge(own, observed, _observation(), by=assessor)
    response = client_for(assessor).get(f"/marking/{person(assessor).uuid}/DUTY/D1.C3/")
    assert response.status_code == 403


def test_nobody_judges_who_reports_to_them(
    office: Office,
    enrolment: Enrolment,
    her_manager: User,
    observed: CriterionVersion,
    path: str,
    client_for: ClientFor,
) -> None:
    grants.grant(her_manager, Role.ASSESSOR, office.units["hill"], from_day=SINCE, by=BY)
    with pytest.raises(Refused, match="reports to you"):
        observing.judge(enrolment, observed, _observation(), by=her_manager)
    client = client_for(her_manager)
    page = client.get(path).content.decode()
    assert "reports to you" in page
    assert "Record the decision" not in page
    assert client.post(path, SHEET).status_code == 422
    assert not AssessorSheet.objects.exists()


def test_competent_without_all_ticks_is_refused_by_the_database_too(
    enrolment: Enrolment, observed: CriterionVersion, assessor: User
) -> None:
    with pytest.raises(Refused, match="tick all four"), transaction.atomic():
        observing.judge(enrolment, observed, _observation(is_valid=False), by=assessor)
    sheet = observing.judge(enrolment, observed, _observation(), by=assessor)
    sheet.pk, sheet.is_valid = None, False
    sheet._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet.save(force_insert=True)


@pytest.mark.parametrize(("who", "status"), [("stranger", 403), ("hr", 403), ("learner", 403), ("assessor", 200)])
def test_the_list_is_for_assessors(
    client_for: ClientFor, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    assert client_for(request.getfixturevalue(who)).get("/marking/").status_code == status


def test_the_list_shows_who_waits_in_the_assessors_units(
    enrolment: Enrolment, course: CourseVersion, stranger: User, assessor: User, client_for: ClientFor, path: str
) -> None:
    making.enrol(person(stranger), course)
    making.enrol(person(assessor), course)
    page = client_for(assessor).get("/marking/").content.decode()
    assert "Lindiwe Okoro" in page
    assert path in page
    assert "Sione Latu" not in page
    assert page.count("Write the sheet for D1.C3") == 1


def test_who_was_judged_competent_leaves_the_list(
    enrolment: Enrolment, observed: CriterionVersion, assessor: User, client_for: ClientFor
) -> None:
    observing.judge(enrolment, observed, _observation(), by=assessor)
    assert "Nobody waits for you now" in client_for(assessor).get("/marking/").content.decode()


@pytest.mark.parametrize(
    ("search", "is_found"),
    [("okoro", True), ("lindi ok", True), ("K100", True), ("Latu", False), ("\x00", True), ("x" * 5000, False)],
)
def test_the_search_finds_by_name_and_number(
    enrolment: Enrolment, assessor: User, client_for: ClientFor, search: str, is_found: bool
) -> None:
    page = client_for(assessor).get("/marking/", {"q": search}).content.decode()
    assert ("Lindiwe Okoro" in page) is is_found


def test_a_sheet_for_somebody_elsewhere_is_not_found(
    course: CourseVersion, stranger: User, assessor: User, client_for: ClientFor
) -> None:
    making.enrol(person(stranger), course)
    assert client_for(assessor).get(f"/marking/{person(stranger).uuid}/DUTY/D1.C3/").status_code == 404


@pytest.mark.parametrize("rest", ["DUTY/D1.C1/", "DUTY/NO.C9/", "NOPE/D1.C3/"])
def test_only_what_a_sheet_can_show_has_one(
    enrolment: Enrolment, assessor: User, client_for: ClientFor, rest: str
) -> None:
    assert client_for(assessor).get(f"/marking/{enrolment.person.uuid}/{rest}").status_code == 404


def test_the_sheet_shows_what_to_look_for(path: str, assessor: User, client_for: ClientFor) -> None:
    page = client_for(assessor).get(path).content.decode()
    for words in ("Sit and watch.", "Greets", "Asks", "Can do D1.C3.", "not another one"):
        assert words in page


def test_the_list_takes_as_many_queries_for_one_as_for_ten(
    office: Office, course: CourseVersion, enrolment: Enrolment, assessor: User, client_for: ClientFor
) -> None:
    client = client_for(assessor)
    client.get("/marking/")
    counts = []
    for more in (0, 9):
        for number in range(more):
            seat = office.seat(f"more-{number}", unit="brook")
            making.enrol(person(office.hire(f"Clerk{number}", "More", seat)), course)
        with CaptureQueriesContext(connection) as seen:
            client.get("/marking/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
