"""Ordering: steps, given in the right order and shown in another."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.kinds import shape
from assessments.kinds.base import Answer, Body, Given, Score


class Ordering:
    """An answer is a list: for each step of the body the place it was given, from 0, or null."""

    def errors(self, body: Body) -> shape.Errors:
        """See QuestionKind."""
        steps, found = shape.items(body, "steps")
        found = shape.unknown_keys(body, {"steps"}) + found
        found += [
            (f"steps[{place}]", _("Write a text.")) for place, step in enumerate(steps) if not shape.is_text(step)
        ]
        return found or shape.doubles(steps, "steps")

    def shuffled(self, body: Body) -> int:
        """See QuestionKind."""
        return len(body["steps"])

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """One choice of place per step."""
        places = [("", _("Choose a place"))] + [(str(n), str(n + 1)) for n in range(len(shown))]
        return {
            f"step{place}": forms.ChoiceField(label=body["steps"][original], required=False, choices=places)
            for place, original in enumerate(shown)
        }

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """See QuestionKind."""
        places: list[int | None] = [None] * len(shown)
        for place, original in enumerate(shown):
            given = cleaned.get(f"step{place}")
            places[original] = int(given) if given else None
        return None if all(place is None for place in places) else places

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """See QuestionKind."""
        given = [(place, answer[original]) for place, original in enumerate(shown)] if answer else []
        return {f"step{place}": "" if chosen is None else str(chosen) for place, chosen in given}

    def is_complete(self, body: Body, answer: Answer) -> bool:
        """Every step has a place of its own."""
        return bool(answer) and sorted(place for place in answer if place is not None) == list(range(len(answer)))

    def score(self, body: Body, answer: Answer) -> Score:
        """See QuestionKind."""
        return Score(scoring.ordering(answer) if answer else scoring.NOTHING)

    def explain(self, body: Body, answer: Answer) -> list[Given]:
        """One line per place: the step that was put there, and the one that belongs there."""
        given = answer or [None] * len(body["steps"])
        put = [[body["steps"][step] for step, place in enumerate(given) if place == n] for n in range(len(given))]
        return [
            Given(str(place + 1), "; ".join(put[place]), step, put[place] == [step])
            for place, step in enumerate(body["steps"])
        ]
