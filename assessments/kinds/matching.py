"""Matching: left sides, each with the right side that belongs to it, among others that match nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.kinds import shape
from assessments.kinds.base import Answer, Body, Given, Score


class Matching:
    """An answer is a list: for each left side the place of the chosen right side, or null.

    Right sides are those of the pairs in their order, then the distractors.
    """

    def errors(self, body: Body) -> shape.Errors:
        """See QuestionKind."""
        pairs, found = shape.items(body, "pairs")
        found = shape.unknown_keys(body, {"pairs", "distractors"}) + found
        found += shape.texts(pairs, "pairs", "left")
        found = found or shape.texts(pairs, "pairs", "right") + shape.flags(
            pairs, "pairs", {"left", "right"}, yes_no=()
        )
        distractors = body.get("distractors", []) if isinstance(body, dict) else []
        if not isinstance(distractors, list) or not all(shape.is_text(text) for text in distractors):
            return [*found, ("distractors", _("Give a list of texts."))]
        return found or shape.doubles(_rights(body), "distractors")

    def shuffled(self, body: Body) -> int:
        """See QuestionKind."""
        return len(_rights(body))

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """One choice of right side per left side."""
        rights = _rights(body)
        choices = [("", _("Choose what matches"))] + [(str(n), rights[original]) for n, original in enumerate(shown)]
        return {
            f"pair{place}": forms.ChoiceField(label=pair["left"], required=False, choices=choices)
            for place, pair in enumerate(body["pairs"])
        }

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """See QuestionKind."""
        names = sorted((name for name in cleaned if name.startswith("pair")), key=lambda name: int(name[4:]))
        chosen = [shown[int(cleaned[name])] if cleaned[name] else None for name in names]
        return None if all(place is None for place in chosen) else chosen

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """See QuestionKind."""
        chosen = enumerate(answer or [])
        return {f"pair{left}": "" if right is None else str(shown.index(right)) for left, right in chosen}

    def is_complete(self, body: Body, answer: Answer) -> bool:
        """See QuestionKind."""
        return bool(answer) and None not in answer

    def score(self, body: Body, answer: Answer) -> Score:
        """See QuestionKind."""
        return Score(scoring.matching(answer) if answer else scoring.NOTHING)

    def explain(self, body: Body, answer: Answer) -> list[Given]:
        """One line per left side."""
        rights = _rights(body)
        chosen = answer or [None] * len(body["pairs"])
        return [
            Given(pair["left"], "" if place is None else rights[place], pair["right"], place == left)
            for left, (pair, place) in enumerate(zip(body["pairs"], chosen, strict=True))
        ]


def _rights(body: Body) -> list[str]:
    return [pair["right"] for pair in body["pairs"]] + list(body.get("distractors", []))
