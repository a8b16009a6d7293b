"""Journeys walk the demo ministry: what `make run` loads, on the live site's own database."""

import os

import pytest
from django.core.management import call_command

from courses.models import StudyUnit
from lms.core import outbox
from lms.core.models import OutboxJob
from lms.demo import sign_ins
from lms.demo.sign_ins import SignIn
from lms.duties import upkeep
from lms.organisation.models import Organisation
from tests.plugins.live_site import LiveSite
from tests.plugins.remembered import Remembered


@pytest.fixture(scope="session")
def ministry(tmp_path_factory: pytest.TempPathFactory) -> Remembered:
    """The curriculum and the ministry with all its jobs done, loaded once in a run."""
    # Each process has a folder of its own; the one above is this run's.
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    return Remembered(_load, _nothing_stands, file=folder / "ministry.pickle", for_a_day=True)


@pytest.fixture
def demo(live_site: LiveSite, ministry: Remembered) -> dict[str, SignIn]:
    """The curriculum and the ministry; how each named person signs in, by name."""
    ministry()
    return {line.name: line for line in sign_ins.listed()}


def _load() -> None:
    call_command("load_curriculum", verbosity=0)
    call_command("load_demo", without_history=True, verbosity=0)
    # A job may leave another.
    while jobs := OutboxJob.objects.filter(done_at__isnull=True).order_by("pk"):
        for job in jobs:
            outbox.run(job.pk)
    upkeep.work_off()


def _nothing_stands() -> bool:
    return not Organisation.objects.exists() and not StudyUnit.objects.exists()
