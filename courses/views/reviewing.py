"""The report *what is due for review* in Wagtail: sorted by column, filtered by reason, as a page or a spreadsheet."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses.models import Instrument
from courses.reviewing import Due, Reason, due

EDITING = ["add", "change", "publish"]


class _Filters(WagtailFilterSet):
    """By reason. The rows are computed, so that there is no table to filter."""

    reason = django_filters.MultipleChoiceFilter(
        label=_("Reason"), choices=Reason.choices, widget=forms.CheckboxSelectMultiple
    )


class DueForReview(ReportView):
    """For whoever edits pages."""

    permission_policy = policy_registry.get_by_type(Page)
    any_permission_required = EDITING
    page_title = _("What is due for review")
    header_icon = "calendar-check"
    index_url_name = "due_for_review"
    index_results_url_name = "due_for_review_results"
    filterset_class = _Filters
    default_ordering = None
    table_classname = "listing frontline-due"
    export_filename = "due-for-review"
    list_export = ["what", "kind", "course", "reason_in_words", "why", "due_on"]
    export_headings = {
        "what": _("What"),
        "kind": _("Kind"),
        "course": _("Course"),
        "reason_in_words": _("Reason"),
        "why": _("Why"),
        "due_on": _("Day"),
    }
    columns = [
        TitleColumn("what", label=_("What"), sort_key="what", get_url=lambda row: row.url, width="240"),
        Column("kind", label=_("Kind"), sort_key="kind"),
        Column("course", label=_("Course"), sort_key="course"),
        Column("reason_in_words", label=_("Reason"), sort_key="reason"),
        Column("why", label=_("Why")),
        Column("day", label=_("Day"), accessor="due_on_in_words", sort_key="due_on"),
    ]

    def get_base_queryset(self) -> list[Due]:
        """Rows out of facts, most urgent first."""
        return due()

    def order_queryset(self, queryset: list[Due]) -> list[Due]:
        """By a column, where one was asked for."""
        name = str(self.ordering or "")
        if not name:
            return queryset
        key = name.removeprefix("-")
        return sorted(queryset, key=lambda row: _sortable(getattr(row, key)), reverse=name.startswith("-"))

    def filter_queryset(self, queryset: list[Due]) -> list[Due]:
        """With the reasons that were ticked; all where none was."""
        wanted = self.filters.form.cleaned_data["reason"] if self.filters and self.filters.is_valid() else []
        return [row for row in queryset if not wanted or row.reason in wanted]

    def get_filterset_kwargs(self) -> dict[str, Any]:
        """A filter form wants a table; it is not asked."""
        return {**super().get_filterset_kwargs(), "queryset": Instrument.objects.none()}


def _sortable(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "").casefold()
