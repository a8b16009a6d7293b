"""Marking a handed-in paper: points per question, and a decision per criterion.

Before: submitting. After: `courses.decisions.record`, from which results and certificates follow.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db import transaction

from assessments import answering
from assessments.kinds import KINDS
from assessments.models import Attempt, AttemptQuestion, Mark, Submission
from courses import decisions
from courses.models import CriterionDecision, EvidenceKind
from lms.core.actors import MachineRule, columns

RULE = MachineRule("marking of papers v1")


@transaction.atomic
def mark(submission: Submission) -> list[CriterionDecision]:
    """Mark the attempt and record its decisions. Harmless the second time: marks and decisions are made once."""
    attempt = submission.attempt
    questions = list(attempt.questions.select_related("question_version", "criterion_version__criterion"))
    if not Mark.objects.filter(question__attempt=attempt).exists():
        Mark.objects.bulk_create(_marks(attempt, questions))
    marks = {mark.question_id: mark for mark in Mark.objects.filter(question__attempt=attempt)}
    by_criterion: dict[int, list[AttemptQuestion]] = defaultdict(list)
    for question in questions:
        by_criterion[question.criterion_version_id].append(question)
    return [_decide(submission, asked, marks) for asked in by_criterion.values()]


def _marks(attempt: Attempt, questions: list[AttemptQuestion]) -> list[Mark]:
    steps = answering.standing(attempt)
    made = []
    for question in questions:
        step, version = steps.get(question.pk), question.question_version
        score = KINDS[version.kind].score(version.body, step.answer if step else None)
        made.append(
            Mark(
                question=question,
                step=step,
                fraction=_decimal(score.fraction, "0.000001"),
                points=_decimal(score.fraction * Fraction(version.points), "0.0001"),
                is_critical_error=score.has_critical_error,
                **columns(RULE),
            )
        )
    return made


def _decide(submission: Submission, asked: list[AttemptQuestion], marks: dict[int, Mark]) -> CriterionDecision:
    attempt = submission.attempt
    evidence = decisions.Evidence(
        kind=EvidenceKind.PAPER,
        row=attempt,
        points=_points(asked, marks),
        possible=sum((question.question_version.points for question in asked), Decimal()),
        has_critical_error=any(marks[question.pk].is_critical_error for question in asked),
    )
    return decisions.record(
        attempt.person,
        asked[0].criterion_version,
        course_version=attempt.paper_version.course_version,
        evidence=evidence,
        by=RULE,
        on=submission.on,
    )


def _points(asked: list[AttemptQuestion], marks: dict[int, Mark]) -> Decimal:
    """The sum over a criterion. Shares are kept to six places, so that three thirds are one and not 0.9999."""
    exact = sum(marks[question.pk].fraction * question.question_version.points for question in asked)
    return Decimal(exact).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _decimal(value: Fraction, places: str) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(places), ROUND_HALF_UP)
