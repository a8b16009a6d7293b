"""Forms of the curriculum in Wagtail: codes stay, versions are added and never changed."""

from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from courses.models import CriterionVersion, Document, EvidenceKind
from courses.models.framework import changes_due_days
from lms.core import clock


class FixedCodeForm(WagtailAdminModelForm):
    """A code is given once: packs, records and addresses go by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("Stays as it is: packs, records and addresses go by it.")


class NextVersionForm(WagtailAdminModelForm):
    """Adds a row and never changes one: given a version to copy, it begins with that one’s words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        last = kwargs.get("instance")
        if last is not None and last.pk:
            kwargs["instance"] = type(last)()
            kwargs["initial"] = {**forms.model_to_dict(last), **(kwargs.get("initial") or {}), **self.begun_anew()}
        super().__init__(*args, **kwargs)

    def begun_anew(self) -> dict[str, Any]:
        """What is not taken over from the last version."""
        return {}


class CriterionVersionForm(NextVersionForm):
    """The next version of a criterion: its number follows by itself."""

    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("Evidence that can show it"),
        choices=[choice for choice in EvidenceKind.choices if choice[0] != EvidenceKind.PRIOR_LEARNING],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        """Another wording than the last."""
        data: dict[str, Any] = super().clean()
        criterion = data.get("criterion")
        last = criterion.versions.order_by("-number").first() if criterion else None
        names = ("text", "is_critical", "evidence", "range_text", "jurisdiction")
        if last is not None and all(data.get(name) == getattr(last, name) for name in names):
            self.add_error("text", _("This is how it is worded already. Change something, or leave it as it is."))
        return data

    def save(self, commit: bool = True) -> Any:
        """Number it."""
        last = CriterionVersion.objects.filter(criterion=self.instance.criterion).aggregate(last=Max("number"))["last"]
        self.instance.number = (last or 0) + 1
        return super().save(commit)


class DocumentVersionForm(NextVersionForm):
    """The next version of a document."""

    def begun_anew(self) -> dict[str, Any]:
        """The words are kept, the name and the days are not."""
        days = changes_due_days()
        return {
            "version": "",
            "effective_on": clock.today(),
            "review_due": None,
            "what_changed": "",
            "sign_again_days": days,
        }

    def clean(self) -> dict[str, Any]:
        """Later than the last, and looked at again after it takes effect."""
        data: dict[str, Any] = super().clean()
        effective_on, review_due = data.get("effective_on"), data.get("review_due")
        if effective_on and review_due and review_due <= effective_on:
            self.add_error("review_due", _("The review must be later than the day from which it is in effect."))
        document: Document | None = data.get("document")
        last = document.versions.order_by("-effective_on").first() if document else None
        if last is not None and effective_on and effective_on < last.effective_on:
            words = {"version": last.version, "day": last.effective_on}
            self.add_error(
                "effective_on", _("Version %(version)s is in effect from %(day)s: begin no earlier.") % words
            )
        return data
