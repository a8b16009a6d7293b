from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.core import navigation


def _decides_on_entry(viewer: object) -> bool:
    # Models are there only once all apps are, so this cannot stand at the top.
    from lms.organisation.access import Capability, remembered_capabilities

    return Capability.DECIDE_ENTRY in remembered_capabilities(viewer)


def _goes_to_sessions(viewer: object) -> bool:
    # Models are there only once all apps are, so this cannot stand at the top.
    from lms.organisation.access import Capability, remembered_capabilities

    if getattr(viewer, "person_id", None) is not None:
        return True
    return bool(remembered_capabilities(viewer) & {Capability.HOLD_SESSIONS, Capability.HOLD_INTEGRITY_SESSIONS})


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        # Models are there only from here on, so this cannot stand at the top.
        from courses import depending, library, ports, signals
        from courses.authoring import taking_away
        from lms.organisation import setup

        signals.connect()
        taking_away.connect()
        ports.dependents.register("courses", depending.of)
        setup.jurisdictions_taught.register("courses", library.jurisdictions_taught)
        navigation.entries.register(
            "courses", navigation.Entry(_("Courses"), "courses", order=30, shown_to=lambda viewer: True)
        )
        navigation.entries.register("events", navigation.Entry(_("Sessions"), "events", 37, _goes_to_sessions))
        navigation.entries.register("entry", navigation.Entry(_("Entry"), "entry_desk", 55, _decides_on_entry))
        navigation.entries.register(
            "library",
            navigation.Entry(
                _("Library"),
                "library",
                order=35,
                shown_to=lambda viewer: bool(getattr(viewer, "is_authenticated", False)),
            ),
        )
