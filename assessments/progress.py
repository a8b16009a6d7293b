"""How far somebody has come with an open attempt. For the pages between starting and handing in."""

from dataclasses import dataclass
from typing import Any

from assessments import answering
from assessments.kinds import KINDS
from assessments.models import Attempt, AttemptQuestion
from lms.core import clock


@dataclass(frozen=True, slots=True)
class QuestionState:
    """A question's number and whether it has a whole answer, a part of one, or none."""

    question: AttemptQuestion
    is_answered: bool
    is_complete: bool

    @property
    def position(self) -> int:
        """Its number."""
        return self.question.position


@dataclass(frozen=True, slots=True)
class Progress:
    """All questions of an attempt and the answers that stand."""

    attempt: Attempt
    states: list[QuestionState]
    answers: dict[int, Any]
    opened: dict[int, int]
    highest_clock: int
    seconds_left: int | None

    @property
    def count(self) -> int:
        """How many questions there are."""
        return len(self.states)

    @property
    def complete_count(self) -> int:
        """How many have a whole answer."""
        return sum(state.is_complete for state in self.states)

    @property
    def not_complete(self) -> list[QuestionState]:
        """Those that have no whole answer yet."""
        return [state for state in self.states if not state.is_complete]

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes until the deadline, rounded up; None without one."""
        return None if self.seconds_left is None else -(-self.seconds_left // 60)


def of(attempt: Attempt) -> Progress:
    """Where the attempt stands. Two queries, however many questions and steps."""
    steps = answering.standing(attempt)
    answers = {question: step.answer for question, step in steps.items()}
    questions = attempt.questions.select_related("question_version")
    return Progress(
        attempt=attempt,
        states=[_state(question, answers.get(question.pk)) for question in questions],
        answers=answers,
        opened={question: step.opened for question, step in steps.items()},
        highest_clock=max((step.clock for step in steps.values()), default=0),
        seconds_left=seconds_left(attempt),
    )


def seconds_left(attempt: Attempt) -> int | None:
    """Seconds until the deadline by the server's clock; None without one."""
    return attempt.seconds_left_at(clock.now())


def _state(question: AttemptQuestion, answer: Any) -> QuestionState:
    version = question.question_version
    is_complete = KINDS[version.kind].is_complete(version.body, answer)
    return QuestionState(question, answer is not None, is_complete)
