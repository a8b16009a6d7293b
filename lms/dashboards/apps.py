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
        # Models are there only from here on, so this cannot stand at the top.
        from lms.dashboards.packs.kinds import KINDS
        from lms.duties.periods.packs import packs
        from lms.organisation.access import MATRIX, Capability, remembered_capabilities
        from lms.organisation.models import Role

        def leads(viewer: object) -> bool:
            return remembered_capabilities(viewer) >= MATRIX[Role.SUPERVISOR]

        def sees_to_integrity(viewer: object) -> bool:
            return Capability.ASSIGN_INTEGRITY in remembered_capabilities(viewer)

        for name, kind in KINDS.items():
            packs.register(name, kind)

        entries = [
            ("my_learning", _("My learning"), 10, _is_staff_member),
            ("team", _("My team"), 20, leads),
            ("integrity", _("Integrity"), 50, sees_to_integrity),
        ]
        for name, label, order, shown_to in entries:
            navigation.entries.register(name, navigation.Entry(label, name, order, shown_to))
