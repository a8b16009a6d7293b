"""What learners write after a course, or beside it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Feedback, JournalEntry


class FeedbackForm(forms.Form):
    """Three questions, so that people answer them."""

    usefulness = forms.TypedChoiceField(
        label=_("Does this course help you in your work?"),
        choices=list(reversed(Feedback.Agreement.choices)),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how far the course helps you in your work.")},
    )
    clarity = forms.TypedChoiceField(
        label=_("Was it clear and easy to follow?"),
        choices=list(reversed(Feedback.Agreement.choices)),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how clear the course was.")},
    )
    words = forms.CharField(
        label=_("What should we keep, and what should we change?"),
        help_text=_("You may leave this empty. Please do not name people: authors and HR read it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def answers(self) -> dict[str, Any]:
        """As `feedback.give` takes them."""
        return {name: self.cleaned_data[name] for name in ("usefulness", "clarity", "words")}


class JournalForm(forms.Form):
    """A note for oneself."""

    text = forms.CharField(
        label=_("Your note"),
        help_text=_("What will you try tomorrow? What surprised you? Please leave out the names of customers."),
        max_length=JournalEntry._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something, then save it.")},
    )
