"""An attempt as a story for assessors: what was answered when, by which client, and what it earned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.feedback import QuestionFeedback, decisions_of, explain
from assessments.kinds import KINDS
from assessments.models import AnswerStep, Attempt, AttemptQuestion, Mark
from courses.models import CriterionDecision


@dataclass(frozen=True, slots=True)
class Line:
    """One saved answer, in words."""

    at: datetime
    position: int
    answer: str
    is_late: bool
    client: str


@dataclass(frozen=True, slots=True)
class Story:
    """Steps in the order of their arrival, marked questions, and decisions."""

    lines: list[Line]
    marked: list[tuple[QuestionFeedback, Mark]]
    decisions: list[CriterionDecision]


def story(attempt: Attempt) -> Story:
    """The whole attempt. Three queries."""
    questions = {
        question.pk: question
        for question in attempt.questions.select_related(
            "question_version", "criterion_version__criterion", "mark__step"
        )
    }
    steps = attempt.steps.order_by("recorded_at", "clock", "pk")
    names: dict[str, str] = {}
    lines = [_line(step, questions[step.question_id], names) for step in steps]
    marked = [(explain(question, with_right=True), question.mark) for question in questions.values() if _mark(question)]
    return Story(lines, marked, decisions_of(attempt))


def _line(step: AnswerStep, question: AttemptQuestion, names: dict[str, str]) -> Line:
    # Clients are told apart by letters: A is the one that saved first.
    client = names.setdefault(step.client, chr(ord("A") + len(names) % 26))
    version = question.question_version
    return Line(
        step.recorded_at, question.position, _words(version.kind, version.body, step.answer), step.is_late, client
    )


def _words(kind: str, body: dict[str, Any], answer: Any) -> str:
    if answer is None:
        return ""
    given = KINDS[kind].explain(body, answer)
    return "; ".join(f"{line.label}: {line.chosen}" if line.label else line.chosen for line in given if line.chosen)


def _mark(question: AttemptQuestion) -> Mark | None:
    return getattr(question, "mark", None)
