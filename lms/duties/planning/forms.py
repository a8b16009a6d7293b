"""What people type in for a training plan."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Document
from lms.core import clock
from lms.core.months import add_months
from lms.core.words import day_in_words
from lms.duties.models import DutyTarget, TrainingPlan
from lms.duties.models.plans import MOST_PEOPLE, QUARTERS
from lms.duties.planning import reading
from lms.duties.planning.drafting import NewLine, year_of
from lms.duties.targets import Target
from lms.organisation.forms import UnitForm
from lms.organisation.models import OrgUnit, PostCategory

_FIRST_YEAR = 1900


class BeginForm(UnitForm):
    """Whose plan, for which year."""

    year = forms.ChoiceField(label=_("Year"))
    field_order = ["unit", "year"]

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        this = year_of(clock.today())
        years = [this, add_months(this, 12)]
        named = [(day.isoformat(), TrainingPlan(first_day=day).year) for day in years]
        self.fields["year"].choices = named  # type: ignore[attr-defined]
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["unit"].help_text = _("The plan is for it and for all units below it.")

    @property
    def first_day(self) -> date:
        """The first day of the year that was chosen."""
        return date.fromisoformat(self.cleaned_data["year"])


class LineForm(UnitForm):
    """A line: what, when, of whom, how many."""

    target = forms.ChoiceField(label=_("What is to be known"))
    quarter = forms.TypedChoiceField(label=_("Quarter"), coerce=int)
    categories = forms.ModelMultipleChoiceField(
        PostCategory.objects.all(),
        to_field_name="code",
        label=_("Post categories"),
        help_text=_("None means all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.IntegerField(
        label=_("How many people"),
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    field_order = ["target", "quarter", "unit", "categories", "number", "note"]

    def __init__(self, *args: Any, plan: TrainingPlan, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["unit"].help_text = _("It and all units below it.")
        self.fields["target"].choices = [("", _("Choose one")), *_offered(plan)]  # type: ignore[attr-defined]
        quarters = [(number, quarter_name(plan, number)) for number in QUARTERS]
        self.fields["quarter"].choices = [("", _("Choose one")), *quarters]  # type: ignore[attr-defined]

    @property
    def line(self) -> NewLine:
        """What was typed in."""
        data = self.cleaned_data
        target = Target.of_key(data["target"])
        return NewLine(target, data["quarter"], data["unit"], data["number"], data["categories"], data["note"])


class PlanDayForm(forms.Form):
    """As at which day."""

    on = forms.DateField(label=_("As at"), help_text=_("Today or any day before."))

    def __init__(self, data: QueryDict) -> None:
        shown = data.copy()
        shown["on"] = data.get("on") or clock.today().isoformat()
        super().__init__(shown)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("Figures are known up to today. Choose today or an earlier day."))
        if day.year < _FIRST_YEAR:
            raise ValidationError(_("There are no figures of that time. Choose a later day."))
        return day

    @property
    def day(self) -> date:
        """The day asked for; today where it is none."""
        found: date = self.cleaned_data["on"] if self.is_valid() else clock.today()
        return found


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why the plan changes"), max_length=500)


class DecisionForm(forms.Form):
    """Approve a version, or send it back and say why."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("approve", _("Approve it")), ("send back", _("Send it back"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("What should be different"), required=False, max_length=500)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_PEOPLE)


def quarter_name(plan: TrainingPlan, number: int) -> str:
    """A quarter with its days."""
    quarter = plan.quarter(number)
    days = {"number": number, "first": day_in_words(quarter.first), "last": day_in_words(quarter.last)}
    return str(_("Quarter %(number)s, %(first)s – %(last)s")) % days


def _offered(plan: TrainingPlan) -> list[tuple[str, str]]:
    """Courses, sets of courses that rules ask for, and documents to put one's name to."""
    courses = Course.objects.filter(is_integrity=True) if plan.is_integrity else Course.objects.all()
    titles = dict(reading.titled(courses))
    found = {Target.any_of([pk]) for pk in titles}
    asked = {row.target for row in DutyTarget.objects.all()}
    found |= {target for target in asked if target.courses and target.courses <= titles.keys()}
    documents = dict(Document.objects.filter(kind__in=["code", "policy"]).values_list("pk", "title"))
    found |= {Target(document=pk) for pk in documents}
    return sorted(
        ((target.key, reading.name_of(target, titles, documents)) for target in found),
        key=lambda one: one[1].casefold(),
    )
