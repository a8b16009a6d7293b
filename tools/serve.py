"""`make run`: one supervisor for Valkey, web, worker and beat. Stopping it stops them; when one ends, all end."""

import fcntl
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError
from types import FrameType

from tools.processes import NotStarted, is_free
from tools.site import ROOT, Site


class CannotRun(Exception):
    """The text says why and what to do."""


def main() -> int:
    """Start the site and keep it up until a signal or the end of one of its processes. The exit code."""
    try:
        port = _port()
        data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
        with _alone_in(data_dir):
            return _Supervisor(Site(data_dir, port=port, show=_say)).run()
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 1


class _Supervisor:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked_to_stop = threading.Event()
        self.is_starting = True

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._start()
            self.is_starting = False
            return self._watch()
        except _Stopped:
            return 0
        except NotStarted as error:
            print(f"Frontline could not start: {error}", file=sys.stderr)
            return 1
        except CalledProcessError:
            print("Frontline could not start: the preparation failed, and says why above.", file=sys.stderr)
            return 1
        finally:
            self.is_starting = False
            self.site.stop()

    def _start(self) -> None:
        self.site.start_valkey()
        sign_ins = self.site.manage("prepare")
        self.site.start_web()
        self.site.start_worker()
        self.site.start_beat()
        print(f"\nFrontline is at {self.site.address}/\n{sign_ins}\nCtrl-C stops it.", flush=True)

    def _watch(self) -> int:
        while not self.asked_to_stop.wait(0.5):
            ended = self.site.ended()
            if ended is not None:
                code = ended.running.returncode if ended.running else None
                print(f"{ended.name} has ended (exit code {code}), so everything stops.", file=sys.stderr)
                return 1
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.asked_to_stop.is_set():
            # Asked twice: somebody is in a hurry.
            self.site.kill()
            return
        self.asked_to_stop.set()
        print("\nStopping.", flush=True)
        if self.is_starting:
            raise _Stopped


class _Stopped(Exception):
    """Asked to stop while still starting."""


@contextmanager
def _alone_in(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"Frontline runs already on the data in {data_dir}. Stop it first, or set DATA_DIR to another folder."
            ) from None
        yield


def _port() -> int:
    wish = os.environ.get("PORT") or "8000"
    if not wish.isdecimal() or not 0 < int(wish) < 65536:
        raise CannotRun(f"PORT is {wish!r}, but must be a number from 1 to 65535.")
    if not is_free(int(wish)):
        raise CannotRun(f"Port {wish} is in use by another program. Stop that one, or choose: make run PORT=8001")
    return int(wish)


def _say(name: str, line: str) -> None:
    print(f"{name:>6} | {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
