"""Jobs that must not be lost: a row in the causing transaction, sent on commit, sent again by a sweeper.

A handler runs at least once, so it must be harmless the second time. Rooms register theirs in `AppConfig.ready()`.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from lms.core import clock
from lms.core.models import OutboxJob
from lms.core.ports import Registry

logger = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
handlers: Registry[Handler] = Registry("outbox handlers")
_LONGEST_WAIT = timedelta(hours=1)
_AT_A_TIME = 1000


def enqueue(kind: str, **payload: Any) -> OutboxJob:
    """Add a job to this transaction; a worker gets it once the transaction is committed."""
    handlers[kind]  # An unknown kind fails here, where it was caused.
    now = clock.now()
    job = OutboxJob.objects.create(kind=kind, payload=payload, created_at=now, next_try_at=now + _patience())
    transaction.on_commit(lambda: _send(job.pk))
    return job


def run(job_id: int) -> None:
    """Do one job, unless it is done. The handler's rows and the mark *done* are one transaction."""
    with transaction.atomic():
        # A job that another worker is at is left to that worker, and to the sweeper should it die.
        job = OutboxJob.objects.select_for_update(skip_locked=True).filter(pk=job_id, done_at__isnull=True).first()
        if job is None:
            return
        handlers[job.kind](job.payload)
        job.done_at, job.tries, job.last_error = clock.now(), job.tries + 1, ""
        job.save()


def note_failure(job_id: int, error: Exception) -> None:
    """Keep what went wrong and try again later, waiting twice as long each time up to an hour."""
    with transaction.atomic():
        job = OutboxJob.objects.select_for_update().get(pk=job_id)
        if job.done_at is not None:
            return
        job.tries += 1
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        wait = _patience() * 2 ** min(job.tries, 10)
        job.next_try_at = clock.now() + min(wait, _LONGEST_WAIT)
        job.save()


def sweep() -> int:
    """Send again every job that is due and not done. Returns how many."""
    now = clock.now()
    with transaction.atomic():
        due = OutboxJob.objects.select_for_update(skip_locked=True).filter(done_at__isnull=True, next_try_at__lte=now)
        jobs = list(due.order_by("next_try_at")[:_AT_A_TIME])
        for job in jobs:
            # Twice the job's age each time: while no worker runs, the queue does not fill with copies of it.
            job.next_try_at = now + min(max(now - job.created_at, _patience()), _LONGEST_WAIT)
        OutboxJob.objects.bulk_update(jobs, ["next_try_at"])
    for job in jobs:
        _send(job.pk)
    return len(jobs)


@shared_task(name="lms.core.run_outbox_job")
def run_outbox_job(job_id: int) -> None:
    """Celery's task: do one job. A failure is kept on the job, where the sweeper finds it."""
    try:
        run(job_id)
    except Exception as error:
        note_failure(job_id, error)
        raise


@shared_task(name="lms.core.sweep_outbox")
def sweep_outbox() -> int:
    """Beat's task: send again what is due and not done."""
    return sweep()


def _patience() -> timedelta:
    return timedelta(seconds=settings.OUTBOX_PATIENCE_SECONDS)


def _send(job_id: int) -> None:
    try:
        run_outbox_job.delay(job_id)
    except (OperationalError, RedisError):
        # The broker is down; the job is safe in its table and the sweeper sends it when the broker is back.
        logger.warning("Outbox job %s waits: the broker does not answer.", job_id)
