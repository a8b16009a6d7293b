"""What people type in on the pages of reminders."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lms.core.errors import Refused
from lms.duties.reminding import reading, wording
from lms.duties.reminding.wording import Words
from lms.organisation.forms import UnitForm


class LogForm(UnitForm):
    """Which lines of the log to show."""

    state = forms.ChoiceField(label=_("What became of it"), required=False)
    on = forms.DateField(label=_("Day"), required=False, help_text=_("Without a day: the last month."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = reading.states_shown()  # type: ignore[attr-defined]


class WordingForm(forms.Form):
    """A subject and a text, with names in braces."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Plain text. An empty line begins a new paragraph."),
    )

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._key = key

    @property
    def words(self) -> Words:
        """What was typed in."""
        return Words(self.cleaned_data["subject"].strip(), self.cleaned_data["text"].replace("\r\n", "\n").strip())

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_text(self) -> str:
        return self._checked("text")

    def _checked(self, field: str) -> str:
        typed: str = self.cleaned_data[field]
        try:
            wording.check(self._key, Words(typed, "") if field == "subject" else Words("", typed))
        except Refused as refused:
            raise ValidationError(str(refused)) from None
        return typed
