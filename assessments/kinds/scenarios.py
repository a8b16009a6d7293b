"""A case in steps: a scene, a question about it, options; the next scene opens once the one before is answered.

A later scene may give away what was right in an earlier one, so whoever has opened it keeps her answers to those before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.kinds import shape
from assessments.kinds.base import Answer, Body, Given, Score

MOST_STEPS = 6
_STEP = {"scene", "question", "options"}
_OPTION = {"text", "right", "feedback", "critical_error"}


@dataclass(frozen=True, slots=True)
class Told:
    """How far somebody has come with a case: her choice for each scene, and how many scenes she has opened."""

    choices: Answer = None
    opened: int = 1

    def contradicted_by(self, given: Answer) -> bool:
        """Whether `given` would change the answer to a scene that she has left behind."""
        settled = zip((self.choices or [])[: self.opened - 1], given or [], strict=False)
        return any(new is not None and new != old for old, new in settled)

    def with_choices(self, given: Answer, *, opens: int, steps: int) -> "Told":
        """The same after `given`, which decides on the open scene alone.

        `opens` is the number of the scene that is asked for: the next of so many steps opens once the open one is
        answered, and never more than one at a time.
        """
        here = self.opened - 1
        choices = _filled(self.choices, steps)
        new = _filled(given, steps)[here]
        choices[here] = choices[here] if new is None else new
        goes_on = choices[here] is not None and opens == self.opened + 1 <= steps
        return Told(None if all(choice is None for choice in choices) else choices, self.opened + goes_on)


class SteppedScenario:
    """An answer is a list: for each step the place of the chosen option among all options of the case, or null.

    One step follows the other today. Once steps branch, the list follows the path that was taken.
    """

    def errors(self, body: Body) -> shape.Errors:
        """See QuestionKind."""
        steps, found = shape.items(body, "steps")
        found = shape.unknown_keys(body, {"steps"}) + found
        if len(steps) > MOST_STEPS:
            found.append(("steps", _("A case has at most %(most)s steps.") % {"most": MOST_STEPS}))
        found += [
            (f"steps[{place}].question", _("Write a text."))
            for place, step in enumerate(steps)
            if not isinstance(step, dict) or not shape.is_text(step.get("question"))
        ]
        return found or [error for place, step in enumerate(steps) for error in _step_errors(place, step)]

    def shuffled(self, body: Body) -> int:
        """All options; each step shows its own in the order in which they come."""
        return sum(len(step["options"]) for step in body["steps"])

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """One choice per step."""
        options = _options(body)
        return {
            f"choice{place}": forms.ChoiceField(
                label=step["question"],
                required=False,
                choices=[(str(n), options[original]["text"]) for n, original in enumerate(shown) if original in own],
                widget=forms.RadioSelect,
            )
            for place, (step, own) in enumerate(zip(body["steps"], _own(body), strict=True))
        }

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """See QuestionKind."""
        names = sorted(name for name in cleaned if name.startswith("choice"))
        chosen = [shown[int(cleaned[name])] if cleaned[name] else None for name in names]
        return None if all(place is None for place in chosen) else chosen

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """See QuestionKind."""
        chosen = enumerate(answer or [])
        return {f"choice{step}": "" if place is None else str(shown.index(place)) for step, place in chosen}

    def is_complete(self, body: Body, answer: Answer) -> bool:
        """See QuestionKind."""
        return bool(answer) and None not in answer

    def score(self, body: Body, answer: Answer) -> Score:
        """See QuestionKind."""
        options = _options(body)
        chosen = [options[place] if place is not None else {} for place in answer or []]
        fraction = scoring.stepped_scenario([bool(option.get("right")) for option in chosen], len(body["steps"]))
        return Score(fraction, any(option.get("critical_error") for option in chosen))

    def explain(self, body: Body, answer: Answer) -> list[Given]:
        """One line per step. A step that was not answered may not even have been opened: it stays untold."""
        chosen = answer or [None] * len(body["steps"])
        options = [None if place is None else _options(body)[place] for place in chosen]
        steps = zip(body["steps"], options, strict=True)
        return [_line(number, step, option) for number, (step, option) in enumerate(steps, start=1)]


def _line(number: int, step: dict[str, Any], option: dict[str, Any] | None) -> Given:
    right = next(option["text"] for option in step["options"] if option.get("right"))
    if option is None:
        return Given(_("Step %(number)s") % {"number": number}, "", right, is_right=False)
    label = _("Step %(number)s: %(question)s") % {"number": number, "question": step["question"]}
    return Given(label, option["text"], right, bool(option.get("right")), option["feedback"])


def _step_errors(place: int, step: dict[str, Any]) -> shape.Errors:
    path = f"steps[{place}]"
    found = [(f"{path}.{key}", _("Unknown word.")) for key in sorted(set(step) - _STEP)]
    if place and not shape.is_text(step.get("scene")):
        found.append((f"{path}.scene", _("Say what happens next.")))
    options, wrong = shape.items(step, "options")
    found += [(f"{path}.{name}", reason) for name, reason in wrong]
    return found or [(f"{path}.{name}", reason) for name, reason in _option_errors(options)]


def _option_errors(options: list[Any]) -> shape.Errors:
    found = shape.texts(options, "options")
    if found:
        return found
    found = shape.flags(options, "options", _OPTION, yes_no=("right", "critical_error"))
    if sum(bool(option.get("right")) for option in options) != 1:
        found.append(("options", _("Mark exactly one option as right: true.")))
    silent = [place for place, option in enumerate(options) if not shape.is_text(option.get("feedback"))]
    found += [(f"options[{place}]", _("Say in its feedback what follows from it.")) for place in silent]
    return found + shape.right_and_critical(options, "options")


def _filled(choices: Answer, steps: int) -> list[int | None]:
    return [*(choices or []), *[None] * steps][:steps]


def _options(body: Body) -> list[dict[str, Any]]:
    return [option for step in body["steps"] for option in step["options"]]


def _own(body: Body) -> list[range]:
    """For each step the places of its options among all options."""
    places, first = [], 0
    for step in body["steps"]:
        places.append(range(first, first + len(step["options"])))
        first += len(step["options"])
    return places
