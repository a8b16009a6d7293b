"""What the outbox promises, with processes that are really killed."""

from pathlib import Path

import pytest
from django.db import transaction

from lms.core import outbox
from lms.core.models import OutboxJob
from lms.organisation.models import Employer
from tests.ops.slow_job.job import KIND, offer
from tests.plugins.live_site import LiveSite
from tools.processes import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.live_environment(DJANGO_SETTINGS_MODULE="tests.ops.slow_job.settings"),
]


@pytest.fixture(autouse=True)
def _slow_job_is_known() -> None:
    offer()


def test_a_job_whose_worker_is_killed_halfway_is_done_exactly_once(live_site: LiveSite, tmp_path: Path) -> None:
    with transaction.atomic():
        job = outbox.enqueue(KIND, code="once", folder=str(tmp_path))
    wait_until(lambda: any(tmp_path.glob("begun-*")), seconds=180)

    live_site.kill_worker()
    assert not Employer.objects.filter(code="once").exists()

    (tmp_path / "go").touch()
    live_site.start_beat()
    live_site.start_worker()
    wait_until(lambda: OutboxJob.objects.filter(pk=job.pk, done_at__isnull=False).exists(), seconds=180)
    assert [employer.name for employer in Employer.objects.filter(code="once")] == ["done"]
    assert OutboxJob.objects.get(pk=job.pk).tries == 1


def test_a_job_survives_the_broker(live_site: LiveSite, tmp_path: Path) -> None:
    live_site.processes["valkey"].kill()
    (tmp_path / "go").touch()
    with transaction.atomic():
        job = outbox.enqueue(KIND, code="later", folder=str(tmp_path))
    live_site.restart_valkey()
    live_site.start_beat()
    wait_until(lambda: OutboxJob.objects.filter(pk=job.pk, done_at__isnull=False).exists(), seconds=180)
    assert Employer.objects.get(code="later").name == "done"
