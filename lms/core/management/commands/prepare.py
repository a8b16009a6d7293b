"""Before the site starts: tables, static files, curriculum and demo, each only when it is not there yet."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.core.errors import Refused


class Command(BaseCommand):
    """Prints, on standard output, the demo's sign-ins or how to set up an empty site; progress goes to standard error."""

    help = "Prepare the data directory for the site to start: migrate, collect static files, load curriculum and demo."

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in (settings.DATA_DIR, settings.MEDIA_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        done = _Done(settings.DATA_DIR / "prepared.json")
        if self._migrate():
            done.forget("curriculum", "demo")
        done.once("static", fingerprint(static_files()), self._collect_static)
        done.once("curriculum", fingerprint(_pack_files()), lambda: self._run("load_curriculum", "the curriculum"))
        if os.environ.get("DEMO", "1") != "0":
            done.once("demo", "loaded", self._load_demo)
            if "demo_sign_ins" in get_commands():
                call_command("demo_sign_ins", stdout=self.stdout)
        elif "first_run" in get_commands():
            call_command("first_run", if_open=True, stdout=self.stdout)

    def _migrate(self) -> bool:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        self._say("Preparing the database.")
        call_command("migrate", verbosity=0, interactive=False)
        return True

    def _collect_static(self) -> bool:
        self._say("Collecting static files.")
        call_command("collectstatic", verbosity=0, interactive=False)
        return True

    def _load_demo(self) -> bool:
        try:
            return self._run("load_demo", "the demo organisation")
        except Refused as reason:
            # Somebody's own organisation is at home here, and that is no reason not to start.
            self._say(str(reason))
            return False

    def _run(self, command: str, what: str) -> bool:
        if command not in get_commands():
            return False
        self._say(f"Loading {what}.")
        call_command(command, stdout=self.stderr)
        return True

    def _say(self, sentence: str) -> None:
        self.stderr.write(sentence, self.style.SUCCESS)


class _Done:
    """What was done for which state of its sources, kept beside the data."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.states: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def once(self, name: str, state: str, do: Callable[[], bool]) -> None:
        """Call `do` unless it succeeded for this state and this database before. It says whether it did anything."""
        state = f"{state} in {connection.settings_dict['NAME']}"
        if self.states.get(name) != state and do():
            self.states[name] = state
            self.path.write_text(json.dumps(self.states, indent=1))

    def forget(self, *names: str) -> None:
        """The next `once` does them again."""
        for name in names:
            self.states.pop(name, None)


def static_files() -> Iterable[Path]:
    """All files that `collectstatic` would collect."""
    yield from (Path(store.path(name)) for finder in get_finders() for name, store in finder.list([]))


def _pack_files() -> Iterable[Path]:
    yield from (path for path in (settings.BASE_DIR / "courses" / "packs").rglob("*") if path.is_file())


def fingerprint(files: Iterable[Path]) -> str:
    """A hash of names, sizes and times of change, because reading thousands of files at each start would be felt."""
    digest = hashlib.sha256()
    for path in sorted(files):
        seen = path.stat()
        digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()
