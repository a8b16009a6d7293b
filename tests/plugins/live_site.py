"""`live_site`: the real thing on the test's own database. Web, Valkey and worker as processes, as `make run` has them.

What the test writes with the ORM, the processes see, and the other way round. `live_site.move(days=3)` moves the time
of all of them and of the test. `live_site.kill_worker()` is kill -9.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import kombu.pools
import pytest
import redis
from django.conf import settings as django_settings
from pytest_django import Settings

from lms import celery_app
from lms.core.management.commands.prepare import fingerprint, static_files
from lms.settings import base
from tests.plugins.database import database_url
from tools.processes import free_port
from tools.site import Site

_STATIC = Path(django_settings.BASE_DIR) / "var" / "test-static"
_PATIENCE = 2


class LiveSite(Site):
    """A site whose time can be moved and whose processes can be killed."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.clock_file = folder / "clock"
        self.clock_file.write_text("0")
        log_dir = folder / "logs"
        log_dir.mkdir()
        environment["FRONTLINE_CLOCK"] = f"@{self.clock_file}"
        super().__init__(folder / "data", port=free_port(), environment=environment, log_dir=log_dir)
        self._shift = timedelta()

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"{self.address}{path}"

    def move(self, **by: float) -> None:
        """Move time on for every process and for the test: `move(days=3, minutes=1)`."""
        self._shift += timedelta(**by)
        new = self.clock_file.with_suffix(".new")
        new.write_text(str(self._shift.total_seconds()))
        new.replace(self.clock_file)

    def kill_worker(self) -> None:
        """kill -9 of the worker and its children. `start_worker()` starts another."""
        self.processes["worker"].kill()

    def kill_web(self) -> None:
        """kill -9 of the web process and its children. `start_web()` starts another."""
        self.processes["web"].kill()

    def mails(self) -> list[EmailMessage]:
        """What was sent, oldest first, with all the mails of one message file."""
        files = sorted((self.data_dir / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        parts = [part for file in files for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n") if part.strip()]
        return [message_from_bytes(part, policy=policy.default) for part in parts]

    def logs(self) -> str:
        """The end of what each process said."""
        return "\n".join(f"--- {name}\n{process.last_words()}" for name, process in self.processes.items())


@pytest.fixture
def live_site(
    request: pytest.FixtureRequest,
    transactional_db: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[LiveSite]:
    """The site with web, Valkey and worker running; `live_site.start_beat()` where beat matters."""
    # A password that the test sets must open the door of the real site.
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    settings.OUTBOX_PATIENCE_SECONDS = _PATIENCE
    site = LiveSite(tmp_path, _environment(request))
    monkeypatch.setenv("FRONTLINE_CLOCK", site.environment["FRONTLINE_CLOCK"])
    try:
        site.start_valkey()
        _empty(site.environment["REDIS_URL"])
        with _jobs_go_to(site.environment["REDIS_URL"]):
            site.start_worker()
            site.start_web()
            yield site
    finally:
        site.kill()
        # Shown by pytest when the test failed.
        print(site.logs())  # noqa: T201


def _environment(request: pytest.FixtureRequest) -> dict[str, str]:
    marker = request.node.get_closest_marker("live_environment")
    return {
        "DJANGO_SETTINGS_MODULE": "lms.settings.development",
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "STATIC_ROOT": str(collected_static_files()),
        "OUTBOX_PATIENCE_SECONDS": str(_PATIENCE),
        "OUTBOX_SWEEP_SECONDS": "1",
        **(marker.kwargs if marker else {}),
    }


def collected_static_files() -> Path:
    """Static files as a real site serves them, collected once for each state of theirs."""
    folder = _STATIC / fingerprint(static_files())[:16]
    _STATIC.mkdir(parents=True, exist_ok=True)
    with (_STATIC / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            site = Site(_STATIC, port=0, environment={"STATIC_ROOT": str(unfinished), **_PLAIN})
            site.manage("collectstatic", "--noinput", "--verbosity", "0")
            unfinished.rename(folder)
    return folder


_PLAIN = {"DJANGO_SETTINGS_MODULE": "lms.settings.development", "SECRET_KEY": "for collecting files"}


def _empty(url: str) -> None:
    with redis.Redis.from_url(url) as server:
        server.flushdb()


@contextmanager
def _jobs_go_to(url: str) -> Iterator[None]:
    """Let what the test itself enqueues go to the real worker, not be done on the spot."""
    before = {"broker_url": celery_app.conf.broker_url, "task_always_eager": celery_app.conf.task_always_eager}
    _set_broker({"broker_url": url, "task_always_eager": False})
    try:
        yield
    finally:
        _set_broker(before)


def _set_broker(values: dict[str, object]) -> None:
    celery_app.conf.update(values)
    # Connections to the broker before would be used again.
    kombu.pools.reset()  # type: ignore[no-untyped-call]
    celery_app.amqp._producer_pool = None
    celery_app._pool = None
