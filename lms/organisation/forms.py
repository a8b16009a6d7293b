"""What people type in: a first sign-in, a search in the staff list, an office to print codes for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.organisation.models import OrgUnit
from lms.organisation.sign_in import NameFields


class FirstSignInForm(NameFields):
    """Staff number and the code on the printed slip."""

    login = forms.CharField(
        label=_("Staff number"),
        max_length=254,
        help_text=_("As on your payslip. An e-mail address will do, too, if HR has yours."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        help_text=_("The eight letters and digits on your slip, such as CDFG-3467."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ["login", "employer", "code"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.ask_for_employer()
        return cleaned


class UnitChoice(forms.ModelChoiceField[OrgUnit]):
    """A unit by its name of today."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        return f"{obj.name} ({obj.code})"


class UnitForm(forms.Form):
    """A unit out of those that one may see to."""

    unit = UnitChoice(
        OrgUnit.objects.none(),
        label=_("Office or unit"),
        to_field_name="uuid",
        required=False,
        empty_label=_("All units"),
    )

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["unit"].queryset = units.open_on(today).named(today).order_by("name")  # type: ignore[attr-defined]


class StaffSearchForm(UnitForm):
    """Find people by name or number, in a unit and all below it."""

    q = forms.CharField(label=_("Name or staff number"), required=False, max_length=100)
    field_order = ["q", "unit"]


class OfficeForm(UnitForm):
    """The office to print codes for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
