"""What people pick in lists: a state, a course, a name."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.dashboards.statuses_of import Shown
from lms.duties.periods.packs import PackKind
from lms.organisation.forms import UnitForm


class PickForm(forms.Form):
    """Which lines to show."""

    q = forms.CharField(label=_("Name or staff number"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Shown.choices])
    course = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, *args: Any, courses: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted(set(courses))
        self.fields["course"].choices = [("", _("All")), *((title, title) for title in titles)]  # type: ignore[attr-defined]


class PackForm(UnitForm):
    """Which pack, of which unit, as at which day, and what for."""

    kind = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    last = forms.DateField(
        label=_("As at"), help_text=_("The last day that it reports on, such as the last of a month or quarter.")
    )
    purpose = forms.CharField(
        label=_("What is it for?"), max_length=500, help_text=_("Kept with your name and today's date, for auditors.")
    )
    field_order = ["kind", "unit", "last", "purpose"]

    def __init__(self, *args: Any, kinds: Mapping[str, PackKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(name, kind.label) for name, kind in kinds.items()]  # type: ignore[attr-defined]
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
