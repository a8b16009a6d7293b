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
    """Base: one activity's answer. `answer()` is what is kept."""

    def __init__(self, block: activities.Block, data: Any = None) -> None:
        super().__init__(data, prefix=block["id"])
        self.block = block

    def answer(self) -> Any:
        """The cleaned answer as `activities.feedback` takes it."""
        raise NotImplementedError


class ChoiceForm(ActivityForm):
    """One option, or several."""

    def __init__(self, block: activities.Block, data: Any = None) -> None:
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

    def __init__(self, block: activities.Block, data: Any = None) -> None:
        super().__init__(block, data)
        choices = [("", CHOOSE), *((group, group) for group in block["groups"])]
        for index, item in enumerate(block["items"]):
            field = forms.ChoiceField(label=inline(item["text"]), choices=choices)
            field.error_messages["required"] = _("Choose a group for “%s”.") % item["text"]
            self.fields[f"item-{index}"] = field

    def answer(self) -> list[str]:
        """The groups, in the order of the items."""
        return [self.cleaned_data[f"item-{index}"] for index in range(len(self.block["items"]))]


class OrderForm(ActivityForm):
    """A place for each step, shown mixed."""

    def __init__(self, block: activities.Block, data: Any = None) -> None:
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


def form_for(block: activities.Block, data: Any = None) -> ActivityForm:
    """The form of an activity."""
    kinds: dict[str, type[ActivityForm]] = {"choice": ChoiceForm, "sort": SortForm, "order": OrderForm}
    return kinds[block["kind"]](block, data)
