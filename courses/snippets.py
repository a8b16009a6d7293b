"""The framework in Wagtail: study units, outcomes, criteria, instruments and documents.

Versions of criteria and documents are frozen, since decisions and acknowledgements point at them: here one adds the
next.
"""

from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.models import (
    Criterion,
    CriterionVersion,
    Document,
    DocumentVersion,
    EntrySubject,
    EvidenceKind,
    Instrument,
    LearningOutcome,
    StudyUnit,
)


class AddOnly(ModelPermissionPolicy):
    """Nobody changes or deletes these rows, superusers included; who may add, may."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Add and view alone."""
        return action in {"add", "view"} and bool(super().user_has_permission(user, "add"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Any of the actions."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """The same for every row."""
        return self.user_has_permission(user, action)


class CriterionVersionForm(WagtailAdminModelForm):
    """The next version of a criterion: its number follows by itself."""

    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("Evidence that can show it"),
        choices=[choice for choice in EvidenceKind.choices if choice[0] != EvidenceKind.PRIOR_LEARNING],
        widget=forms.CheckboxSelectMultiple,
    )

    def save(self, commit: bool = True) -> Any:
        """Number it."""
        last = CriterionVersion.objects.filter(criterion=self.instance.criterion).aggregate(last=Max("number"))["last"]
        self.instance.number = (last or 0) + 1
        return super().save(commit)


class DocumentVersionForm(WagtailAdminModelForm):
    """The next version of a document."""

    def clean(self) -> dict[str, Any]:
        """Looked at again after it takes effect."""
        data: dict[str, Any] = super().clean()
        effective_on, review_due = data.get("effective_on"), data.get("review_due")
        if effective_on and review_due and review_due <= effective_on:
            self.add_error("review_due", _("The review must be later than the day from which it is in effect."))
        return data


class _Versions(SnippetViewSet):
    """Added, looked at, never changed."""

    inspect_view_enabled = True
    copy_view_enabled = False


class CriterionVersions(_Versions):
    """Criteria as worded from a version on."""

    model = CriterionVersion
    icon = "history"
    menu_label = gettext_lazy("Criterion versions")
    list_display = ["criterion", "number", "text", "is_critical"]
    list_filter = ["criterion__unit", "is_critical"]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("criterion", "text", "is_critical", "evidence", "range_text", "jurisdiction")],
        base_form_class=CriterionVersionForm,
    )


class DocumentVersions(_Versions):
    """Documents as in effect from a day on."""

    model = DocumentVersion
    icon = "history"
    menu_label = gettext_lazy("Document versions")
    list_display = ["document", "version", "effective_on", "review_due"]
    edit_handler = ObjectList(
        [
            FieldPanel(name)
            for name in ("document", "version", "effective_on", "review_due", "body", "acknowledgement", "instruments")
        ],
        base_form_class=DocumentVersionForm,
    )


class StudyUnits(SnippetViewSet):
    """Parts of the curriculum."""

    model = StudyUnit
    icon = "folder"
    list_display = ["code", "title"]
    panels = [FieldPanel("code"), FieldPanel("title")]


class Outcomes(SnippetViewSet):
    """What somebody can do after learning."""

    model = LearningOutcome
    icon = "success"
    list_display = ["code", "unit", "text"]
    panels = [FieldPanel("unit"), FieldPanel("code"), FieldPanel("text")]


class Criteria(SnippetViewSet):
    """Identities of criteria."""

    model = Criterion
    icon = "tick"
    list_display = ["code", "unit", "outcome"]
    panels = [FieldPanel("unit"), FieldPanel("outcome"), FieldPanel("code")]


class Instruments(SnippetViewSet):
    """Laws, rules, policies and codes."""

    model = Instrument
    icon = "openquote"
    list_display = ["title", "jurisdiction", "kind", "as_at", "review_due"]
    list_filter = ["jurisdiction", "kind"]
    panels = [
        FieldPanel(name)
        for name in ("code", "title", "kind", "jurisdiction", "as_at", "review_due")
        + ("superseded_on", "superseded_by", "citation", "note")
    ]


class Documents(SnippetViewSet):
    """Documents that people acknowledge."""

    model = Document
    icon = "doc-full"
    list_display = ["title", "code", "jurisdiction", "owner"]
    panels = [FieldPanel(name) for name in ("code", "title", "jurisdiction", "owner")]


class EntrySubjects(SnippetViewSet):
    """What people bring with them to a course."""

    model = EntrySubject
    icon = "key"
    list_display = ["name", "levels"]
    panels = [FieldPanel("name"), FieldPanel("levels")]


class FrameworkGroup(SnippetViewSetGroup):
    """All of it under one entry of the menu."""

    items = (StudyUnits, Outcomes, Criteria, CriterionVersions, Instruments, Documents, DocumentVersions) + (
        EntrySubjects,
    )
    menu_label = gettext_lazy("Framework")
    menu_icon = "list-ul"
    menu_order = 200
