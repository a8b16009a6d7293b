"""Kinds of question: how each is checked, shown, read from a form, scored and explained."""

from assessments.kinds.base import Given, QuestionKind, Score
from assessments.kinds.choices import MultipleResponse, SingleChoice
from assessments.kinds.matching import Matching
from assessments.kinds.ordering import Ordering
from assessments.kinds.reasons import TrueFalseReason
from assessments.kinds.scenarios import SteppedScenario
from assessments.models.choices import Kind

KINDS: dict[str, QuestionKind] = {
    Kind.SINGLE_CHOICE: SingleChoice(),
    Kind.MULTIPLE_RESPONSE: MultipleResponse(),
    Kind.TRUE_FALSE_REASON: TrueFalseReason(),
    Kind.ORDERING: Ordering(),
    Kind.MATCHING: Matching(),
    Kind.STEPPED_SCENARIO: SteppedScenario(),
}

__all__ = ["KINDS", "Given", "QuestionKind", "Score"]
