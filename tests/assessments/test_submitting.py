"""Handing in and marking: once, by the learner or at the deadline; decisions per criterion follow."""

from decimal import Decimal

import pytest

from assessments import answering, marking, starting, submitting
from assessments.models import Attempt, Kind, Mark, Submission
from assessments.tasks import submit_overdue
from courses.models import CourseVersion, CriterionDecision, Result
from lms.core.events import EventIsFinal
from lms.organisation.models import User
from tests.assessments import making
from tests.assessments.conftest import Answer
from tests.cast import person
from tests.plugins.time import SetClock

Outcome = CriterionDecision.Outcome


def _outcomes() -> dict[str, str]:
    rows = CriterionDecision.objects.values_list("criterion_version__criterion__code", "outcome")
    return dict(rows)


def test_all_right_meets_every_criterion_of_the_paper(attempt: Attempt, learner: User, answer: Answer) -> None:
    answer(attempt)
    submitting.submit(attempt, by=learner)
    assert _outcomes() == {"D1.C1": Outcome.COMPETENT, "D1.C2": Outcome.COMPETENT}
    decision = CriterionDecision.objects.first()
    assert decision is not None
    assert (decision.points, decision.points_possible) == (Decimal(2), Decimal(2))
    assert decision.by_rule == "marking of papers v1"
    assert decision.evidence_uuid == attempt.uuid


def test_a_second_submit_changes_nothing(attempt: Attempt, learner: User, answer: Answer) -> None:
    first = submitting.submit(attempt, by=learner)
    marks = list(Mark.objects.values())
    assert submitting.submit(attempt, by=learner) == first
    marking.mark(first)
    assert list(Mark.objects.values()) == marks
    assert CriterionDecision.objects.count() == 2


def test_what_is_open_earns_nothing(attempt: Attempt, learner: User, answer: Answer) -> None:
    answer(attempt, wrong={"D1.C2"})
    submitting.submit(attempt, by=learner)
    assert _outcomes() == {"D1.C1": Outcome.COMPETENT, "D1.C2": Outcome.NOT_YET}
    assert Mark.objects.filter(fraction=0, step=None).count() == 2


def test_a_critical_error_outweighs_all_points(learner: User, monday: None, answer: Answer) -> None:
    # Nine right answers in ten earn 90 per cent, more than a critical criterion asks.
    version = making.make_course(questions=10, draw=10)
    attempt = _start(version, learner)
    answer(attempt)
    question = attempt.questions.filter(
        criterion_version__criterion__code="D1.C2", question_version__kind=Kind.SINGLE_CHOICE
    ).first()
    assert question is not None
    answering.save(question, [1], client="another-tab", sequence=1, by=learner)
    submitting.submit(attempt, by=learner)
    decision = CriterionDecision.objects.get(criterion_version__criterion__code="D1.C2")
    assert decision.percent == 90
    assert decision.has_critical_error
    assert decision.outcome == Outcome.NOT_YET


def _start(version: CourseVersion, learner: User) -> Attempt:
    return starting.start(making.enrol(person(learner), version), by=learner)


def test_three_thirds_are_one(learner: User, monday: None) -> None:
    version = making.make_course(questions=12, draw=12)
    attempt = _start(version, learner)
    for question in attempt.questions.filter(question_version__kind=Kind.ORDERING):
        answering.save(question, [0, 1, None, None], client="test-tab", sequence=question.position, by=learner)
    for question in attempt.questions.filter(question_version__kind=Kind.MATCHING):
        answering.save(question, [0, 1, 3], client="test-tab", sequence=question.position, by=learner)
    submitting.submit(attempt, by=learner)
    # Two times one third and two times two thirds.
    assert set(CriterionDecision.objects.values_list("points", flat=True)) == {Decimal("2.0000")}


def test_a_late_step_is_not_marked(attempt: Attempt, learner: User, at: SetClock, answer: Answer) -> None:
    at("2026-03-02T10:00:00")
    question = attempt.questions.get(position=1)
    with pytest.raises(answering.TooLate):
        answering.save(
            question, making.right_answer(question.question_version.kind), client="test-tab", sequence=1, by=learner
        )
    submitting.submit(attempt, by=learner)
    assert not Mark.objects.filter(fraction__gt=0).exists()


def test_beat_hands_in_what_is_overdue_as_of_its_deadline(attempt: Attempt, at: SetClock, answer: Answer) -> None:
    answer(attempt)
    assert submit_overdue() == 0
    at("2026-03-02T09:40:00")
    assert submit_overdue() == 1
    assert submit_overdue() == 0
    made = Submission.objects.get()
    assert made.how == Submission.How.AT_DEADLINE
    assert made.on == attempt.deadline_at
    assert made.by_rule == "time limit of the paper"
    assert set(_outcomes().values()) == {Outcome.COMPETENT}


def test_a_submit_after_the_deadline_counts_as_handed_in_then(attempt: Attempt, learner: User, at: SetClock) -> None:
    at("2026-03-02T11:00:00")
    made = submitting.submit(attempt, by=learner)
    assert (made.how, made.on) == (Submission.How.AT_DEADLINE, attempt.deadline_at)


def test_the_result_follows_with_the_last_decision(learner: User, monday: None, answer: Answer) -> None:
    version = making.make_course()
    version.certified.filter(evidence="observation").delete()
    attempt = _start(version, learner)
    answer(attempt)
    submitting.submit(attempt, by=learner)
    result = Result.objects.get()
    assert result.person == person(learner)
    assert result.overall_percent == 100
    assert str(result.competent_on) == "2026-03-02"


def test_a_mark_is_never_changed(attempt: Attempt, learner: User) -> None:
    submitting.submit(attempt, by=learner)
    with pytest.raises(EventIsFinal):
        Mark.objects.update(points=1)
