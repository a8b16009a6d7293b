"""What HR tells of a feed: the file and what it is, its columns, why it is taken back."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lms.core import clock
from lms.organisation.feed.columns import FIELDS
from lms.organisation.feed.delivering import Reading, Sample
from lms.organisation.feed.records import DAY_FORMS
from lms.organisation.feed.tables import ENCODINGS
from lms.organisation.models import Employer

_WHOLE = [
    ("yes", lazy("Whole: it names everybody, so whoever is missing has left")),
    ("no", lazy("Part: it names changes only, so nobody leaves by being missing")),
]


class DeliveryForm(forms.Form):
    """A file of HR's."""

    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy("CSV or XLSX, with a heading row. Nothing is changed before you have seen what would change."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    whole = forms.ChoiceField(label=lazy("Is the file whole or a part?"), choices=_WHOLE, widget=forms.RadioSelect)
    day = forms.DateField(
        label=lazy("Day of the file"), help_text=lazy("From when rows hold that name no day of their own.")
    )
    employer = forms.ModelChoiceField(
        Employer.objects.order_by("name"),
        label=lazy("Employer"),
        help_text=lazy("Whose staff numbers these are, where the file has no column for it."),
        required=False,
        to_field_name="code",
        empty_label=lazy("The only one there is"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["day"] = clock.today()
        if Employer.objects.count() < 2:
            del self.fields["employer"]

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.FEED_MAX_BYTES:
            raise forms.ValidationError(_("This file is too large. Send it in parts."))
        return file


class ColumnsForm(forms.Form):
    """Our fields, and for each of them a column of the file."""

    def __init__(self, *args: Any, sample: Sample, reading: Reading, **kwargs: Any) -> None:
        initial = {**reading.columns, "day_form": reading.day_form, "encoding": sample.encoding}
        super().__init__(*args, **kwargs)
        self.initial = initial
        titles = [("", _("– not in the file –")), *((title, title) for title in sample.head if title)]
        for name, field in FIELDS.items():
            self.fields[name] = forms.ChoiceField(label=str(field.label), choices=titles, required=False)
        self.fields["day_form"] = forms.ChoiceField(label=_("How days are written"), choices=list(DAY_FORMS.items()))
        if sample.encoding:
            self.fields["encoding"] = forms.ChoiceField(
                label=_("How letters are written"),
                choices=[(name, name) for name in ENCODINGS],
                help_text=_("Look at the names above. If letters with accents are wrong, choose another."),
            )

    @property
    def reading(self) -> Reading:
        """What was chosen."""
        data = self.cleaned_data
        return Reading({name: data[name] for name in FIELDS}, data["day_form"], data.get("encoding", ""))


class UndoForm(forms.Form):
    """Why a feed is taken back."""

    reason = forms.CharField(
        label=lazy("Why is it taken back?"),
        help_text=lazy("Kept with everything that is taken back."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
