"""A migrated template database, made once for each state of the migrations, and quick copies of it.

Migrating takes seconds and is the same work every time; copying a file or `CREATE DATABASE … TEMPLATE` is not.
"""

import fcntl
import hashlib
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

TEMPLATES = Path(settings.BASE_DIR) / "var" / "test-databases"


def state_of_migrations() -> str:
    """A hash that changes when a migrated database would."""
    digest = hashlib.sha256(f"{django.VERSION} {settings.INSTALLED_APPS}".encode())
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class TemplateDatabase(ABC):
    """Where this process's test database comes from. `name` names the copy; it differs for each process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = state_of_migrations()

    @abstractmethod
    def prepare(self) -> None:
        """See to it that the template is there, whoever else asks for it at the same time."""

    @abstractmethod
    def restore(self) -> None:
        """Make the copy, or make it anew: afterwards it is as after the migrations."""

    @abstractmethod
    def drop(self) -> None:
        """Remove the copy."""


def connect_to(name: str) -> None:
    """Let every connection that is opened from now on lead to the database `name`."""
    connection.close()
    connections.settings["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


class SqliteTemplate(TemplateDatabase):
    """A file that is copied."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder / "test.sqlite3"))
        self.template = TEMPLATES / f"{self.state}.sqlite3"
        # Nothing here must outlive a power cut.
        options = connections.settings["default"].setdefault("OPTIONS", {})
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

    def prepare(self) -> None:
        TEMPLATES.mkdir(parents=True, exist_ok=True)
        with (TEMPLATES / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.template.exists():
                self._build()

    def _build(self) -> None:
        for old in TEMPLATES.glob("*.sqlite3*"):
            old.unlink()
        unfinished = TEMPLATES / f"{self.state}.sqlite3-unfinished"
        connect_to(str(unfinished))
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        unfinished.rename(self.template)

    def restore(self) -> None:
        connect_to(self.name)
        self.drop()
        shutil.copyfile(self.template, self.name)

    def drop(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(self.name + ending).unlink(missing_ok=True)


class PostgresTemplate(TemplateDatabase):
    """A database that new ones are created from, on the server that TEST_DATABASE_URL names."""

    def __init__(self, suffix: str) -> None:
        self.home = connections.settings["default"]["NAME"]
        super().__init__(f"{self.home}_test_{suffix}")
        self.template = f"{self.home}_template_{self.state}"

    def prepare(self) -> None:
        with self._alone() as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template]).fetchone() is None:
                self._build(server)

    def _build(self, server: psycopg.Connection) -> None:
        unfinished = f"{self.template}_unfinished"
        self._execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", unfinished)
        self._execute(server, "CREATE DATABASE {}", unfinished)
        connect_to(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        self._execute(server, "ALTER DATABASE {} RENAME TO {}", unfinished, self.template)

    def restore(self) -> None:
        connect_to(self.name)
        with self._alone() as server:
            self._execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
            self._execute(server, "CREATE DATABASE {} TEMPLATE {}", self.name, self.template)

    def drop(self) -> None:
        connect_to(self.home)
        with self._alone() as server:
            self._execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    @contextmanager
    def _alone(self) -> Iterator[psycopg.Connection]:
        """A connection to the server, with nobody else making or copying a template meanwhile."""
        to = connections.settings["default"]
        address = {"host": to["HOST"], "port": to["PORT"] or None, "user": to["USER"], "password": to["PASSWORD"]}
        with closing(psycopg.connect(dbname=self.home, autocommit=True, **address)) as server:
            server.execute("SELECT pg_advisory_lock(hashtext('frontline test databases'))")
            yield server

    @staticmethod
    def _execute(server: psycopg.Connection, statement: str, *names: str) -> None:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
