"""Writing audit entries: one function, called by the steps themselves."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from lms.core.actors import Actor, columns
from lms.core.models import AuditEntry


def record(action: str, subject: models.Model, *, by: Actor, purpose: str = "", **details: Any) -> AuditEntry:
    """Say that `by` did `action` to `subject`. `details` must be JSON and hold no more personal data than needed."""
    entry = _entry(action, subject, by=by, purpose=purpose, details=details)
    entry.save()
    return entry


def record_all(action: str, subjects: Sequence[models.Model], *, by: Actor, purpose: str = "", **details: Any) -> None:
    """The same for many subjects of one act, in few statements."""
    AuditEntry.objects.bulk_create(
        [_entry(action, subject, by=by, purpose=purpose, details=details) for subject in subjects], batch_size=500
    )


def _entry(action: str, subject: models.Model, *, by: Actor, purpose: str, details: dict[str, Any]) -> AuditEntry:
    identity = getattr(subject, "uuid", None) or subject.pk
    return AuditEntry(
        action=action,
        subject_type=subject._meta.label,
        subject_id=str(identity),
        subject_label=str(subject)[:250],
        purpose=purpose,
        details=details,
        **columns(by),
    )
