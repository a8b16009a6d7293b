"""What a learner reads after the paper: per criterion the decision, per question what was chosen and why.

Before: marking. After: a certificate, the next try, or an assessor's visit.
"""

from dataclasses import dataclass
from decimal import Decimal

from assessments.kinds import KINDS, Given
from assessments.models import Attempt, AttemptQuestion
from courses.models import CriterionDecision, CriterionVersion


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """A question as shown afterwards. `given` names the right answer only where the criterion is met."""

    position: int
    stem: str
    given: list[Given]
    was_answered: bool
    is_right: bool
    is_critical_error: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """A criterion as decided by this attempt."""

    criterion_version: CriterionVersion
    decision: CriterionDecision
    questions: list[QuestionFeedback]

    @property
    def has_critical_error(self) -> bool:
        """Whether an error decided that no points outweigh."""
        return self.decision.has_critical_error


def of(attempt: Attempt) -> list[CriterionFeedback]:
    """The feedback on a marked attempt, criteria in the order of their codes. Two queries.

    Where a criterion is not yet met, its questions may come again: their right answers stay unsaid, the reasons not.
    """
    decisions = {decision.criterion_version_id: decision for decision in decisions_of(attempt)}
    questions = attempt.questions.select_related(
        "question_version", "criterion_version__criterion", "mark__step"
    ).order_by("criterion_version__criterion__code", "position")
    grouped: dict[int, list[AttemptQuestion]] = {}
    for question in questions:
        grouped.setdefault(question.criterion_version_id, []).append(question)
    return [
        CriterionFeedback(
            asked[0].criterion_version,
            decisions[criterion],
            [explain(question, with_right=decisions[criterion].is_met) for question in asked],
        )
        for criterion, asked in grouped.items()
        if criterion in decisions
    ]


def decisions_of(attempt: Attempt) -> list[CriterionDecision]:
    """The decisions that rest on this attempt."""
    return list(CriterionDecision.objects.filter(evidence_type=Attempt._meta.label, evidence_uuid=attempt.uuid))


def explain(question: AttemptQuestion, *, with_right: bool) -> QuestionFeedback:
    """One marked question. `with_right` says whether the right answer may be named."""
    version, mark = question.question_version, question.mark
    answer = mark.step.answer if mark.step else None
    lines = KINDS[version.kind].explain(version.body, answer)
    if not with_right:
        lines = [Given(line.label, line.chosen, "", line.is_right, line.feedback) for line in lines]
    return QuestionFeedback(
        position=question.position,
        stem=version.stem,
        given=lines,
        was_answered=answer is not None,
        is_right=mark.fraction == Decimal(1),
        is_critical_error=mark.is_critical_error,
        reason=version.feedback,
    )
