"""What people type in: a day and a course for the figures, and a rule with its audience."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CourseVersion, Document, Instrument
from lms.core import clock
from lms.duties import gap_list
from lms.duties.form_parts import PARTS, ShownPart
from lms.duties.models import RequirementVersion
from lms.duties.models.requirements import LONGEST_DUE_DAYS
from lms.duties.requiring import Audience, Terms
from lms.duties.rule_fields import DueFields, ReminderFields, RenewalFields, initial_terms
from lms.organisation.forms import UnitForm
from lms.organisation.models import OrgUnit, Person, PostCategory, PostTag, StaffNumber

_FIRST_YEAR = 1900


class TargetByCode(forms.ChoiceField):
    """A course, or a document that people sign, by its code; None for all."""

    def clean(self, value: Any) -> Course | Document | None:
        code = super().clean(value)
        return Course.objects.filter(code=code).first() or Document.objects.filter(code=code).first() if code else None


def _all_targets() -> list[tuple[str, Any]]:
    """In one query, since every page of coverage asks it."""
    signed = RequirementVersion.objects.filter(document__isnull=False).values("document")
    documents = Document.objects.filter(pk__in=signed).order_by().values_list("code", "title")
    courses = Course.objects.order_by().values_list("code", Value("", output_field=CharField()))
    found = sorted(courses.union(documents, all=True), key=lambda row: (row[1] != "", row[0]))
    return [("", _("All")), *((code, f"{title} ({code})" if title else code) for code, title in found)]


class CoverageForm(forms.Form):
    """As at which day, and for which course or document."""

    on = forms.DateField(label=_("As at"), help_text=_("Today or any day before."))
    target = TargetByCode(label=_("What must be known or signed"), required=False)

    def __init__(self, data: QueryDict) -> None:
        shown = data.copy()
        # The page says as at which day its figures are.
        shown["on"] = data.get("on") or clock.today().isoformat()
        super().__init__(shown)
        target = self.fields.get("target")
        if isinstance(target, TargetByCode):
            target.choices = _all_targets()

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("Figures are known up to today. Choose today or an earlier day."))
        if day.year < _FIRST_YEAR:
            raise ValidationError(_("There are no figures of that time. Choose a later day."))
        return day


class DayForm(CoverageForm):
    """As at which day."""

    target = None  # type: ignore[assignment]


class GapForm(CoverageForm):
    """Whose duties to list: of which state, for which target (by what it is called) and post category."""

    target = forms.CharField(  # type: ignore[assignment]  # not only courses
        label=_("What must be known"), required=False, max_length=1000, widget=forms.Select
    )
    category = forms.ModelChoiceField(
        PostCategory.objects.all(), label=_("Post category"), to_field_name="code", required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(label=_("Who"), required=False, choices=list(gap_list.WORDS.items()))
    field_order = ["on", "target", "category", "state"]

    def offer(self, targets: Iterable[str]) -> None:
        """Let one of these targets be chosen."""
        self.fields["target"].widget.choices = [("", _("All")), *((name, name) for name in sorted(targets))]


class CoursesChoice(forms.ModelMultipleChoiceField[Course]):
    """Courses with their titles."""

    def label_from_instance(self, obj: Course) -> str:
        return f"{obj.title} ({obj.code})"  # type: ignore[attr-defined]  # annotated by the form


class RequirementForm(DueFields, RenewalFields, ReminderFields, UnitForm):
    """A rule: who must know what by when, and on what ground."""

    title = forms.CharField(label=_("Name of the rule"), max_length=200, help_text=_("People see it as the reason."))
    # Codes, not numbers: whatever is sent is looked for as text.
    courses = CoursesChoice(
        Course.objects.none(),
        to_field_name="code",
        label=_("What must be known"),
        help_text=_("If you choose more than one, any one of them will do."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    document = forms.ModelChoiceField(
        Document.objects.none(),
        to_field_name="code",
        label=_("Or a document to sign"),
        help_text=_("People read it and put their name to it; again once a new version is in effect."),
        required=False,
        empty_label=_("None"),
    )
    categories = forms.ModelMultipleChoiceField(
        PostCategory.objects.all(),
        to_field_name="code",
        label=_("Post categories"),
        help_text=_("None means all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = forms.ModelMultipleChoiceField(
        PostTag.objects.order_by("name"),
        to_field_name="code",
        label=_("Posts marked as"),
        help_text=_("None means all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.CharField(
        label=_("Only these people"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Staff numbers, one on each line. Leave empty for everybody."),
    )
    appointed_within_days = forms.IntegerField(
        label=_("Only people appointed at most so many days before the rule begins"),
        required=False,
        min_value=0,
        max_value=LONGEST_DUE_DAYS,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    from_day = forms.DateField(label=_("From which day"))
    instrument = forms.ModelChoiceField(
        Instrument.objects.all(), to_field_name="code", label=_("Law, rule or policy behind it"), required=False
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why a result counts for less, for example."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        courses: QuerySet[Course],
        documents: QuerySet[Document],
        units: QuerySet[OrgUnit],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["unit"].help_text = _("The rule holds for it and for all units below it.")
        newest = CourseVersion.objects.filter(course=OuterRef("pk")).order_by("-number").values("title")[:1]
        offered = courses.annotate(title=Subquery(newest)).filter(title__isnull=False)
        self.fields["courses"].queryset = offered  # type: ignore[attr-defined]
        self.fields["document"].queryset = documents.filter(versions__isnull=False).distinct()  # type: ignore[attr-defined]
        self.fields["after_course"].queryset = offered.order_by("code")  # type: ignore[attr-defined]
        self.order_fields(name for part in PARTS for name in part.names)

    def clean_people(self) -> list[Person]:
        """The people behind the numbers; names those numbers that nobody has."""
        numbers = [line.strip() for line in self.cleaned_data["people"].splitlines() if line.strip()]
        found = StaffNumber.objects.on(clock.today()).filter(number__in=numbers).select_related("person")
        people = {row.number: row.person for row in found}
        unknown = [number for number in numbers if number not in people]
        if unknown:
            raise ValidationError(
                _("Nobody has the staff number %(numbers)s today."), params={"numbers": ", ".join(unknown)}
            )
        return list(people.values())

    @property
    def parts(self) -> list[ShownPart]:
        """The fields in parts, so that the page stays readable on a phone."""
        return [ShownPart(part, [self[name] for name in part.names if name in self.fields]) for part in PARTS]

    @property
    def audience(self) -> Audience:
        """Whom the rule is to reach."""
        data = self.cleaned_data
        return Audience(data["unit"], data["categories"], data["tags"], data["people"], data["appointed_within_days"])

    @property
    def terms(self) -> Terms:
        """What the rule is to ask."""
        data = self.cleaned_data
        return Terms(
            list(data["courses"]),
            data["due_days"] or 0,
            data["counts_months"],
            data["instrument"],
            data["note"],
            self.due,
            self.renewal,
            self.reminder_plan,
            document=data["document"],
        )


class ChangeForm(RequirementForm):
    """The same, changed from a day on, and why."""

    reason = forms.CharField(label=_("Why it changes"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["title"]


class EndForm(forms.Form):
    """From which day a rule no longer asks, and why."""

    until = forms.DateField(label=_("First day without the rule"))
    reason = forms.CharField(label=_("Why it ends"), max_length=500)


class DecideForm(forms.Form):
    """What to do with a proposal, having read one of its previews."""

    step = forms.ChoiceField(
        choices=[(step, step) for step in ("ask", "withdraw", "again", "approve", "decline", "alone")]
    )
    preview = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
    reason = forms.CharField(label=_("If you decline: why"), required=False, max_length=500)


def initial_of(version: RequirementVersion) -> dict[str, Any]:
    """What a change begins with: what is asked now."""
    today = clock.today()
    numbers = StaffNumber.objects.on(today).filter(person__in=version.people.all()).values_list("number", flat=True)
    return {
        "courses": version.courses.all(),
        "document": version.document,
        "unit": version.unit.uuid,
        "categories": version.categories.all(),
        "tags": version.tags.all(),
        "people": "\n".join(numbers),
        "appointed_within_days": version.appointed_within_days,
        "from_day": max(today, version.valid_from),
        "instrument": version.instrument,
        "note": version.note,
        **initial_terms(version),
    }
