"""Who may write spans and levels at the same time. SQLite has one writer and needs none of this."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_KEY = 7_310_021


def may_work_off() -> bool:
    """Take part with others until the end of this transaction; False while a rebuild or a new month is under way."""
    return _ask("SELECT pg_try_advisory_xact_lock_shared(%s)")


def wait_alone() -> None:
    """Wait until nobody else writes, and keep others out until the end of this transaction."""
    _ask("SELECT pg_advisory_xact_lock(%s) IS NOT NULL")


@contextmanager
def alone() -> Iterator[bool]:
    """Keep others out over several transactions; False where somebody else does."""
    has_it = _ask("SELECT pg_try_advisory_lock(%s)")
    try:
        yield has_it
    finally:
        if has_it:
            _ask("SELECT pg_advisory_unlock(%s)")


def _ask(question: str) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(question, [_KEY])
        return bool(cursor.fetchone()[0])
