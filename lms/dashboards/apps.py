from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.core import navigation


def _is_staff_member(viewer: object) -> bool:
    return getattr(viewer, "person_id", None) is not None


class DashboardsConfig(AppConfig):
    name = "lms.dashboards"
    label = "dashboards"
    verbose_name = "Dashboards"

    def ready(self) -> None:
        entries = [("my_learning", _("My learning"), 10, _is_staff_member)]
        for name, label, order, shown_to in entries:
            navigation.entries.register(name, navigation.Entry(label, name, order, shown_to))
