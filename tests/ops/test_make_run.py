"""What `make run` starts, and that nothing of it is left when it stops."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

from tests.plugins.live_site import collected_static_files
from tests.plugins.template_database import SqliteTemplate
from tools.processes import Process, free_port, wait_until

pytestmark = [pytest.mark.services, pytest.mark.once]
Start = Callable[..., Process]


@pytest.fixture
def data_dir(tmp_path: Path, template_database: SqliteTemplate, django_db_setup: None) -> Path:
    """A migrated installation without data."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "frontline.sqlite3").write_bytes(template_database.template.read_bytes())
    return folder


@pytest.fixture
def start(data_dir: Path, tmp_path: Path) -> Iterator[Start]:
    """`start(port)` runs the supervisor as make does."""
    started: list[Process] = []

    def start(port: int, **environment: str) -> Process:
        own = {"PORT": str(port), "DATA_DIR": str(data_dir), "DEMO": "0", "STATIC_ROOT": str(collected_static_files())}
        kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        log = tmp_path / f"serve-{len(started)}.log"
        command = [sys.executable, "-m", "tools.serve"]
        process = Process("serve", command, env={**kept, **own, **environment}, log=log, cwd=settings.BASE_DIR)
        started.append(process)
        process.start()
        return process

    yield start
    for process in started:
        process.stop()


def _is_up(process: Process) -> None:
    wait_until(lambda: "Ctrl-C stops it" in process.last_words(), seconds=300, process=process)


def _end(process: Process) -> int:
    assert process.running is not None
    return process.running.wait(120)


def _below(process: Process) -> dict[int, str]:
    """The processes that the supervisor has started, with their command lines."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout
    return {int(line.split()[0]): line for line in listed.splitlines()}


def test_it_serves_refuses_a_second_one_and_stops_everything(start: Start) -> None:
    port = free_port()
    first = start(port)
    _is_up(first)
    with urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.status == 200
    assert f"http://127.0.0.1:{port}/" in first.last_words()
    children = _below(first)
    assert len(children) == 4

    second = start(free_port())
    assert _end(second) == 1
    assert "runs already on the data" in second.last_words()

    first.send(signal.SIGINT)
    assert _end(first) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_when_one_process_dies_all_stop_and_the_next_start_keeps_the_data(start: Start, data_dir: Path) -> None:
    port = free_port()
    site = start(port)
    _is_up(site)
    secret = (data_dir / "secret-key").read_text()
    children = _below(site)
    [worker] = [pid for pid, line in children.items() if "lms.celery worker" in line]

    os.kill(worker, signal.SIGKILL)

    assert _end(site) == 1
    assert "worker has ended (exit code -9), so everything stops." in site.last_words()
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    again = start(port)
    _is_up(again)
    assert (data_dir / "secret-key").read_text() == secret
    again.send(signal.SIGTERM)
    assert _end(again) == 0


def test_it_says_what_is_wrong_with_the_port(start: Start, live_port: int) -> None:
    taken = start(live_port)
    assert _end(taken) == 1
    assert f"Port {live_port} is in use by another program." in taken.last_words()
    nonsense = start(0, PORT="eighty")
    assert _end(nonsense) == 1
    assert "PORT is 'eighty', but must be a number from 1 to 65535." in nonsense.last_words()


@pytest.fixture
def live_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])
