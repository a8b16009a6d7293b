"""What officers type in about sessions, and what is ticked on a sign-in list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from courses.models import Attendance, Course, CourseVersion, LessonVersion, SessionKind
from courses.models.series import MOST_PLACES
from courses.sessions.planning import Setting, When
from courses.sessions.series import Terms
from courses.sessions.signing_in import Line
from lms.organisation.forms import UnitForm
from lms.organisation.models import OrgUnit, Person, PostCategory, User

_SHORT = {"class": "govuk-input--width-5"}


class CourseChoice(forms.ModelChoiceField[Course]):
    """A course by its title."""

    def label_from_instance(self, obj: Course) -> str:
        return f"{obj.title} ({obj.code})"  # type: ignore[attr-defined]  # annotated by the form


class HoursForm(UnitForm):
    """For whom, from when to when, where, and for how many."""

    categories = forms.ModelMultipleChoiceField(
        PostCategory.objects.all(),
        to_field_name="code",
        label=_("Post categories"),
        help_text=_("None means all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time", **_SHORT}, format="%H:%M"))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time", **_SHORT}, format="%H:%M"))
    place = forms.CharField(label=_("Place"), required=False, max_length=300, help_text=_("Room, house, town."))
    link = forms.URLField(
        label=_("Link for joining from elsewhere"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Only those who have a place see it."),
    )
    capacity = forms.IntegerField(
        label=_("Places"), min_value=1, max_value=MOST_PLACES, widget=forms.NumberInput(attrs=_SHORT)
    )

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["unit"].required = True
        self.fields["unit"].label = _("For whom")
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["unit"].help_text = _("Everybody who works in it or below it is invited.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The session ends before it begins. Check the hours."))
        if not self.errors and not cleaned.get("place") and not cleaned.get("link"):
            self.add_error("place", _("Say where it is: a place, or a link for those who join from elsewhere."))
        return cleaned


class SettingForm(HoursForm):
    """When, where and for whom a session is."""

    first = forms.DateField(label=_("Day"))
    last = forms.DateField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    trainer = forms.CharField(label=_("Trainer"), required=False, max_length=200, help_text=_("Who leads it, by name."))
    field_order = ["first", "last", "starts", "ends", "place", "link", "capacity", "unit", "categories", "trainer"]

    def setting(self, *, officer: User | None) -> Setting:
        """What was typed in."""
        data = self.cleaned_data
        shared = {name: data[name] for name in ("unit", "capacity", "place", "link", "trainer")}
        when = When(data["first"], data["starts"], data["ends"], data["last"])
        return Setting(when, categories=tuple(data["categories"]), officer=officer, **shared)


class ChangedSettingForm(SettingForm):
    """The same, and why."""

    reason = forms.CharField(
        label=_("Why it changes"), required=False, max_length=500, help_text=_("Whoever signed up reads it.")
    )


class SubjectForm(forms.Form):
    """What a session or a series is."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("What it is"), choices=SessionKind.choices, widget=forms.RadioSelect)
    course = CourseChoice(
        Course.objects.none(),
        to_field_name="code",
        label=_("Course it belongs to"),
        required=False,
        empty_label=_("None: attendance only"),
        help_text=_("Being there does the lesson of the course that is done by attending, and nothing else."),
    )
    lesson_key = forms.CharField(
        label=_("Only this lesson"),
        required=False,
        max_length=60,
        help_text=_("The lesson’s key, as in its address. Leave empty for all that are done by attending."),
    )

    def __init__(self, *args: Any, courses: QuerySet[Course], kinds: Iterable[SessionKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = CourseVersion.objects.filter(course=OuterRef("pk")).order_by("-number").values("title")[:1]
        offered = courses.annotate(title=Subquery(newest)).filter(title__isnull=False)
        self.fields["course"].queryset = offered  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        course, key = cleaned.get("course"), cleaned.get("lesson_key")
        if course is not None and cleaned.get("kind") == SessionKind.FORUM:
            self.add_error("course", _("A forum belongs to no course: whoever comes has attended, and no more."))
        elif key and not _is_attended(course, key):
            self.add_error("lesson_key", _("The course has no lesson with this key that is done by attending."))
        return cleaned


def _is_attended(course: Course | None, key: str) -> bool:
    lessons = LessonVersion.objects.newest_edition().filter(course_version__course=course, key=key)
    return course is not None and lessons.filter(completion=LessonVersion.Completion.ATTENDED).exists()


class SessionForm(SubjectForm, SettingForm):
    """A session that belongs to no series."""

    field_order = ["title", "kind", "course", "lesson_key", *SettingForm.field_order]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A quarterly session belongs to the series that counts them.
        kept = [choice for choice in self.fields["kind"].choices if choice[0] != SessionKind.QUARTERLY]  # type: ignore[attr-defined]
        self.fields["kind"].choices = kept  # type: ignore[attr-defined]


class TermsForm(HoursForm):
    """When a series comes again, and what holds for its sessions if nothing else is said."""

    months = forms.TypedMultipleChoiceField(
        label=_("Months in which it comes"),
        choices=[(number, name) for number, name in MONTHS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The sessions are made by themselves, half a year ahead. Not for quarterly sessions in each office."
        ),
    )
    usual_day = forms.IntegerField(
        label=_("Usual day of the month"),
        min_value=1,
        max_value=31,
        initial=15,
        help_text=_("If people do not work then, the next day on which they do."),
        widget=forms.NumberInput(attrs=_SHORT),
    )
    office_kind = forms.ChoiceField(
        label=_("Units that each need a session a quarter"),
        choices=[("", _("None: not a quarterly session")), *OrgUnit.Kind.choices],
        required=False,
    )
    field_order = ["months", "usual_day", "office_kind", "unit", "categories", "starts", "ends", "place", "link"]

    def terms(self, *, owner: User) -> Terms:
        """What was typed in."""
        data = self.cleaned_data
        names = ("unit", "starts", "ends", "capacity", "months", "usual_day", "office_kind", "place", "link")
        return Terms(owner=owner, categories=tuple(data["categories"]), **{name: data[name] for name in names})


class SeriesForm(SubjectForm, TermsForm):
    """A new series."""

    from_day = forms.DateField(label=_("From which day"))
    field_order = ["title", "kind", "course", "lesson_key", "from_day", *TermsForm.field_order]


class ChangedTermsForm(TermsForm):
    """Other terms from a day on, and why."""

    from_day = forms.DateField(label=_("From which day"))
    reason = forms.CharField(label=_("Why it changes"), max_length=500)


class EndForm(forms.Form):
    """From which day a series comes no more, and why."""

    until = forms.DateField(label=_("First day without it"))
    reason = forms.CharField(label=_("Why it ends"), max_length=500)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("Whoever signed up reads it."))


class NumberForm(forms.Form):
    """Somebody by staff number."""

    number = forms.CharField(
        label=_("Staff number"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocapitalize": "characters"}),
    )


class CorrectionForm(forms.Form):
    """What is right instead, and why."""

    state = forms.ChoiceField(label=_("Was"), choices=Attendance.State.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why the list is corrected"), max_length=500)


class AddedForm(CorrectionForm):
    """The same for somebody who is not on a signed list."""

    number = NumberForm.base_fields["number"]
    field_order = ["number", "state", "reason"]


class TeamForm(forms.Form):
    """Members of a team, to be ticked."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), to_field_name="uuid", label=_("Who is to go"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class DaysForm(forms.Form):
    """Of which days attendance is wanted, and how it is put together."""

    WHAT = [("people", _("A line for each person")), ("sessions", _("By session")), ("units", _("By unit"))]

    what = forms.ChoiceField(label=_("What"), choices=WHAT)
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("To"))

    def clean_until(self) -> Any:
        until, since = self.cleaned_data["until"], self.cleaned_data.get("since")
        if since and until < since:
            raise ValidationError(_("The last day is before the first."))
        return until


class ListForm(forms.Form):
    """A sign-in list on the screen: a line for each person, named by the person's uuid."""

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[str(line.person.uuid)] = forms.ChoiceField(
                label=str(line.person),
                choices=Attendance.State.choices,
                required=False,
                initial=line.state,
                widget=forms.RadioSelect,
            )

    @property
    def marks(self) -> dict[Person, str]:
        """What was ticked."""
        chosen = [(line.person, self.cleaned_data.get(str(line.person.uuid), "")) for line in self.lines]
        return {person: state for person, state in chosen if state}
