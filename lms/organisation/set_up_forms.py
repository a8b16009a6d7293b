"""What people type in when they set the site up, and when they change it later."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.organisation.first_run import NewAdministrator
from lms.organisation.forms import UnitForm
from lms.organisation.models import DifferentDay, OrgUnit, User
from lms.organisation.public_holidays import countries, country_name
from lms.organisation.working_calendar import Days

_EARLIEST = date(1900, 1, 1)
unit_code = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9-]*\Z", _("A code has letters, digits and hyphens, such as MCS or north-1.")
)


class AdministratorForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # not at run time
    """Who sets the site up; the token only where one is needed."""

    token = forms.CharField(
        label=_("Set-up token"),
        max_length=100,
        help_text=_("Whoever looks after the server gets it by “manage.py first_run”. It works once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    given_names = forms.CharField(
        label=_("Your given names"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    surname = forms.CharField(
        label=_("Your surname"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=_("Password"), label2=_("The same password again")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.FIRST_RUN_NEEDS_TOKEN:
            del self.fields["token"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.validate_passwords()
        names = {"first_name": "given_names", "last_name": "surname", "email": "email"}
        user = User(**{field: cleaned.get(name, "") for field, name in names.items()})
        self.validate_password_for_user(user)
        return cleaned

    @property
    def administrator(self) -> NewAdministrator:
        """Who was typed in."""
        data = self.cleaned_data
        return NewAdministrator(data["given_names"], data["surname"], data["email"], data["password1"])


class OrganisationForm(forms.Form):
    """The organisation as it is named on every page and certificate."""

    name = forms.CharField(
        label=_("Name of the organisation"), max_length=200, help_text=_("In full, as on its letters.")
    )
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=30,
        help_text=_("As people call it, such as MCS."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        validators=[unit_code],
        help_text=_("For lists and files: letters, digits and hyphens. Staff lists from HR refer to it."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )


class NewOrganisationForm(OrganisationForm):
    """The same, with the day to which records may reach back."""

    since = forms.DateField(
        label=_("Records may reach back to"),
        help_text=_("No post and no appointment can be entered before this day."),
    )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if not _EARLIEST <= since <= clock.today():
            raise ValidationError(_("Choose a day from 1900 on that is not in the future."))
        return since


class RenamedOrganisationForm(OrganisationForm):
    """The same, from a day on or as a correction."""

    from_day = forms.DateField(
        label=_("Name holds from which day"),
        required=False,
        help_text=_("Leave empty if this only mends a slip: the name then holds for the past, too."),
    )


class RulesForm(forms.Form):
    """Countries whose laws and examples learners meet."""

    jurisdictions = forms.MultipleChoiceField(
        label=_("Countries whose rules courses here explain"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.ChoiceField(
        label=_("Another country"),
        required=False,
        help_text=_("Courses then leave out what is about other countries, until something is written for yours."),
    )

    def __init__(self, *args: Any, offered: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, f"{country_name(code)} ({code})") for code in sorted(offered, key=country_name)]
        rest = [(country.code, country.name) for country in countries() if country.code not in dict(known)]
        self.fields["jurisdictions"].choices = known  # type: ignore[attr-defined]
        self.fields["other"].choices = [("", _("None")), *rest]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen:
            self.add_error("jurisdictions", _("Choose at least one country."))
        return cleaned

    @property
    def chosen(self) -> list[str]:
        """All countries that were chosen."""
        other = self.cleaned_data.get("other")
        return [*self.cleaned_data.get("jurisdictions", []), *([other] if other else [])]


class WeekForm(forms.Form):
    """On which weekdays people work, and whose public holidays they have."""

    weekdays = forms.MultipleChoiceField(
        label=_("Days on which people work"),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day on which people work.")},
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        help_text=_(
            "They are worked out from the rules of the country. You see them, and can change each, afterwards."
        ),
    )
    region = forms.CharField(
        label=_("Region with holidays of its own"),
        required=False,
        max_length=20,
        help_text=_("Its code, such as BY for Bavaria. Leave empty if there is none."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(country.code, country.name) for country in countries()]
        self.fields["country"].choices = [("", _("No public holidays")), *known]  # type: ignore[attr-defined]


class DaysForm(UnitForm):
    """Days on which an office is closed, or works although it would not."""

    kind = forms.ChoiceField(label=_("What happens"), choices=DifferentDay.Kind.choices, widget=forms.RadioSelect)
    first = forms.DateField(label=_("First day"))
    last = forms.DateField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    what = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Everybody may read it, such as: stocktaking, election day.")
    )
    field_order = ["unit", "kind", "first", "last", "what"]

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["unit"].help_text = _("It holds for all units below it, too.")

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < _EARLIEST:
            raise ValidationError(_("Check the year."))
        return first

    @property
    def days(self) -> Days:
        """What was typed in."""
        data = self.cleaned_data
        last = data["last"] or data["first"]
        return Days(data["unit"], DifferentDay.Kind(data["kind"]), data["first"], last, data["what"])
