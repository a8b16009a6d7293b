"""What people pick in lists: a state, a course, a name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.dashboards.statuses_of import Shown


class PickForm(forms.Form):
    """Which lines to show."""

    q = forms.CharField(label=_("Name or staff number"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Shown.choices])
    course = forms.ChoiceField(label=_("Course"), required=False)

    def __init__(self, *args: Any, courses: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted(set(courses))
        self.fields["course"].choices = [("", _("All")), *((title, title) for title in titles)]  # type: ignore[attr-defined]
