from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from lms.core import navigation


class CertificatesConfig(AppConfig):
    name = "certificates"
    label = "certificates"
    verbose_name = "Certificates"

    def ready(self) -> None:
        # Models are there only from here on, so these cannot stand at the top.
        from certificates import awards, course_page, sequencing
        from courses.ports import course_steps, result_changed
        from lms.core import outbox
        from lms.organisation.access import Capability, remembered_capabilities

        outbox.handlers.register("certificates.award", awards.follow_result)
        outbox.handlers.register("certificates.award_missing", awards.award_missing_job)
        outbox.handlers.register("certificates.number", sequencing.number_job)
        result_changed.connect(awards.on_result_changed, dispatch_uid="certificates.award")
        course_steps.register("certificate", course_page.certificate_steps)
        mine = navigation.Entry(
            _("My certificates"),
            "certificate_list",
            order=30,
            shown_to=lambda viewer: getattr(viewer, "person_id", None) is not None,
        )
        register = navigation.Entry(
            _("Register"),
            "register",
            order=70,
            shown_to=lambda viewer: Capability.SEE_REGISTER in remembered_capabilities(viewer),
        )
        issuer = navigation.Entry(
            _("Issuer"),
            "certificate_issuer",
            order=90,
            shown_to=lambda viewer: Capability.REVOKE in remembered_capabilities(viewer),
        )
        navigation.entries.register("certificates", mine)
        navigation.entries.register("register", register)
        navigation.entries.register("issuer", issuer)
