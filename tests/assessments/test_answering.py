"""Answers are steps: receipted, never lost, never doubled."""

import pytest

from assessments import answering, submitting
from assessments.models import AnswerStep, Attempt, AttemptQuestion
from lms.core.errors import Refused
from lms.core.events import EventIsFinal
from lms.organisation.models import User
from tests.plugins.time import SetClock

ONE, TWO = "aaaaaaaa-1", "bbbbbbbb-2"


@pytest.fixture
def question(attempt: Attempt) -> AttemptQuestion:
    """The first question of the attempt."""
    return attempt.questions.get(position=1)


def _standing(attempt: Attempt, question: AttemptQuestion) -> object:
    return answering.standing(attempt)[question.pk].answer


def test_a_receipt_names_the_step(question: AttemptQuestion, learner: User, at: SetClock) -> None:
    at("2026-03-02T09:05:06")
    receipt = answering.save(question, [1], client=ONE, sequence=1, by=learner)
    assert receipt.as_json() == {"client": ONE, "sequence": 1, "clock": 1, "time": "09:05:06"}
    assert AnswerStep.objects.get().answer == [1]


def test_the_same_step_again_gives_the_same_receipt(question: AttemptQuestion, learner: User, at: SetClock) -> None:
    first = answering.save(question, [1], client=ONE, sequence=1, by=learner)
    at("2026-03-02T09:30:00")
    assert answering.save(question, [1], client=ONE, sequence=1, by=learner) == first
    assert AnswerStep.objects.count() == 1


def test_a_copied_tab_with_the_same_name_loses_nothing(
    attempt: Attempt, question: AttemptQuestion, learner: User
) -> None:
    answering.save(question, [1], client=ONE, sequence=1, by=learner)
    receipt = answering.save(question, [2], client=ONE, sequence=1, by=learner)
    assert receipt.sequence == 2
    assert _standing(attempt, question) == [2]


def test_the_last_answer_of_two_tabs_stands(attempt: Attempt, question: AttemptQuestion, learner: User) -> None:
    answering.save(question, [1], client=TWO, sequence=1, by=learner)
    answering.save(question, [2], client=ONE, sequence=1, by=learner)
    assert _standing(attempt, question) == [2]


def test_a_step_sent_again_does_not_overrule_what_came_after_it(
    attempt: Attempt, question: AttemptQuestion, learner: User
) -> None:
    answering.save(question, [0], client=ONE, sequence=1, by=learner)
    answering.save(question, [1], client=TWO, sequence=1, by=learner)
    answering.save(question, [1, 2], client=TWO, sequence=2, by=learner)
    late_comer = answering.save(question, [2], client=ONE, sequence=2, seen=1, by=learner)
    assert late_comer.clock == 2
    assert _standing(attempt, question) == [1, 2]


def test_ties_go_to_the_higher_client(attempt: Attempt, question: AttemptQuestion, learner: User) -> None:
    answering.save(question, [2], client=TWO, sequence=1, seen=0, by=learner)
    answering.save(question, [1], client=ONE, sequence=1, seen=0, by=learner)
    assert set(AnswerStep.objects.values_list("clock", flat=True)) == {1}
    assert _standing(attempt, question) == [2]


def test_a_client_cannot_claim_to_have_seen_the_future(question: AttemptQuestion, learner: User) -> None:
    assert answering.save(question, [1], client=ONE, sequence=1, seen=999, by=learner).clock == 1


def test_an_answer_may_be_taken_back(attempt: Attempt, question: AttemptQuestion, learner: User) -> None:
    answering.save(question, [1], client=ONE, sequence=1, by=learner)
    answering.save(question, None, client=ONE, sequence=2, by=learner)
    assert _standing(attempt, question) is None


def test_what_arrives_after_the_deadline_is_kept_and_does_not_count(
    attempt: Attempt, question: AttemptQuestion, learner: User, at: SetClock
) -> None:
    answering.save(question, [1], client=ONE, sequence=1, by=learner)
    at("2026-03-02T09:40:00")
    with pytest.raises(answering.TooLate, match="09:40:00") as caught:
        answering.save(question, [0], client=ONE, sequence=2, by=learner)
    assert caught.value.receipt is not None
    assert caught.value.receipt.is_late
    assert AnswerStep.objects.filter(is_late=True).count() == 1
    assert _standing(attempt, question) == [1]


def test_the_last_second_is_in_time(question: AttemptQuestion, learner: User, at: SetClock) -> None:
    at("2026-03-02T09:39:59")
    assert not answering.save(question, [1], client=ONE, sequence=1, by=learner).is_late


def test_late_steps_fill_no_disk(
    question: AttemptQuestion, learner: User, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LATE_STEPS_KEPT", 2)
    at("2026-03-02T10:00:00")
    for sequence in range(1, 5):
        with pytest.raises(Refused):
            answering.save(question, [sequence], client=ONE, sequence=sequence, by=learner)
    assert AnswerStep.objects.count() == 2


def test_a_handed_in_paper_takes_no_more_answers(attempt: Attempt, question: AttemptQuestion, learner: User) -> None:
    submitting.submit(attempt, by=learner)
    with pytest.raises(Refused, match="handed this paper in"):
        answering.save(question, [0], client=ONE, sequence=1, by=learner)
    assert not AnswerStep.objects.exists()


def test_a_step_is_never_changed(question: AttemptQuestion, learner: User) -> None:
    answering.save(question, [1], client=ONE, sequence=1, by=learner)
    step = AnswerStep.objects.get()
    step.answer = [0]
    with pytest.raises(EventIsFinal):
        step.save()
