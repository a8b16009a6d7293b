"""What people type in about exceptions: a day, more time, an exemption, and why."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from lms.core import clock
from lms.duties.exceptions.findings import Kind
from lms.organisation.forms import UnitForm
from lms.organisation.models import User


class DayForm(forms.Form):
    """As at which day a page is."""

    on = forms.DateField(label=_("As at"), help_text=_("Today or any day before."))

    def __init__(self, data: QueryDict) -> None:
        shown = data.copy()
        shown["on"] = data.get("on") or clock.today().isoformat()
        super().__init__(shown)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This is known up to today. Choose today or an earlier day."))
        return day

    @property
    def day(self) -> date:
        """The day, or today where there is none to go by."""
        return self.cleaned_data["on"] if self.is_valid() else clock.today()


def reason_field(label: Any, **kwargs: Any) -> forms.CharField:
    """Why: kept with what it is about."""
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class MoreTimeForm(forms.Form):
    """Until when more time is wanted, and why."""

    until = forms.DateField(label=_("Until which day"), help_text=_("The last day on which it may be done."))
    reason = reason_field(_("Why"), help_text=_("Whoever decides reads it. No medical details, please."))


class DecisionForm(forms.Form):
    """Until when more time is given, or why it is not."""

    until = forms.DateField(label=_("Until which day"), help_text=_("It may be another day than was asked for."))
    reason = reason_field(_("Why"), required=False, help_text=_("The person reads it. If you decline, say why."))


class QueueForm(UnitForm):
    """Which exceptions the list shows."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])


class LeaveForm(forms.Form):
    """Why an exception stays as it is."""

    reason = reason_field(_("Why it stays as it is"), help_text=_("Kept with your name and today’s date."))


class Approver(forms.ModelChoiceField[User]):
    """Somebody who may decide, by name."""


class ExemptionForm(forms.Form):
    """From what somebody is exempt, for how long, why, and who agreed."""

    course = forms.ModelChoiceField(Course.objects.none(), to_field_name="code", label=_("Course"))
    from_day = forms.DateField(label=_("From which day"))
    last_day = forms.DateField(label=_("Last day"), required=False)
    review_on = forms.DateField(
        label=_("Or look at it again on"), required=False, help_text=_("Where nobody knows the end yet.")
    )
    approver = Approver(User.objects.none(), label=_("Who agreed"), to_field_name="username")
    reason = reason_field(_("Why"), help_text=_("The person reads it. No medical details, please."))

    def __init__(self, *args: Any, courses: QuerySet[Course], approvers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["approver"].queryset = approvers  # type: ignore[attr-defined]

    @property
    def terms(self) -> dict[str, Any]:
        """As the step takes them: the end is the first day without it."""
        data = dict(self.cleaned_data)
        last = data.pop("last_day")
        return data | {"until": last + timedelta(days=1) if last else None}


class EndExemptionForm(forms.Form):
    """From which day an exemption no longer stands, and why."""

    until = forms.DateField(label=_("First day without the exemption"))
    reason = reason_field(_("Why it ends"), help_text=_("It is kept on record."))


class TakeBackForm(forms.Form):
    """Why something ends."""

    reason = reason_field(_("Why"), help_text=_("It is kept on record."))
