"""Filling a table anew beside the old one, which stays readable until the new one takes its place. PostgreSQL only."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

_NEW = "_new"


def start(table: str) -> str:
    """An empty copy of a table, without its indexes. What a killed run left behind goes first. Returns its name."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}{_NEW}")
        cursor.execute(f"CREATE TABLE {table}{_NEW} (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY)")
    return table + _NEW


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows by COPY."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as to:
        for row in rows:
            to.write_row(row)


def add_indexes(table: str) -> None:
    """Give the new table what the old one has: keys, unique constraints, indexes."""
    with connection.cursor() as cursor:
        for name, definition in _constraints(table):
            cursor.execute(f"ALTER TABLE {table}{_NEW} ADD CONSTRAINT {name}{_NEW} {definition}")
        for name, definition in _indexes(table):
            made = definition.replace(f" {name} ON ", f" {name}{_NEW} ON ")
            cursor.execute(made.replace(f".{table} USING", f".{table}{_NEW} USING"))
        cursor.execute(f"ANALYZE {table}{_NEW}")


def finish(table: str) -> None:
    """Put the new table in the place of the old one, with all names. To be called in a transaction."""
    constraints = [name for name, _definition in _constraints(table)]
    indexes = [name for name, _definition in _indexes(table)]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"ALTER TABLE {table}{_NEW} RENAME TO {table}")
        for name in constraints:
            cursor.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name}{_NEW} TO {name}")
        for name in indexes:
            cursor.execute(f"ALTER INDEX {name}{_NEW} RENAME TO {name}")


def _constraints(table: str) -> Iterator[tuple[str, str]]:
    yield from _rows(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'u') ORDER BY conname",
        table,
    )


def _indexes(table: str) -> Iterator[tuple[str, str]]:
    yield from _rows(
        "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY relname",
        table,
    )


def _rows(question: str, table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [table])
        return list(cursor.fetchall())
