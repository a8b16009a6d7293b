"""Writing audit entries: one function, called by the steps themselves."""

from typing import Any

from django.db import models

from lms.core.actors import Actor, columns
from lms.core.models import AuditEntry


def record(action: str, subject: models.Model, *, by: Actor, purpose: str = "", **details: Any) -> AuditEntry:
    """Say that `by` did `action` to `subject`. `details` must be JSON and hold no more personal data than needed."""
    identity = getattr(subject, "uuid", None) or subject.pk
    return AuditEntry.objects.create(
        action=action,
        subject_type=subject._meta.label,
        subject_id=str(identity),
        subject_label=str(subject)[:250],
        purpose=purpose,
        details=details,
        **columns(by),
    )
