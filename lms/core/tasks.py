"""Where Celery looks for this room's tasks."""

from lms.core.outbox import run_outbox_job, sweep_outbox

__all__ = ["run_outbox_job", "sweep_outbox"]
