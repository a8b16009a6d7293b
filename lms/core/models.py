"""Tables of the core: who did what, and jobs that must not be lost."""

from django.db import models

from lms.core import clock
from lms.core.events import Event


class AuditEntry(Event):
    """Who did or looked at what, and for which purpose. Written by `audit.record`, kept for years, never changed."""

    action = models.CharField(max_length=100, db_index=True)
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=250, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["subject_type", "subject_id", "-on"], name="core_audit_subject")]
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d %H:%M} {self.action} {self.subject_label}"


class OutboxJob(models.Model):
    """A job written in the transaction that caused it, so that neither can exist without the other."""

    kind = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(done_at__isnull=True), name="core_outbox_open_jobs")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.payload}"
