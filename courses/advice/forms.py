"""Choices for whoever asks, and words for whoever keeps the notes and routes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses import library
from courses.advice.asking import Situation
from courses.advice.keeping import RouteWords, Words
from courses.models import ALL_JURISDICTIONS, Instrument, Topic


class AskForm(forms.Form):
    """Choices only. There is no field to write in, and there must never be one."""

    topic = forms.ChoiceField(label=_("What is it about?"), choices=Topic.choices, widget=forms.RadioSelect)
    situation = forms.ChoiceField(label=_("How do things stand?"), choices=Situation.choices, widget=forms.RadioSelect)


class _Placed(forms.Form):
    """Where something applies, and as at when."""

    jurisdiction = forms.ChoiceField(label=_("Country"))
    instrument = forms.ModelChoiceField(
        Instrument.objects.all(), to_field_name="code", label=_("Law, rule or policy behind it"), required=False
    )
    as_at = forms.DateField(label=_("As at"), help_text=_("The day on which you last made sure that it is so."))
    review_due = forms.DateField(label=_("Look at it again by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].choices = [  # type: ignore[attr-defined]
            (code, _("Everywhere") if code == ALL_JURISDICTIONS else code) for code in library.jurisdictions()
        ]


class NoteForm(_Placed):
    """A note, without names."""

    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Markdown. Everybody reads it and may share it: no names, no staff numbers, no real case."),
    )
    field_order = ["topic", "title", "body", "jurisdiction", "instrument", "as_at", "review_due"]

    @property
    def words(self) -> Words:
        """What was typed in."""
        return Words(**{name: self.cleaned_data[name] for name in Words.__slots__})


class RouteForm(_Placed):
    """A reporting route."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("The body or office, not a person."))
    purpose = forms.CharField(label=_("What it is for"), max_length=500)
    how = forms.CharField(label=_("How to reach it"), max_length=500)
    field_order = ["name", "purpose", "how", "jurisdiction", "instrument", "as_at", "review_due"]

    @property
    def words(self) -> RouteWords:
        """What was typed in."""
        return RouteWords(**{name: self.cleaned_data[name] for name in RouteWords.__slots__})


class ContactForm(forms.Form):
    """When and where the adviser is."""

    days = forms.CharField(label=_("Days and hours"), max_length=200)
    room = forms.CharField(label=_("Room"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=60)
