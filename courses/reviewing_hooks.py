"""*What is due for review* in Wagtail: its address, its place in the reports menu and on the authors' home."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from courses import reviewing
from courses.views.reviewing import EDITING, DueForReview
from lms.core.gates import declare


def _may_see(request: HttpRequest) -> bool:
    may: bool = policy_registry.get_by_type(Page).user_has_any_permission(request.user, EDITING)
    return may


class DueMenuItem(MenuItem):
    """For whoever edits pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the viewer may open it."""
        return _may_see(request)


class DuePanel(Component):
    """How much is due, on the authors' home."""

    name = "due_for_review"
    template_name = "courses/admin/due_panel.html"
    order = 90

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The number of things, and the most urgent ones."""
        rows = reviewing.due()
        return {"number": len(rows), "first": rows[:5]}


def addresses() -> list[URLPattern]:
    """Below `/admin/`."""
    page, results = DueForReview.as_view(), DueForReview.as_view(results_only=True)
    for view in (page, results):
        declare(view, "may edit pages, as Wagtail says")
    return [
        path("reports/due-for-review/", page, name="due_for_review"),
        path("reports/due-for-review/results/", results, name="due_for_review_results"),
    ]


def menu_item() -> MenuItem:
    """Among Wagtail's reports."""
    label = _("What is due for review")
    return DueMenuItem(label, reverse("due_for_review"), name="due-for-review", icon_name="calendar-check", order=100)


def home_panel(request: HttpRequest, panels: list[Component]) -> None:
    """On the authors' home."""
    if _may_see(request):
        panels.append(DuePanel())


def css() -> str:
    """For the report's table on a phone."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin.css"))
