"""Real processes: started in a group of their own, watched, and ended by that group."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from typing import IO, Any

ShowLine = Callable[[str, str], None]


class NotStarted(Exception):
    """A process ended, or stayed silent, before it was ready. The text has the end of what it said."""


class Process:
    """One program of the site. What it prints goes to the file `log`, or line by line to `show(name, line)`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        show: ShowLine | None = None,
        **options: Any,
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.env = env
        self.log = log
        self.show = show
        self.options = options
        self.running: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start it, in a process group of its own. It ends when this process does, however that ends."""
        log = self.log.open("a") if self.log else None
        self.running = subprocess.Popen(
            ending_with_parent(self.command),
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=log or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **self.options,
        )
        if log:
            log.close()
        elif self.running.stdout:
            self._reader = threading.Thread(target=self._pass_on, args=[self.running.stdout], daemon=True)
            self._reader.start()

    def _pass_on(self, lines: IO[str]) -> None:
        for line in lines:
            if self.show:
                self.show(self.name, line.rstrip("\n"))

    @property
    def pid(self) -> int:
        """Of the first process of the group."""
        assert self.running is not None, f"{self.name} was not started"
        return self.running.pid

    @property
    def is_alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self.running is not None and self.running.poll() is None

    def send(self, number: int) -> None:
        """Send a signal to the first process, which passes it on as it sees fit."""
        if self.is_alive:
            os.kill(self.pid, number)

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 15) -> None:
        """Ask it to end; end its whole group if it does not. Harmless when it ended already."""
        self.send(number)
        if self.running is not None:
            with suppress(subprocess.TimeoutExpired):
                self.running.wait(seconds)
            self.kill()

    def kill(self) -> None:
        """kill -9, children included."""
        if self.running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        if self._reader:
            self._reader.join(1)
        elif self.running.stdout:
            self.running.stdout.close()

    def last_words(self, lines: int = 30) -> str:
        """The end of its log."""
        text = self.log.read_text(errors="replace") if self.log and self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def ending_with_parent(command: list[str]) -> list[str]:
    """Let the kernel send SIGTERM when the parent ends without having stopped the process."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else command


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    # Not one that the kernel may give to somebody's outgoing connection before our server listens.
    chance = SystemRandom()
    return next(port for port in iter(lambda: chance.randrange(10_000, 32_000), 0) if is_free(port))


def is_free(port: int) -> bool:
    """Whether a server may listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(ready: Callable[[], bool], *, seconds: float, process: Process | None = None) -> None:
    """Return as soon as `ready()` is true. Raises NotStarted when time is up or `process` has ended."""
    end = time.monotonic() + seconds
    while not ready():
        if process is not None and not process.is_alive:
            raise NotStarted(f"{process.name} ended before it was ready.\n{process.last_words()}")
        if time.monotonic() > end:
            words = process.last_words() if process else ""
            raise NotStarted(f"{process.name if process else 'Something'} was not ready in {seconds} s.\n{words}")
        time.sleep(0.05)
