"""Where Celery looks for this room's tasks."""

from lms.core.exports.making import make_export, sweep_exports
from lms.core.outbox import run_outbox_job, sweep_outbox

__all__ = ["make_export", "run_outbox_job", "sweep_exports", "sweep_outbox"]
