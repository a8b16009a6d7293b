from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from lms.core import navigation


class OrganisationConfig(AppConfig):
    name = "lms.organisation"
    label = "organisation"
    verbose_name = "Organisation"

    def ready(self) -> None:
        # Models are there only from here on, so these cannot stand at the top.
        from lms.core import outbox
        from lms.organisation import access, first_sign_ins, first_steps, grants
        from lms.organisation.feed import jobs

        navigation.entries.register(
            "staff",
            navigation.Entry(
                _("Staff"),
                "staff",
                order=60,
                shown_to=lambda viewer: access.Capability.ISSUE_CODES in access.remembered_capabilities(viewer),
            ),
        )
        for name in ("read_feed", "compare_feed", "apply_feed", "undo_feed"):
            outbox.handlers.register(f"organisation.{name}", getattr(jobs, name))
        setting_up = {access.Capability.SET_UP, access.Capability.MANAGE_STAFF}
        navigation.entries.register(
            "organisation",
            navigation.Entry(
                _("Organisation"),
                "organisation",
                order=65,
                shown_to=lambda viewer: bool(access.remembered_capabilities(viewer) & setting_up),
            ),
        )
        first_steps.register_own()
        user_logged_in.connect(first_sign_ins.remember, dispatch_uid="organisation.first_sign_in")
        user_logged_in.connect(grants.sync_on_sign_in, dispatch_uid="organisation.groups")
