"""What people choose on the pages of what is filed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lms.duties.models.periods import name_of
from lms.duties.periods.spells import Spell


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
