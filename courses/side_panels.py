"""The panel beside a course or lesson in Wagtail's editor: what it holds together, from `glance`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from courses import glance
from courses.models import CoursePage


class GlancePanel(BaseSidePanel):
    """Evidence, minutes, reading, instruments."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """Its button; the number is of the places to read again."""

        aria_label = _("Toggle what it holds together")
        icon_name = "list-ul"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            """With the number."""
            return {**super().get_context_data(parent_context), "count": len(self.panel.glance.again)}

    name = "glance"
    title = _("What it holds together")
    template_name = "courses/admin/glance.html"
    order = 150

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_course = isinstance(self.object, CoursePage)
        self.glance = glance.of_course(self.object) if is_course else glance.of_lesson(self.object)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The figures of the newest draft that was saved."""
        return {**super().get_context_data(parent_context), "glance": self.glance}
