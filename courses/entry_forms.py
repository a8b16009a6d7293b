"""What supervisors and training coordinators fill in about entry to courses."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Course, EntryRequirement, EntrySubject, NominationDecision
from courses.models.entry import HIGHEST_LEVEL
from lms.core import clock
from lms.organisation.models import PostCategory


class EvidenceForm(forms.Form):
    """What was seen."""

    subject = forms.ModelChoiceField(
        EntrySubject.objects.all(),
        label=gettext_lazy("Subject"),
        to_field_name="name",
        empty_label=gettext_lazy("Choose"),
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        coerce=int,
        choices=[("", gettext_lazy("Choose")), *((number, str(number)) for number in range(1, HIGHEST_LEVEL + 1))],
    )
    evidence = forms.CharField(
        label=gettext_lazy("What you saw"),
        max_length=500,
        help_text=gettext_lazy("For example: Grade 12 certificate, 2019. Keep no copy here, and no numbers of papers."),
    )
    seen_on = forms.DateField(label=gettext_lazy("On which day"))
    seen_by = forms.CharField(label=gettext_lazy("Who saw it"), max_length=200)

    def clean_seen_on(self) -> date:
        """Seen today or earlier."""
        day: date = self.cleaned_data["seen_on"]
        if day > clock.today():
            raise ValidationError(_("Evidence is seen today or earlier."))
        return day


class RequirementChoice(forms.ModelChoiceField[EntryRequirement]):
    """What a course asks, with the course's name before it."""

    def label_from_instance(self, obj: EntryRequirement) -> str:
        return f"{obj.course_version.title}: {obj.asked}"


class WaiverForm(forms.Form):
    """What is waived, and why."""

    requirement = RequirementChoice(
        EntryRequirement.objects.none(), label=gettext_lazy("What is waived"), empty_label=gettext_lazy("Choose")
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with your name, for the person and for auditors."),
    )

    def __init__(self, *args: Any, requirements: Iterable[EntryRequirement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = EntryRequirement.objects.filter(pk__in=[row.pk for row in requirements])
        self.fields["requirement"].queryset = asked.select_related(  # type: ignore[attr-defined]
            "course_version", "required_course", "subject"
        ).order_by("course_version__title", "pk")


class TakeBackForm(forms.Form):
    """Why something is no longer held true."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you take it back?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CourseChoice(forms.ModelChoiceField[Course]):
    """Courses by title."""

    def label_from_instance(self, obj: Course) -> str:
        return f"{obj.current.title} ({obj.code})" if obj.current else obj.code


class NominateForm(forms.Form):
    """For which course, and why."""

    course = CourseChoice(
        Course.objects.none(), label=gettext_lazy("Course"), to_field_name="code", empty_label=gettext_lazy("Choose")
    )
    reason = forms.CharField(
        label=gettext_lazy("Why this person, and why now?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person and the training coordinator read it."),
    )

    def __init__(self, *args: Any, courses: Iterable[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Course.objects.filter(pk__in=[course.pk for course in courses])
        self.fields["course"].queryset = asked  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Confirm or decline."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"), choices=NominationDecision.Outcome.choices, widget=forms.RadioSelect
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
        if data.get("outcome") == NominationDecision.Outcome.DECLINED and not data.get("reason"):
            self.add_error("reason", _("Say why you decline: the person reads it."))
        return data


class AudienceForm(forms.Form):
    """Who may take a course."""

    EVERYBODY, CHOSEN = "everybody", "chosen"
    who = forms.ChoiceField(
        label=gettext_lazy("Who may take it?"),
        choices=[
            (EVERYBODY, gettext_lazy("Everybody")),
            (CHOSEN, gettext_lazy("Holders of posts of the families ticked below; everybody else by nomination")),
        ],
        widget=forms.RadioSelect,
    )
    categories = forms.ModelMultipleChoiceField(
        PostCategory.objects.all(),
        label=gettext_lazy("Families of posts"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: by nomination alone."),
    )
