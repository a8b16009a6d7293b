"""Wagtail's page editor with a panel of ours beside courses and lessons. Wagtail has no hook for that."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.edit import EditView

from courses.models import CoursePage, LessonPage
from courses.side_panels import GlancePanel


class EditPage(EditView):
    """The editor of any page."""

    def get_side_panels(self) -> Any:
        """Wagtail's own; beside a course or lesson ours too, unless only its answer to saving is asked for."""
        panels = list(super().get_side_panels())
        if isinstance(self.page, CoursePage | LessonPage) and not self.expects_json_response:
            panels.append(GlancePanel(self.page, self.request))
        return MediaContainer(sorted(panels, key=lambda panel: panel.order))


edit_page = require_admin_access(EditPage.as_view())
