"""What people fill in about certificates of others: the list, a certificate brought, a decision, a withdrawal."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.media import kinds
from courses.models import Course, RecognisedTitle
from courses.recognising.asking import Paper
from courses.recognising.listing import Listing
from lms.core import clock


class CourseChoice(forms.ModelChoiceField[Course]):
    """Courses by title."""

    def label_from_instance(self, obj: Course) -> str:
        return f"{obj.current.title} ({obj.code})" if obj.current else obj.code


class ListingForm(forms.Form):
    """An issuer, a title of theirs, and our course that it stands for."""

    issuer = forms.CharField(label=gettext_lazy("Who issues the certificate"), max_length=200)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=100)
    title = forms.CharField(label=gettext_lazy("Their course, as the certificate says it"), max_length=250)
    course = CourseChoice(
        Course.objects.filter(versions__isnull=False).distinct(),
        label=gettext_lazy("Our course that it stands for"),
        to_field_name="code",
        empty_label=gettext_lazy("Choose"),
    )
    from_day = forms.DateField(label=gettext_lazy("Recognised from"))
    last_day = forms.DateField(
        label=gettext_lazy("Recognised until (last day)"),
        help_text=gettext_lazy("Empty: until it is taken off the list."),
        required=False,
    )
    agreed_by = forms.CharField(
        label=gettext_lazy("Who agreed"),
        max_length=200,
        help_text=gettext_lazy("The person or body that compared the two courses."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is recognised"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["from_day"] = clock.today()

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("from_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return data

    @property
    def listing(self) -> Listing:
        """What was filled in."""
        data = dict(self.cleaned_data)
        last: date | None = data.pop("last_day")
        return Listing(**data, until=last + timedelta(days=1) if last and last != date.max else None)


class TitleChoice(forms.ModelChoiceField[RecognisedTitle]):
    """Listed titles, with what they stand for."""

    def label_from_instance(self, obj: RecognisedTitle) -> str:
        return _("%(listing)s, for our course %(course)s") % {"listing": obj, "course": obj.course.code}


class AskForm(forms.Form):
    """A certificate."""

    listing = TitleChoice(
        RecognisedTitle.objects.none(),
        label=gettext_lazy("Which certificate"),
        to_field_name="uuid",
        empty_label=gettext_lazy("Choose"),
    )
    number = forms.CharField(label=gettext_lazy("Its number"), max_length=80)
    awarded_on = forms.DateField(label=gettext_lazy("Awarded on"))
    good_until = forms.DateField(
        label=gettext_lazy("Valid until (last day)"),
        help_text=gettext_lazy("Leave empty if the certificate names no end."),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("A scan or picture of it"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = RecognisedTitle.objects.on(clock.today()).select_related("issuer", "course")
        self.fields["listing"].queryset = listed.order_by("issuer__name", "title")  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "PDF or picture, at most %(most)d MB. Only the person and those who decide can open it."
        ) % {"most": settings.EVIDENCE_MEGABYTES}

    def clean_file(self) -> "UploadedFile[bytes]":
        """A PDF or a picture, by what it holds."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            kinds.type_of(kinds.PAPER, file, file.size or 0)  # type: ignore[arg-type]
        except kinds.Unfit as why:
            raise forms.ValidationError(str(why)) from why
        return file

    @property
    def paper(self) -> Paper:
        """What was filled in."""
        data = self.cleaned_data
        file = data["file"]
        return Paper(data["number"], data["awarded_on"], data["good_until"], file, file.size or 0)


class RecognitionDecisionForm(forms.Form):
    """Recognise or decline."""

    RECOGNISE, DECLINE = "recognise", "decline"
    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[(RECOGNISE, gettext_lazy("Recognise it")), (DECLINE, gettext_lazy("Decline it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed where you decline. The person reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Declining needs a reason."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("outcome") == self.DECLINE and not data.get("reason"):
            self.add_error("reason", _("Say why you decline: the person reads it."))
        return data


class WhyForm(forms.Form):
    """Why something counts no longer."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with your name, for those it concerns and for auditors."),
    )  # fmt: skip
