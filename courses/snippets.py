"""The curriculum in Wagtail: study units, outcomes, criteria, instruments and documents.

Versions of criteria and documents are frozen, since decisions and acknowledgements point at them: here one adds the
next, beginning with the words of the last (*Next version* in the lists).
"""

from typing import Any

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.models import (
    Acknowledgement,
    CertifiedDraft,
    Criterion,
    CriterionDecision,
    CriterionVersion,
    Document,
    DocumentVersion,
    EntrySubject,
    Instrument,
    LearningOutcome,
    LessonPage,
    StudyUnit,
)
from courses.snippet_forms import CriterionVersionForm, DocumentVersionForm, FixedCodeForm


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


def _panels(*names: str, form: Any = FixedCodeForm) -> ObjectList:
    return ObjectList([FieldPanel(name) for name in names], base_form_class=form)


def _count(model: type[models.Model], of: str) -> Coalesce:
    """How many rows of `model` name the row in their column `of`."""
    rows = model._default_manager.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Coalesce(Subquery(rows.annotate(rows=Count("pk")).values("rows")), 0, output_field=IntegerField())


def _newest(column: str) -> Subquery:
    """A column of a criterion's newest version."""
    versions = CriterionVersion.objects.filter(criterion=OuterRef("pk")).order_by("-number")
    return Subquery(versions.values(column)[:1])


class _Listed(SnippetViewSet):
    """A list with what each row is used by."""

    copy_view_enabled = False
    counted: dict[str, tuple[type[models.Model], str]] = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows with the figures that the list shows."""
        counts = {name: _count(model, of) for name, (model, of) in self.counted.items()}
        rows: QuerySet[Any] = self.model._default_manager.annotate(**counts)
        return rows


class _Versions(_Listed):
    """Added, looked at, never changed. A copy begins with the words of the last."""

    icon = "history"
    inspect_view_enabled = True
    copy_view_enabled = True


class StudyUnits(_Listed):
    """Parts of the curriculum."""

    model = StudyUnit
    icon = "folder"
    counted = {"criteria_count": (Criterion, "unit")}
    list_display = ["code", "title", Column("criteria_count", label=gettext_lazy("Criteria"))]
    search_fields = ["code", "title"]
    edit_handler = _panels("code", "title")


class Outcomes(_Listed):
    """What somebody can do after learning."""

    model = LearningOutcome
    icon = "success"
    counted = {"criteria_count": (Criterion, "outcome")}
    list_display = ["code", "unit", "text", Column("criteria_count", label=gettext_lazy("Criteria"))]
    list_filter = ["unit"]
    search_fields = ["code", "text"]
    edit_handler = _panels("unit", "code", "text")


class Criteria(_Listed):
    """Identities of criteria, as worded now."""

    model = Criterion
    icon = "tick"
    counted = {"courses": (CertifiedDraft, "criterion"), "version_count": (CriterionVersion, "criterion")}
    list_display = [
        "code",
        Column("text_now", label=gettext_lazy("As worded now")),
        "unit",
        "outcome",
        Column("version_count", label=gettext_lazy("Versions")),
        Column("courses", label=gettext_lazy("Courses that certify it")),
    ]
    list_filter = ["unit", "outcome"]
    search_fields = ["code", "versions__text"]
    edit_handler = _panels("unit", "outcome", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With today's words."""
        rows: QuerySet[Any] = super().get_queryset(request).select_related("unit", "outcome")
        worded: QuerySet[Any] = rows.annotate(text_now=_newest("text"))
        return worded


class CriterionVersions(_Versions):
    """Criteria as worded from a version on."""

    model = CriterionVersion
    menu_label = gettext_lazy("Criterion versions")
    counted = {"decisions": (CriterionDecision, "criterion_version")}
    list_display = [
        "criterion",
        "number",
        "text",
        "is_critical",
        Column("decisions", label=gettext_lazy("Decisions by it")),
    ]
    list_filter = ["criterion__unit", "is_critical"]
    search_fields = ["criterion__code", "text"]
    edit_handler = _panels(
        "criterion", "text", "is_critical", "evidence", "range_text", "jurisdiction", form=CriterionVersionForm
    )


class Instruments(_Listed):
    """Laws, rules, policies and codes."""

    model = Instrument
    icon = "openquote"
    counted = {"lessons": (LessonPage.instruments.through, "instrument")}
    list_display = [
        "title",
        "jurisdiction",
        "kind",
        "as_at",
        "review_due",
        "superseded_on",
        Column("lessons", label=gettext_lazy("Lessons that name it")),
    ]
    list_filter = ["jurisdiction", "kind", "review_due"]
    search_fields = ["code", "title", "citation"]
    edit_handler = _panels(
        *("code", "title", "kind", "jurisdiction", "as_at", "review_due"),
        *("superseded_on", "superseded_by", "citation", "note"),
    )


class Documents(_Listed):
    """Documents of the library."""

    model = Document
    icon = "doc-full"
    counted = {"lessons": (LessonPage, "document"), "version_count": (DocumentVersion, "document")}
    list_display = [
        "title",
        "code",
        "kind",
        "jurisdiction",
        "owner",
        Column("version_count", label=gettext_lazy("Versions")),
        Column("lessons", label=gettext_lazy("Lessons that ask for it")),
    ]
    list_filter = ["kind", "jurisdiction"]
    search_fields = ["code", "title", "owner"]
    edit_handler = _panels("code", "title", "kind", "jurisdiction", "owner")


class DocumentVersions(_Versions):
    """Documents as in effect from a day on."""

    model = DocumentVersion
    menu_label = gettext_lazy("Document versions")
    counted = {"signed": (Acknowledgement, "document_version")}
    list_display = [
        "document",
        "version",
        "effective_on",
        "review_due",
        Column("signed", label=gettext_lazy("People who put their name to it")),
    ]
    list_filter = ["document", "review_due"]
    search_fields = ["document__title", "version"]
    edit_handler = _panels(
        *("document", "version", "effective_on", "review_due", "what_changed", "sign_again_days"),
        *("body", "acknowledgement", "instruments"),
        form=DocumentVersionForm,
    )


class EntrySubjects(_Listed):
    """What people bring with them to a course."""

    model = EntrySubject
    icon = "key"
    list_display = ["name", "levels"]
    search_fields = ["name"]
    edit_handler = _panels("name", "levels")


class CurriculumGroup(SnippetViewSetGroup):
    """All of it under one entry of the menu."""

    items = (StudyUnits, Outcomes, Criteria, CriterionVersions, Instruments, Documents, DocumentVersions) + (
        EntrySubjects,
    )
    menu_label = gettext_lazy("Curriculum")
    menu_icon = "list-ul"
    menu_order = 200
