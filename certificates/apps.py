from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    label = "certificates"

    def ready(self) -> None:
        from certificates import awards, sequencing  # noqa: PLC0415  (models exist only now)
        from courses.ports import result_changed  # noqa: PLC0415
        from lms.core import outbox  # noqa: PLC0415

        outbox.handlers.register("certificates.award", awards.follow_result)
        outbox.handlers.register("certificates.award_missing", awards.award_missing_job)
        outbox.handlers.register("certificates.number", sequencing.number_job)
        result_changed.connect(awards.on_result_changed, dispatch_uid="certificates.award")
