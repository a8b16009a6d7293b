"""What a learner reads after the paper, and what an assessor may read of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assessments import answering, starting, submitting
from assessments.models import Attempt, Kind
from courses.models import CourseVersion, Enrolment
from lms.core.models import AuditEntry
from lms.organisation.models import User
from tests.assessments import making
from tests.assessments.conftest import Answer
from tests.cast import person
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


def _result(client: Client, attempt: Attempt) -> str:
    return client.get(reverse("attempt_result", args=[attempt.uuid])).content.decode()


def test_an_open_attempt_has_no_result_yet(attempt: Attempt, client_for: ClientFor, learner: User) -> None:
    response = client_for(learner).get(reverse("attempt_result", args=[attempt.uuid]))
    assert response["Location"] == reverse("attempt", args=[attempt.uuid])


def test_a_criterion_not_yet_met_says_what_to_retake_and_when(
    attempt: Attempt, client_for: ClientFor, learner: User, answer: Answer
) -> None:
    answer(attempt, wrong={"D1.C2"})
    submitting.submit(attempt, by=learner)
    page = _result(client_for(learner), attempt)
    assert "Not everything is shown yet" in page
    assert "<li>Can do D1.C2.</li>" in page
    assert "<li>Can do D1.C1.</li>" not in page
    assert "The paper opens again on 5 March 2026." in page
    assert "You have 2 tries left." in page
    assert "2 of 2 points" in page
    assert "0 of 2 points" in page


def test_the_right_answer_is_named_only_where_the_criterion_is_met(
    enrolment: Enrolment, client_for: ClientFor, learner: User, monday: None
) -> None:
    version = making.make_course("KEYS", questions=5, draw=5)
    attempt = starting.start(making.enrol(person(learner), version), by=learner)
    for question in attempt.questions.select_related("question_version", "criterion_version__criterion"):
        kind = question.question_version.kind
        is_first = question.criterion_version.criterion.code == "D1.C1"
        given = making.right_answer(kind) if is_first and kind != Kind.SINGLE_CHOICE else [2]
        if is_first or kind == Kind.SINGLE_CHOICE:
            answering.save(question, given, client="test-tab", sequence=question.position, by=learner)
    submitting.submit(attempt, by=learner)
    page = _result(client_for(learner), attempt)
    # Both criteria have the wrong choice in their single-choice question; only the first is met.
    assert page.count("He still has a right to the service.") == 2
    assert page.count("Right is: Hand it back") == 1
    assert page.count("Because of trust.") == 10


def test_a_critical_error_is_named(client_for: ClientFor, learner: User, monday: None, answer: Answer) -> None:
    version = making.make_course("CRIT", questions=5, draw=5)
    attempt = starting.start(making.enrol(person(learner), version), by=learner)
    answer(attempt)
    question = attempt.questions.filter(
        question_version__kind=Kind.SINGLE_CHOICE, criterion_version__criterion__code="D1.C1"
    )[0]
    answering.save(question, [1], client="another-tab", sequence=1, by=learner)
    submitting.submit(attempt, by=learner)
    page = _result(client_for(learner), attempt)
    assert "One of your choices is a critical error" in page
    assert "The bribe is taken." in page


def test_once_the_paper_is_done_the_assessor_is_next(
    attempt: Attempt, client_for: ClientFor, learner: User, answer: Answer
) -> None:
    answer(attempt)
    submitting.submit(attempt, by=learner)
    page = _result(client_for(learner), attempt)
    assert "The paper is done" in page
    assert "<li>Can do D1.C3.</li>" in page


def test_who_passed_hears_of_the_certificate(
    course: CourseVersion, client_for: ClientFor, learner: User, answer: Answer
) -> None:
    course.certified.filter(evidence="observation").delete()
    attempt = starting.start(making.enrol(person(learner), course), by=learner)
    answer(attempt)
    submitting.submit(attempt, by=learner)
    page = _result(client_for(learner), attempt)
    assert "You have passed" in page
    assert "certificate is being made" in page


def test_after_the_last_try_a_talk_comes_first(
    enrolment: Enrolment, client_for: ClientFor, learner: User, at: SetClock
) -> None:
    for day in ("2026-03-02", "2026-03-09", "2026-03-16"):
        at(day)
        attempt = starting.start(enrolment, by=learner)
        submitting.submit(attempt, by=learner)
    page = _result(client_for(learner), attempt)
    assert "You have used all your tries." in page
    assert "opens again" not in page


def test_an_assessor_reads_the_attempt_as_a_story(
    attempt: Attempt, client_for: ClientFor, learner: User, assessor: User, answer: Answer, at: SetClock
) -> None:
    answer(attempt)
    at("2026-03-02T09:45:10")
    with pytest.raises(answering.TooLate):
        answering.save(attempt.questions.get(position=1), None, client="second-tab", sequence=1, by=learner)
    submitting.submit(attempt, by=learner)
    page = client_for(assessor).get(reverse("attempt_review", args=[attempt.uuid])).content.decode()
    for words in (
        "Lindiwe Okoro",
        "09:45:10",
        "Late",
        "taken back",
        "Begun: 2 March 2026, 09:00:00",
        "marking of papers v1",
    ):
        assert words in page
    look = AuditEntry.objects.get(action="read an attempt")
    assert look.by_user == assessor
    assert look.subject_id == str(attempt.uuid)


def test_an_assessor_may_look_before_it_is_handed_in(attempt: Attempt, client_for: ClientFor, assessor: User) -> None:
    page = client_for(assessor).get(reverse("attempt_review", args=[attempt.uuid])).content.decode()
    assert "Not handed in yet." in page
    assert "right is" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("integrity_officer", 403),
        ("hr", 403),
        ("her_manager", 403),
        ("auditor", 403),
        ("stranger", 404),
        ("colleague", 404),
    ],
)
def test_answers_are_for_assessors_only(
    attempt: Attempt, client_for: ClientFor, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client = client_for(request.getfixturevalue(who))
    assert client.get(reverse("attempt_review", args=[attempt.uuid])).status_code == status
    assert client.get(reverse("attempt_result", args=[attempt.uuid])).status_code == 404
    assert not AuditEntry.objects.filter(action="read an attempt").exists()


def test_a_learner_is_led_to_her_own_result(attempt: Attempt, client_for: ClientFor, learner: User) -> None:
    response = client_for(learner).get(reverse("attempt_review", args=[attempt.uuid]))
    assert response["Location"] == reverse("attempt_result", args=[attempt.uuid])
