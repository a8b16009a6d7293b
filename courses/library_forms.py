"""Finding a document in the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import ALL_JURISDICTIONS, Document


class LibraryForm(forms.Form):
    """Words, kind and country."""

    q = forms.CharField(label=_("Words in the title or text"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Document.Kind.choices])
    jurisdiction = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, jurisdictions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].choices = [  # type: ignore[attr-defined]
            ("", _("All that apply here")),
            *((code, _("Everywhere") if code == ALL_JURISDICTIONS else code) for code in jurisdictions),
        ]
