"""What people type in who enter offices, posts and people one by one."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.organisation.forms import UnitForm
from lms.organisation.hiring import NewPerson
from lms.organisation.models import Employer, OrgUnit, Person, Post, PostCategory, PostTag, Role
from lms.organisation.posts import Seats
from lms.organisation.set_up_forms import unit_code

_MOST_AT_ONCE = 50
_SHORT = {"class": "govuk-input--width-10"}
_LETTERS = RegexValidator(
    r"\A[^/@\0]*\Z", _("A staff number has no slash and no @. Leave out the employer; it is chosen below.")
)


class NewUnitForm(forms.Form):
    """An office or section below another unit."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Such as: Harbour office."))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[choice for choice in OrgUnit.Kind.choices if choice[0] != OrgUnit.Kind.ORGANISATION]
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        validators=[unit_code],
        help_text=_("For lists and files, used once: letters, digits and hyphens."),
        widget=forms.TextInput(attrs=_SHORT),
    )
    opened_on = forms.DateField(label=_("Open since"), help_text=_("Not before the unit above it opened."))

    def clean_code(self) -> str:
        """Also one that differs in capitals alone would be mistaken for another's."""
        code: str = self.cleaned_data["code"]
        if OrgUnit.objects.filter(code__iexact=code).exists():
            raise ValidationError(_("There is a unit with the code %(code)s already."), params={"code": code})
        return code


class PostByTitle(forms.ModelChoiceField[Post]):
    """A post with its title and code."""


class PostsForm(forms.Form):
    """One post or several of a kind in a unit."""

    title = forms.CharField(
        label=_("Title of the post"), max_length=150, help_text=_("Such as: counter clerk, head of office.")
    )
    category = forms.ModelChoiceField(
        PostCategory.objects.order_by("name"),
        to_field_name="code",
        label=_("Kind of work"),
        required=False,
        empty_label=_("Another one, named below"),
        help_text=_("Rules ask for training by it."),
    )
    new_category = forms.CharField(
        label=_("Name of another kind of work"), max_length=150, required=False, help_text=_("Such as: Counter staff.")
    )
    tags = forms.ModelMultipleChoiceField(
        PostTag.objects.order_by("name"),
        to_field_name="code",
        label=_("Whoever holds it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reports_to = PostByTitle(
        Post.objects.none(),
        to_field_name="uuid",
        label=_("Reports to"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Whoever holds that post sees who of these people is overdue."),
    )
    how_many = forms.IntegerField(
        label=_("How many such posts"),
        min_value=1,
        max_value=_MOST_AT_ONCE,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    opened_on = forms.DateField(label=_("There since"), help_text=_("Nobody can be in it before."))

    def __init__(self, *args: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reports_to"].queryset = managers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("category") and not cleaned.get("new_category"):
            self.add_error("new_category", _("Choose a kind of work above, or name another one here."))
        return cleaned

    def seats(self, unit: OrgUnit) -> Seats:
        """What was typed in, for a unit."""
        data = self.cleaned_data
        kind = data["category"] or data["new_category"]
        return Seats(unit, data["title"], kind, tuple(data["tags"]), data["reports_to"], data["opened_on"])


class RoleForm(UnitForm):
    """A role in a unit and all below it, from a day on."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    from_day = forms.DateField(label=_("From which day"))
    field_order = ["role", "unit", "from_day"]

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["unit"].help_text = _("The role holds in it and in all units below it.")

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if abs((day - clock.today()).days) > settings.PLAN_AHEAD_DAYS:
            raise ValidationError(_("That is more than a year away. Check the year."))
        return day


class HireForm(forms.Form):
    """Somebody new for a post."""

    given_names = forms.CharField(label=_("Given names"), max_length=150)
    surname = forms.CharField(label=_("Surname"), max_length=150)
    number = forms.CharField(
        label=_("Staff number"),
        max_length=40,
        required=False,
        validators=[_LETTERS],
        help_text=_("As on the payslip; it is what people sign in with."),
        widget=forms.TextInput(attrs=_SHORT),
    )
    employer = forms.ModelChoiceField(
        Employer.objects.order_by("name"),
        to_field_name="code",
        label=_("Employer who gave the number"),
        empty_label=None,
    )
    kind = forms.ChoiceField(label=_("Kind of employment"), choices=Person.Kind.choices, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Not needed: those without one sign in by number.")
    )
    from_day = forms.DateField(label=_("In this post since"))

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if day.year < clock.today().year - 80 or day.year > clock.today().year + 1:
            raise ValidationError(_("Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("number") and not cleaned.get("email"):
            self.add_error("number", _("Give a staff number or an e-mail address: one of them is needed to sign in."))
        return cleaned

    @property
    def person(self) -> NewPerson:
        """Who was typed in."""
        data = self.cleaned_data
        kind = Person.Kind(data["kind"])
        names = (data["given_names"], data["surname"])
        return NewPerson(*names, data["from_day"], data["employer"], data["number"], kind, data["email"])
