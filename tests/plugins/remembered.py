"""What a slow loader writes, remembered as rows: loaded once in a process, and put back in milliseconds afterwards.

The rows get high ids, so that they meet none of those that a test made before. Instants and days of the clock move with
it. What is not in the database, such as files, is not remembered.
"""

import fcntl
import pickle
from collections.abc import Callable, Collection, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction

from lms.core import clock

# What is loaded gets ids from here; what tests make before and after it gets others.
_FIRST_ID = 1_000_000
_NEXT_ID = 2_000_000
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """A model's table: its columns, and which of them is the key."""

    name: str
    columns: tuple[str, ...]
    key: int

    def rows(self) -> dict[Any, Row]:
        """All rows by key."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self._listed()} FROM {_quoted(self.name)}")
            return {row[self.key]: tuple(map(_plain, row)) for row in cursor.fetchall()}

    def insert(self, rows: list[Row]) -> None:
        """Add rows with the keys that they have."""
        marks = ", ".join(["%s"] * len(self.columns))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {_quoted(self.name)} ({self._listed()}) VALUES ({marks})", rows)

    def update(self, rows: list[Row]) -> None:
        """Write over the rows with the same keys."""
        sets = ", ".join(f"{_quoted(column)} = %s" for column in self.columns)
        key = _quoted(self.columns[self.key])
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(f"UPDATE {_quoted(self.name)} SET {sets} WHERE {key} = %s", [*row, row[self.key]])

    def _listed(self) -> str:
        return ", ".join(map(_quoted, self.columns))


@dataclass
class Rows:
    """What loading added and changed, and when that was by its clock."""

    at: datetime
    new: dict[Table, list[Row]] = field(default_factory=dict)
    changed: dict[Table, list[Row]] = field(default_factory=dict)


@dataclass
class Remembered:
    """`Remembered(load)()` leaves the database as `load()` would. `is_clean` says whether it is as `load` expects it.

    With `file` all processes of a run remember together. With `for_a_day`, rows of the day before are not put back.
    """

    load: Callable[[], object]
    is_clean: Callable[[], bool]
    file: Path | None = None
    for_a_day: bool = False
    _rows: Rows | None = None

    def __call__(self) -> None:
        if not self.is_clean():
            self.load()
            return
        if self._rows is None:
            self._rows = self._together(self.file) if self.file else self._loaded()
        if self.for_a_day and clock.day_of(self._rows.at) != clock.today():
            self.load()
            return
        self._put_back(self._rows)

    def _together(self, file: Path) -> Rows:
        """What another process of this run has loaded, or what we load for all of them."""
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                file.write_bytes(pickle.dumps(self._loaded()))
        rows: Rows = pickle.loads(file.read_bytes())
        return rows

    def _loaded(self) -> Rows:
        # Not the test's own time: the next test has another.
        rows = Rows(Context().run(clock.now))
        with transaction.atomic(), clock.at(rows.at):
            _count_from(_FIRST_ID, _tables())
            before = {table: table.rows() for table in _tables()}
            self.load()
            for table, old in before.items():
                now = table.rows()
                rows.new[table] = [row for key, row in now.items() if key not in old]
                rows.changed[table] = [row for key, row in now.items() if old.get(key, row) != row]
            transaction.set_rollback(True)
        cache.clear()
        return rows

    @staticmethod
    def _put_back(rows: Rows) -> None:
        new = {table: _moved(found, rows.at) for table, found in rows.new.items() if found}
        with transaction.atomic():
            for table, found in rows.changed.items():
                table.update(_moved(found, rows.at))
            for table, found in new.items():
                table.insert(found)
            _count_from(_NEXT_ID, list(new))


def _moved(rows: list[Row], then: datetime) -> list[Row]:
    """The rows as written now: what the clock said then, it says now."""
    now = clock.now()
    says: Mapping[Any, Any] = {
        then: now,
        then.replace(tzinfo=None): now.astimezone(UTC).replace(tzinfo=None),
        clock.day_of(then): clock.today(),
    }
    return [tuple(says.get(value, value) if isinstance(value, date) else value for value in row) for row in rows]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _tables() -> list[Table]:
    tables = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        # The index of words is kept by triggers on the table that it is about.
        if options.managed and not options.proxy and "fts" not in options.db_table:
            columns = tuple(str(column.column) for column in options.local_concrete_fields)
            key = columns.index(options.pk.column) if options.pk else 0
            tables[options.db_table] = Table(options.db_table, columns, key)
    return list(tables.values())


def _count_from(first: int, tables: Collection[Table]) -> None:
    """Let each table's next id be at least the one after this."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            names = [(table.name,) for table in tables]
            cursor.executemany("DELETE FROM sqlite_sequence WHERE name = %s", names)
            cursor.executemany(f"INSERT INTO sqlite_sequence (name, seq) VALUES (%s, {first:d})", names)
            return
        # A sequence is outside of transactions: where the test before has left it, this one goes on. Never backwards.
        sql = "SELECT setval(named, GREATEST(nextval(named), %s)) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS named) AS it WHERE named IS NOT NULL"
        cursor.executemany(sql, [(first, _quoted(table.name), table.columns[table.key]) for table in tables])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
