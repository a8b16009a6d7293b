"""What people type in: a check, a search in the register, a revocation, who issues and signs."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates import names, numbers, states
from certificates.models import CertificateQuerySet, Issuer, Revocation
from courses.models import Course
from lms.core import clock
from lms.organisation.forms import UnitForm
from lms.organisation.models import OrgUnit, UnitAncestry


class CheckForm(forms.Form):
    """A certificate in somebody's hand."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=60,
        help_text=_("As printed, such as ABC-2026-12345-67890-K. Spaces and small letters do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    surname = forms.CharField(
        label=_("Surname of the holder"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class NameForm(forms.Form):
    """The name on the paper, to compare."""

    name = forms.CharField(
        label=_("Full name as printed"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RegisterForm(UnitForm):
    """Find certificates in one's part of the register."""

    q = forms.CharField(
        label=_("Number or name"),
        required=False,
        max_length=100,
        help_text=_("A name from its beginning, surname first."),
    )
    course = forms.ModelChoiceField(Course.objects.all(), label=_("Course"), to_field_name="code", required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *states.State.choices])
    issued_from = forms.DateField(label=_("Issued from"), required=False)
    issued_until = forms.DateField(label=_("Issued until"), required=False)
    field_order = ["q", "unit", "course", "state", "issued_from", "issued_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("Unit at award")
        for name in ("unit", "course"):
            self.fields[name].empty_label = _("Any")  # type: ignore[attr-defined]

    def found(self, rows: CertificateQuerySet) -> CertificateQuerySet:
        """Those of `rows` that were asked for; none where the question makes no sense."""
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["state"]:
            rows = states.rows_in(rows.with_facts(), states.State(asked["state"]), clock.today())
        return rows.filter(self._typed(asked["q"]), self._where(asked["unit"]), **self._exactly(asked))

    def _typed(self, text: str) -> Q:
        number = numbers.normalise(text)
        if number:
            return Q(number=number)
        return Q(name_key__startswith=names.key(text)) if text.strip() else Q()

    def _where(self, unit: OrgUnit | None) -> Q:
        if unit is None:
            return Q()
        return Q(unit__in=UnitAncestry.objects.on(clock.today()).filter(ancestor=unit).values("unit"))

    def _exactly(self, asked: dict[str, Any]) -> dict[str, Any]:
        wishes = {
            "course": asked["course"],
            "issued_on__gte": asked["issued_from"],
            "issued_on__lte": asked["issued_until"],
        }
        return {key: wish for key, wish in wishes.items() if wish}


class ExportForm(forms.Form):
    """Why the list leaves the house."""

    purpose = forms.CharField(
        label=_("Purpose"), max_length=300, help_text=_("What the list is for. It is recorded with your name.")
    )


class RevocationForm(forms.Form):
    """Taking a certificate back."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=Revocation.Reason.choices, widget=forms.RadioSelect)
    public_wording = forms.CharField(
        label=_("What a check says"),
        max_length=300,
        help_text=_("Everybody who checks the certificate reads this. Name nobody and accuse nobody."),
    )
    internal_reason = forms.CharField(
        label=_("Internal reason"),
        max_length=settings.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What happened and who decided it. Kept in the register, never shown by a check."),
    )
    ends_result = forms.BooleanField(
        label=_("The result ends, too"),
        required=False,
        help_text=_("Always so for fraud, never for a mistake in the name."),
    )


class IssuerForm(forms.ModelForm[Issuer]):
    """Who issues certificates here."""

    class Meta:
        model = Issuer
        fields = ["name", "code", "place", "statement", "contact"]
        labels = {
            "name": _("Name"),
            "code": _("Code"),
            "place": _("Place"),
            "statement": _("Statement"),
            "contact": _("Contact"),
        }
        widgets = {"statement": forms.Textarea(attrs={"rows": 3})}


class SignatoryForm(forms.Form):
    """Whose name stands under new certificates."""

    name = forms.CharField(label=_("Name"), max_length=200)
    post = forms.CharField(label=_("Post"), max_length=200)
    order = forms.IntegerField(label=_("Place in the row"), min_value=1, max_value=4, initial=1)
