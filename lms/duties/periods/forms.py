"""What people choose on the pages of what is filed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.models import Export
from lms.duties.models.periods import name_of
from lms.duties.periods.reports import Wish
from lms.duties.periods.spells import Spell, SpellKind
from lms.organisation.access import MATRIX, Capability
from lms.organisation.forms import UnitForm
from lms.organisation.models import RoleGrant, User


class CloseForm(forms.Form):
    """Which month or quarter to close."""

    period = forms.ChoiceField(label=_("Month or quarter"), help_text=_("Only what has ended can be closed."))

    def __init__(self, *args: Any, spells: Sequence[Spell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._spells = {spell.written(settings.FINANCIAL_YEAR_STARTS_IN): spell for spell in spells}
        names = [(written, name_of(spell)) for written, spell in self._spells.items()]
        self.fields["period"].choices = names  # type: ignore[attr-defined]

    @property
    def spell(self) -> Spell:
        """What was chosen."""
        return self._spells[self.cleaned_data["period"]]


class ExportForm(UnitForm):
    """Which table, of which unit, as at when, in which form, and what for."""

    what = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("As at"), help_text=_("Today or any day before."))
    format = forms.ChoiceField(label=_("Form"), choices=Export.Format.choices, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("What do you need it for?"),
        max_length=500,
        help_text=_("Kept with your name and today's date, for auditors."),
    )
    field_order = ["what", "unit", "on", "format", "purpose"]

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = kinds  # type: ignore[attr-defined]
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("Figures are known up to today. Choose today or an earlier day."))
        return day


class ReportForm(UnitForm):
    """Which pack is filed by itself, when, and who is told."""

    what = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    every = forms.ChoiceField(
        label=_("How often"),
        choices=[(SpellKind.MONTH.value, _("After every month")), (SpellKind.QUARTER.value, _("After every quarter"))],
        widget=forms.RadioSelect,
    )
    working_day = forms.IntegerField(
        label=_("On which working day after its end"), min_value=1, max_value=20, initial=5
    )
    recipients = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who gets the link"),
        to_field_name="username",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only who may see the figures; that is asked again at each sending."),
    )
    field_order = ["what", "unit", "every", "working_day", "recipients"]

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = kinds  # type: ignore[attr-defined]
        self.fields["unit"].required = True
        self.fields["unit"].empty_label = _("Choose one")  # type: ignore[attr-defined]
        self.fields["recipients"].queryset = _with_coverage()  # type: ignore[attr-defined]

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        data = self.cleaned_data
        return Wish(data["what"], data["unit"], SpellKind(data["every"]), data["working_day"])


def _with_coverage() -> QuerySet[User]:
    """Users with a role that sees coverage somewhere."""
    roles = [role for role, can in MATRIX.items() if Capability.SEE_COVERAGE in can]
    granted = RoleGrant.objects.on(clock.today()).filter(role__in=roles)
    found = User.objects.filter(pk__in=granted.values("user"), is_active=True)
    return found.select_related("person").order_by("person__surname", "username")
