"""What learners fill in: the activities of a lesson."""

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import activities
from courses.bodies import inline

CHOOSE = gettext_lazy("Choose")


class ActivityForm(forms.Form):
    """Base: one activity's answer. `answer()` is what is kept. `before` is the answer that stands, if any."""

    def __init__(self, block: activities.Block, data: Any = None, *, before: Any = None) -> None:
        super().__init__(data, prefix=block["id"])
        self.block = block

    @property
    def anchor(self) -> str:
        """Where on the page to go on once the answer is kept."""
        return f"block-{self.block['id']}"

    def answer(self) -> Any:
        """The cleaned answer as `activities.feedback` takes it."""
        raise NotImplementedError


class ChoiceForm(ActivityForm):
    """One option, or several."""

    def __init__(self, block: activities.Block, data: Any = None, *, before: Any = None) -> None:
        super().__init__(block, data)
        choices = [(index, inline(option["text"])) for index, option in enumerate(block["options"])]
        asked: dict[str, Any] = {"label": inline(block["question"]), "choices": choices, "coerce": int}
        if block["several"]:
            self.fields["answer"] = forms.TypedMultipleChoiceField(
                **asked, widget=forms.CheckboxSelectMultiple, help_text=_("There may be more than one.")
            )
        else:
            self.fields["answer"] = forms.TypedChoiceField(**asked, widget=forms.RadioSelect)
        self.fields["answer"].error_messages["required"] = _("Choose an answer, then check it.")

    def answer(self) -> list[int]:
        """Numbers of the chosen options."""
        chosen = self.cleaned_data["answer"]
        return sorted(chosen) if isinstance(chosen, list) else [chosen]


class SortForm(ActivityForm):
    """A group for each item."""

    def __init__(self, block: activities.Block, data: Any = None, *, before: Any = None) -> None:
        super().__init__(block, data)
        choices = [("", CHOOSE), *((group, group) for group in block["groups"])]
        for index, item in enumerate(block["items"]):
            field = forms.ChoiceField(label=inline(item["text"]), choices=choices)
            field.error_messages["required"] = _("Choose a group for “%s”.") % item["text"]
            self.fields[f"item-{index}"] = field

    def answer(self) -> list[str]:
        """The groups, in the order of the items."""
        return [self.cleaned_data[f"item-{index}"] for index in range(len(self.block["items"]))]


class MatchForm(ActivityForm):
    """A right side for each left side."""

    def __init__(self, block: activities.Block, data: Any = None, *, before: Any = None) -> None:
        super().__init__(block, data)
        choices = [("", CHOOSE), *((side, side) for side in activities.right_sides(block))]
        for index, pair in enumerate(block["pairs"]):
            field = forms.ChoiceField(label=inline(pair["left"]), choices=choices)
            field.error_messages["required"] = _("Choose what belongs to “%s”.") % pair["left"]
            self.fields[f"pair-{index}"] = field

    def answer(self) -> list[str]:
        """The right sides, in the order of the pairs."""
        return [self.cleaned_data[f"pair-{index}"] for index in range(len(self.block["pairs"]))]


class OrderForm(ActivityForm):
    """A place for each step, shown mixed."""

    def __init__(self, block: activities.Block, data: Any = None, *, before: Any = None) -> None:
        super().__init__(block, data)
        self.shown = activities.mixed(block)
        places = [("", CHOOSE), *((place, str(place)) for place in range(1, len(self.shown) + 1))]
        for index, step in enumerate(self.shown):
            text = block["steps"][step]
            field = forms.TypedChoiceField(label=inline(text), choices=places, coerce=int)
            field.error_messages["required"] = _("Choose a place for “%s”.") % text
            self.fields[f"step-{index}"] = field

    def clean(self) -> dict[str, Any]:
        """Every place once."""
        given = Counter(self.cleaned_data.values())
        if any(count > 1 for count in given.values()):
            raise forms.ValidationError(_("Give each place once: two steps have the same."))
        return self.cleaned_data

    def answer(self) -> list[int]:
        """The steps' own numbers, in the learner's order."""
        by_place = {self.cleaned_data[f"step-{index}"]: step for index, step in enumerate(self.shown)}
        return [by_place[place] for place in sorted(by_place)]


class ScenarioForm(ActivityForm):
    """The options of a scenario's open step. Steps that were answered stay as they are until one begins again."""

    def __init__(self, block: activities.Block, data: Any = None, *, before: list[int] | None = None) -> None:
        super().__init__(block, data)
        self.so_far = list(before or [])
        self.begins_again = self._is_in(data, "again")
        # A step that is sent a second time, from a page gone stale, changes nothing.
        is_repeat = any(self._is_in(data, f"{step}-answer") for step in range(len(self.so_far)))
        if not self.begins_again and not is_repeat and len(self.so_far) < len(block["steps"]):
            self._ask(block["steps"][len(self.so_far)])

    def _is_in(self, data: Any, name: str) -> bool:
        return data is not None and f"{self.prefix}-{name}" in data

    def _ask(self, step: activities.Block) -> None:
        choices = [(index, inline(option["text"])) for index, option in enumerate(step["options"])]
        field = forms.TypedChoiceField(
            label=inline(step["question"]), choices=choices, coerce=int, widget=forms.RadioSelect
        )
        field.error_messages["required"] = _("Choose an answer, then check it.")
        self.fields[f"{len(self.so_far)}-answer"] = field

    @property
    def anchor(self) -> str:
        """The step that was answered, since what happens next stands below it."""
        answered = len(self.answer())
        return f"{super().anchor}-step-{answered}" if answered else super().anchor

    def answer(self) -> list[int]:
        """Numbers of the options chosen so far, a number for each step."""
        return [] if self.begins_again else [*self.so_far, *self.cleaned_data.values()]


_FORMS: dict[str, type[ActivityForm]] = {
    "choice": ChoiceForm,
    "sort": SortForm,
    "match": MatchForm,
    "order": OrderForm,
    "stepped_scenario": ScenarioForm,
}


def form_for(block: activities.Block, data: Any = None, *, before: Any = None) -> ActivityForm:
    """The form of an activity. `before` is the answer that stands: a scenario goes on from there."""
    return _FORMS[block["kind"]](block, data, before=before)


def fields_of(block: activities.Block) -> list[str]:
    """The form of an activity before it is filled in, as HTML; of a scenario one for each step."""
    stages = range(len(block["steps"])) if block["kind"] == "stepped_scenario" else [0]
    return [str(form_for(block, before=[0] * stage)) for stage in stages]
