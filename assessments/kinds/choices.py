"""Single choice and multiple response: options, of which one or several are right."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.kinds import shape
from assessments.kinds.base import Answer, Body, Given, Score

_OPTION = {"text", "right", "feedback", "critical_error"}


class Options(ABC):
    """What both kinds share. An answer is a sorted list of places in the body's options."""

    def errors(self, body: Body) -> shape.Errors:
        """See QuestionKind."""
        options, found = shape.items(body, "options")
        found = shape.unknown_keys(body, {"options"}) + found + shape.texts(options, "options")
        if found:
            return found
        found = shape.flags(options, "options", _OPTION, yes_no=("right", "critical_error"))
        return found or self.wrong_rights(_right(body), options) + shape.right_and_critical(options, "options")

    @abstractmethod
    def wrong_rights(self, right: list[int], options: list[Any]) -> shape.Errors:
        """What is wrong with the number of right options."""

    def shuffled(self, body: Body) -> int:
        """See QuestionKind."""
        return len(body["options"])

    def is_complete(self, body: Body, answer: Answer) -> bool:
        """See QuestionKind."""
        return bool(answer)

    def explain(self, body: Body, answer: Answer) -> list[Given]:
        """One line per option that was chosen, or one that says what would have been right."""
        right = "; ".join(body["options"][place]["text"] for place in _right(body))
        options = [body["options"][place] for place in answer or []]
        return [
            Given("", option["text"], right, bool(option.get("right")), option.get("feedback", ""))
            for option in options
        ] or [Given("", "", right, is_right=False)]


class SingleChoice(Options):
    """One right option."""

    def wrong_rights(self, right: list[int], options: list[Any]) -> shape.Errors:
        """Exactly one."""
        return [] if len(right) == 1 else [("options", _("Mark exactly one option as right: true."))]

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """See QuestionKind."""
        field = forms.ChoiceField(
            label=_("Choose one answer"), required=False, choices=_choices(body, shown), widget=forms.RadioSelect
        )
        return {"option": field}

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """See QuestionKind."""
        return [shown[int(cleaned["option"])]] if cleaned.get("option") else None

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """See QuestionKind."""
        return {"option": str(shown.index(answer[0]))} if answer else {}

    def score(self, body: Body, answer: Answer) -> Score:
        """See QuestionKind."""
        fraction = scoring.single_choice(_right(body)[0], answer[0] if answer else None)
        return Score(fraction, _is_critical(body, answer))


class MultipleResponse(Options):
    """At least one right and one wrong option."""

    def wrong_rights(self, right: list[int], options: list[Any]) -> shape.Errors:
        """Some right, some wrong."""
        if right and len(right) < len(options):
            return []
        return [("options", _("Mark at least one option as right: true, and leave at least one wrong."))]

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """See QuestionKind."""
        field = forms.MultipleChoiceField(
            label=_("Choose all that are right"),
            help_text=_("A wrong choice takes away what a right one gives."),
            required=False,
            choices=_choices(body, shown),
            widget=forms.CheckboxSelectMultiple,
        )
        return {"options": field}

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """See QuestionKind."""
        return sorted(shown[int(place)] for place in cleaned.get("options") or []) or None

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """See QuestionKind."""
        return {"options": [str(shown.index(place)) for place in answer or []]}

    def score(self, body: Body, answer: Answer) -> Score:
        """See QuestionKind."""
        return Score(scoring.multiple_response(_right(body), answer or []), _is_critical(body, answer))


def _right(body: Body) -> list[int]:
    return [place for place, option in enumerate(body["options"]) if option.get("right")]


def _choices(body: Body, shown: Sequence[int]) -> list[tuple[str, str]]:
    return [(str(place), body["options"][original]["text"]) for place, original in enumerate(shown)]


def _is_critical(body: Body, answer: Answer) -> bool:
    return any(body["options"][place].get("critical_error") for place in answer or [])
