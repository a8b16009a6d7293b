"""What every kind of question can do.

Answers are stored by the places that options have in the question's body, and posted by the places at which they
were shown: the right order of steps or pairs never stands in the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from django import forms

Body = dict[str, Any]
Answer = Any  # JSON; None for no answer


@dataclass(frozen=True, slots=True)
class Score:
    """What an answer earns and whether it holds an error that no points outweigh."""

    fraction: Fraction
    has_critical_error: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One line of an answer as shown afterwards: what was chosen, what is right, and why."""

    label: str
    chosen: str
    right: str
    is_right: bool
    feedback: str = ""


class QuestionKind(Protocol):
    """One kind of question."""

    def errors(self, body: Body) -> list[tuple[str, str]]:
        """What is wrong with a body: pairs of path within it and reason, for its author."""

    def shuffled(self, body: Body) -> int:
        """How many things are shown in an order of their own."""

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """Form fields, none required, with values that are places in `shown`."""

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """The answer in cleaned form data, None where nothing was given."""

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """Form data that shows `answer` again."""

    def is_complete(self, body: Body, answer: Answer) -> bool:
        """Whether nothing of the question is left open."""

    def score(self, body: Body, answer: Answer) -> Score:
        """What the answer earns."""

    def explain(self, body: Body, answer: Answer) -> list[Given]:
        """The answer line by line, for the page after the paper."""
