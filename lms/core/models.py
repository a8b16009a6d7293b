"""Tables of the core: who did what, jobs that must not be lost, and files that workers write."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class Export(models.Model):
    """A table that a worker writes to a file, for whoever asked for it alone. The row is its own outbox.

    `beat_at` is the last sign of life of the worker at it, and `attempt` says which one may finish it; the file is
    offered once it is whole, until `expires_at`.
    """

    class Format(models.TextChoices):
        CSV = "csv", _("CSV, for any program")
        XLSX = "xlsx", _("XLSX, for Excel")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    parameters = models.JSONField(default=dict)
    format = models.CharField(max_length=10, choices=Format)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=500)
    asked_at = models.DateTimeField(default=clock.now)
    beat_at = models.DateTimeField(null=True, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    to_do = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    failed_why = models.CharField(max_length=500, blank=True)
    file = models.CharField(max_length=200, blank=True, help_text="Its name in private storage; empty: none.")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(format__in=["csv", "xlsx"]), name="core_export_format_known"),
            models.CheckConstraint(condition=~models.Q(purpose=""), name="core_export_says_why"),
            models.CheckConstraint(
                condition=models.Q(file="") | models.Q(finished_at__isnull=False),
                name="core_export_offers_no_half_file",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="core_export_of_somebody")]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """Where it stands, in a word that pages show."""
        if self.failed_why:
            return "failed"
        if self.finished_at is not None:
            return "ready" if self.file else "expired"
        return "under way" if self.beat_at is not None else "waiting"

    @property
    def is_under_way(self) -> bool:
        """Whether another look is worth it."""
        return self.state in {"waiting", "under way"}
