"""Jobs that must not be lost: with the cause or not at all, at least once, again after failures, harmless twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from lms.core import clock, outbox
from lms.core.models import OutboxJob
from lms.core.ports import Registry
from lms.organisation.models import Employer
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a handler of the kind `note` was given. It fails while its payload's `fails` is set."""
    seen: list[dict[str, Any]] = []

    def note(payload: dict[str, Any]) -> None:
        Employer.objects.create(code=f"job-{len(seen)}", name="made by the job")
        seen.append(payload)
        if payload.get("fails"):
            raise ValueError("no such luck")

    registry: Registry[outbox.Handler] = Registry("outbox handlers")
    registry.register("note", note)
    monkeypatch.setattr(outbox, "handlers", registry)
    return seen


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs that were given to the broker, instead of doing them."""
    ids: list[int] = []
    monkeypatch.setattr(outbox.run_outbox_job, "delay", ids.append)
    return ids


def test_a_job_is_sent_once_its_cause_is_committed(
    handled: list[dict[str, Any]], sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = outbox.enqueue("note", number=1)
        assert sent == []
    assert sent == [job.pk]


def test_a_job_whose_cause_is_rolled_back_never_was(
    handled: list[dict[str, Any]], sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.enqueue("note")
        transaction.set_rollback(True)
    assert sent == []
    assert not OutboxJob.objects.exists()


def test_an_unknown_kind_fails_where_it_was_caused(handled: list[dict[str, Any]]) -> None:
    with pytest.raises(LookupError, match="nothing is registered for 'nothing'"):
        outbox.enqueue("nothing")


def test_a_job_is_done_once_however_often_it_arrives(handled: list[dict[str, Any]], sent: list[int]) -> None:
    job = outbox.enqueue("note", number=1)
    for _time in range(3):
        outbox.run_outbox_job(job.pk)
    job.refresh_from_db()
    assert handled == [{"number": 1}]
    assert (job.done_at is not None, job.tries) == (True, 1)


def test_a_job_that_is_gone_is_nothing_to_do(handled: list[dict[str, Any]]) -> None:
    outbox.run_outbox_job(987)
    assert handled == []


def test_a_failed_job_leaves_nothing_behind_but_its_reason(
    handled: list[dict[str, Any]], sent: list[int], at: SetClock
) -> None:
    moment = at("2026-03-02T09:00")
    job = outbox.enqueue("note", fails=True)
    with pytest.raises(ValueError, match="no such luck"):
        outbox.run_outbox_job(job.pk)
    job.refresh_from_db()
    assert not Employer.objects.exists()
    assert (job.done_at, job.tries, job.last_error) == (None, 1, "ValueError: no such luck")
    assert job.next_try_at == moment + timedelta(seconds=40)


def test_waits_grow_to_an_hour_and_no_further(handled: list[dict[str, Any]], sent: list[int], at: SetClock) -> None:
    moment = at("2026-03-02T09:00")
    job = outbox.enqueue("note", fails=True)
    waits = []
    for _time in range(9):
        outbox.note_failure(job.pk, ValueError("again"))
        job.refresh_from_db()
        waits.append((job.next_try_at - moment).total_seconds())
    assert waits == [40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_a_late_failure_does_not_reopen_a_job_that_is_done(handled: list[dict[str, Any]], sent: list[int]) -> None:
    job = outbox.enqueue("note")
    outbox.run(job.pk)
    outbox.note_failure(job.pk, ValueError("late"))
    job.refresh_from_db()
    assert (job.tries, job.last_error) == (1, "")


def test_the_sweeper_sends_what_is_due_and_nothing_else(
    handled: list[dict[str, Any]], sent: list[int], at: SetClock
) -> None:
    at("2026-03-02T09:00:00")
    lost, done = outbox.enqueue("note"), outbox.enqueue("note")
    outbox.run(done.pk)
    assert outbox.sweep() == 0
    at("2026-03-02T09:00:21")
    young = outbox.enqueue("note")
    assert (outbox.sweep(), sent) == (1, [lost.pk])
    assert young.pk not in sent


def test_while_nobody_works_the_sweeper_does_not_fill_the_queue(handled: list[dict[str, Any]], sent: list[int]) -> None:
    start = clock.now()
    with clock.at(start):
        outbox.enqueue("note")
    for second in range(0, 3600, 10):
        with clock.at(start + timedelta(seconds=second)):
            outbox.sweep()
    # Twenty seconds, then twice the age each time, instead of every ten seconds.
    assert 5 <= len(sent) <= 10


@pytest.mark.parametrize("error", [OperationalError("down"), RedisConnectionError("gone")])
def test_a_broker_that_is_down_loses_nothing_and_stops_nobody(
    error: Exception,
    handled: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def fail(job_id: int) -> None:
        raise error

    monkeypatch.setattr(outbox.run_outbox_job, "delay", fail)
    with django_capture_on_commit_callbacks(execute=True):
        job = outbox.enqueue("note")
    assert OutboxJob.objects.get(pk=job.pk).done_at is None
