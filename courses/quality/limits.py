"""The numbers that the findings go by: policy, so settings."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of a course. See `lms/settings/policy.py` for what each decides."""

    questions: int
    questions_critical: int
    kinds: int
    words_to_read: int
    sentence_middle: tuple[float, float]
    sentence_longest: int
    chance: float
    likeness: float

    def questions_for(self, *, is_critical: bool) -> int:
        """How many questions a criterion should have."""
        return self.questions_critical if is_critical else self.questions


def limits() -> Limits:
    """As this installation sets them."""
    return Limits(
        questions=settings.QUESTIONS_PER_CRITERION,
        questions_critical=settings.QUESTIONS_PER_CRITICAL_CRITERION,
        kinds=settings.QUESTION_KINDS_PER_CRITERION,
        words_to_read=settings.WORDS_BEFORE_SOMETHING_TO_DO,
        sentence_middle=settings.SENTENCE_LENGTH_MEDIAN,
        sentence_longest=settings.LONGEST_SENTENCE,
        chance=settings.CHANCE_OF_A_PATTERN,
        likeness=settings.LIKENESS_OF_STEMS,
    )
