"""The parts of the form of a rule beside whom it reaches: by when, for how long a result counts, and reminders."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.models import RequirementVersion
from lms.duties.models.requirements import LONGEST_DUE_DAYS
from lms.duties.reminder_plan import MOST_DAYS, MOST_TIMES, Moment, Recipient, ReminderPlan, days_before
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.year_days import YearDay

_SHORT = {"class": "govuk-input--width-5"}
_MONTHS = [("", _("Choose one")), *MONTHS.items()]
_USUAL, _OWN = "usual", "own"
_MOST_CODES = 50


class _Number(forms.IntegerField):
    """A whole number that may be left empty."""

    def __init__(self, label: Any, *, least: int = 0, most: int = LONGEST_DUE_DAYS, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=least,
            max_value=most,
            help_text=help_text,
            widget=forms.NumberInput(attrs=_SHORT),
        )


class _Numbers(forms.CharField):
    """Days, with commas between them."""

    def clean(self, value: Any) -> tuple[int, ...]:
        words = re.findall(r"[^\s,;]+", super().clean(value) or "")
        if not all(word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= MOST_DAYS for word in words):
            raise ValidationError(_("Give numbers of days from 1 to 366 with commas between them, such as 14, 3."))
        return days_before(int(word) for word in words[:_MOST_CODES])


class CourseByTitle(forms.ModelChoiceField[Course]):
    """A course by its title, out of those that somebody may choose."""

    def label_from_instance(self, obj: Course) -> str:
        return f"{obj.title} ({obj.code})"  # type: ignore[attr-defined]  # annotated by the form


class DueFields(forms.Form):
    """By when."""

    due_days = _Number(_("Days to do it in"), help_text=_("Leave empty where it is due on a day of the year."))
    counts_from = forms.ChoiceField(
        label=_("Counted from"), choices=CountsFrom.choices, required=False, widget=forms.RadioSelect
    )
    in_working_days = forms.BooleanField(label=_("Count working days of the person’s office only"), required=False)
    after_course = CourseByTitle(
        Course.objects.none(),
        to_field_name="code",
        label=_("The other course"),
        required=False,
        help_text=_("Where days are counted from passing another course."),
    )
    due_day = _Number(_("Day of the month"), least=1, most=31, help_text=_("Where it is due on a day of the year."))
    due_month = forms.TypedChoiceField(
        label=_("Month"), choices=_MONTHS, coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    least_days = _Number(
        _("Days that a newcomer has at least"), help_text=_("Where the day is the same for all. Else leave it empty.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["counts_from"] = CountsFrom(data.get("counts_from") or CountsFrom.APPOINTMENT)
        is_fixed = data["counts_from"] == CountsFrom.YEAR_DAY
        data["due_each_year"] = _year_day(self, "due_day", "due_month") if is_fixed else None
        if data.get("due_days") is None and not is_fixed and "due_days" not in self.errors:
            self.add_error("due_days", _("Give the days to do it in."))
        return data

    @property
    def due(self) -> Due:
        """From what days are counted."""
        data = self.cleaned_data
        after = data["after_course"] if data["counts_from"] == CountsFrom.RESULT else None
        return Due(
            data["counts_from"],
            data["in_working_days"],
            after.pk if after else None,
            data["least_days"] or 0,
            data["due_each_year"],
        )


class RenewalFields(forms.Form):
    """For how long a result counts, and what renews it."""

    counts_months = _Number(
        _("Months for which a result counts"),
        least=1,
        most=600,
        help_text=_("Leave empty for as long as the course says. It never counts for longer than that."),
    )
    expiry_basis = forms.ChoiceField(
        label=_("The months are counted from"), choices=ExpiryBasis.choices, required=False, widget=forms.RadioSelect
    )
    expiry_day = _Number(_("Results end on this day of the month"), least=1, most=31)
    expiry_month = forms.TypedChoiceField(
        label=_("Results end in this month"), choices=_MONTHS, coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    least_months = _Number(
        _("Months that a result counts at least"), most=600, help_text=_("Where results end on a day of the year.")
    )
    renewal_opens_days = _Number(
        _("Days before the end in which one may renew"), least=1, help_text=_("Leave empty for the usual number.")
    )
    renewal_asks = forms.ChoiceField(
        label=_("A renewal asks for"), choices=RenewalAsks.choices, required=False, widget=forms.RadioSelect
    )
    refreshers = forms.CharField(
        label=_("Refreshers"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Codes of courses, one on each line, in the order in which their turn comes."),
    )

    def clean_refreshers(self) -> list[Course]:
        """The courses behind the codes, in their order."""
        codes = [line.strip() for line in self.cleaned_data["refreshers"].splitlines() if line.strip()][:_MOST_CODES]
        offered = self.fields["courses"].queryset  # type: ignore[attr-defined]
        known = {course.code: course for course in offered.filter(code__in=codes)}
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise ValidationError(
                _("There is no course %(codes)s to choose here."), params={"codes": ", ".join(unknown)}
            )
        return [known[code] for code in codes]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["expiry_basis"] = ExpiryBasis(data.get("expiry_basis") or ExpiryBasis.COMPLETION)
        data["renewal_asks"] = RenewalAsks(data.get("renewal_asks") or RenewalAsks.WHOLE)
        is_fixed = data["expiry_basis"] == ExpiryBasis.YEAR_DAY
        data["expiry_each_year"] = _year_day(self, "expiry_day", "expiry_month") if is_fixed else None
        return data

    @property
    def renewal(self) -> Renewal:
        """How long results count and what renews them."""
        data = self.cleaned_data
        return Renewal(
            data["expiry_basis"],
            data["expiry_each_year"],
            (data["least_months"] or 0) if data["expiry_each_year"] else 0,
            data["renewal_opens_days"],
            data["renewal_asks"],
            tuple(course.pk for course in data["refreshers"]),
        )


class ReminderFields(forms.Form):
    """Who is reminded, and when."""

    reminders = forms.ChoiceField(
        label=_("Reminders"),
        choices=[
            (_USUAL, _("As usual: the learner in good time, the supervisor when it is overdue")),
            (_OWN, _("As said below")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    before_due = _Numbers(
        label=_("So many days before it is due"), required=False, max_length=100, help_text=_("Such as 14, 3.")
    )
    after_due_every = _Number(_("Overdue: every so many days"), least=1, most=MOST_DAYS)
    after_due_times = _Number(_("Overdue: at most so many times"), most=MOST_TIMES)
    before_expiry = _Numbers(
        label=_("So many days before it runs out"), required=False, max_length=100, help_text=_("Such as 30, 7.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for moment in Moment:
            self.fields[_told(moment)] = forms.MultipleChoiceField(
                label=moment.label, choices=Recipient.choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    @property
    def reminder_plan(self) -> ReminderPlan:
        """Who is told what when."""
        data = self.cleaned_data
        if data["reminders"] != _OWN:
            return ReminderPlan()
        usual = ReminderPlan()
        return ReminderPlan(
            {moment: frozenset(Recipient(who) for who in data[_told(moment)]) for moment in Moment},
            before_due=data["before_due"],
            after_due_every=data["after_due_every"] or usual.after_due_every,
            after_due_times=data["after_due_times"] or 0,
            before_expiry=data["before_expiry"],
        )


def initial_terms(version: RequirementVersion) -> dict[str, Any]:
    """What these fields begin with when a rule is changed."""
    due, renewal = version.due, version.renewal
    codes = [refresher.course.code for refresher in version.refreshers.select_related("course")]
    return {
        "due_days": version.due_days,
        "counts_from": due.counts_from,
        "in_working_days": due.in_working_days,
        "after_course": version.after_course.code if version.after_course else None,
        "due_day": due.each_year.day if due.each_year else None,
        "due_month": due.each_year.month if due.each_year else None,
        "least_days": due.least_days or None,
        "counts_months": version.counts_months,
        "expiry_basis": renewal.basis,
        "expiry_day": renewal.each_year.day if renewal.each_year else None,
        "expiry_month": renewal.each_year.month if renewal.each_year else None,
        "least_months": renewal.least_months or None,
        "renewal_opens_days": renewal.opens_days,
        "renewal_asks": renewal.asks,
        "refreshers": "\n".join(codes),
        **_initial_reminders(version.reminder_plan),
    }


def usual_terms() -> dict[str, Any]:
    """What these fields begin with for a new rule."""
    usual = {"counts_from": CountsFrom.APPOINTMENT, "expiry_basis": ExpiryBasis.COMPLETION}
    return {**usual, "renewal_asks": RenewalAsks.WHOLE, **_initial_reminders(ReminderPlan())}


def _initial_reminders(plan: ReminderPlan) -> dict[str, Any]:
    return {
        "reminders": _OWN if plan.stored() else _USUAL,
        "before_due": ", ".join(map(str, plan.before_due)),
        "after_due_every": plan.after_due_every,
        "after_due_times": plan.after_due_times,
        "before_expiry": ", ".join(map(str, plan.before_expiry)),
        **{_told(moment): sorted(plan.who(moment)) for moment in Moment},
    }


def _told(moment: Moment) -> str:
    return f"told_{moment.value}"


def _year_day(form: forms.Form, day: str, month: str) -> YearDay | None:
    """A day of the year out of two fields, with an error where there is no such day."""
    data = form.cleaned_data
    if day in form.errors or month in form.errors:
        return None
    if not data.get(day) or not data.get(month):
        form.add_error(day, _("Give the day and the month."))
        return None
    try:
        return YearDay(data[month], data[day])
    except ValueError:
        form.add_error(day, _("That month has no such day. 29 February is the 28th in other years."))
        return None
