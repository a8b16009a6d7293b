"""The sequencer: it gives register entries their positions in the log, one batch at a time, and notes the tree's head.

Before: `awards`, `revoking`. After: a certificate whose entry has a position is issued.
"""

from typing import Any

from django.db import connection, transaction

from certificates.merkle import Frontier
from certificates.models import RegisterEntry, TreeHead
from lms.core import clock

# Any number will do as long as nothing else in the database locks by it.
_LOCK = 9162_01
BATCH = 5_000
_NUMBER = """
    UPDATE certificates_registerentry
    SET position = fresh.position, numbered_at = %s
    FROM (
        SELECT id, %s + row_number() OVER (ORDER BY id) - 1 AS position
        FROM certificates_registerentry WHERE position IS NULL ORDER BY id LIMIT %s
    ) AS fresh
    WHERE certificates_registerentry.id = fresh.id
"""


def number_entries() -> int:
    """Number all entries that wait. Returns how many; two at once take turns and never share a position."""
    total = 0
    while numbered := _number_batch():
        total += numbered
    return total


def number_job(_payload: dict[str, Any]) -> None:
    """The outbox job that an award or a revocation leaves."""
    number_entries()


@transaction.atomic
def take_head() -> TreeHead:
    """Note size and root of the log now: daily, and when somebody asks. Unchanged, it returns the newest of today."""
    _wait_for_turn()
    newest = TreeHead.objects.order_by("-size", "-at").first()
    tree = _tree_of(newest)
    leaves = RegisterEntry.objects.filter(position__gte=tree.size).order_by("position")
    for leaf in leaves.values_list("leaf_hash", flat=True).iterator():
        tree.append(bytes(leaf))
    now = clock.now()
    if newest and newest.size == tree.size and clock.day_of(newest.at) == clock.day_of(now):
        return newest
    frontier = [root.hex() for root in tree.roots]
    return TreeHead.objects.create(size=tree.size, root_hash=tree.root.hex(), frontier=frontier, at=now)


@transaction.atomic
def _number_batch() -> int:
    _wait_for_turn()
    newest = RegisterEntry.objects.filter(position__isnull=False).order_by("-position")
    last = newest.values_list("position", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(
            _NUMBER, [connection.ops.adapt_datetimefield_value(clock.now()), 0 if last is None else last + 1, BATCH]
        )
        return int(cursor.rowcount)


def _wait_for_turn() -> None:
    """One sequencer at a time, until its transaction ends. SQLite's write transactions take turns by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _tree_of(head: TreeHead | None) -> Frontier:
    return Frontier(head.size, [bytes.fromhex(root) for root in head.frontier]) if head else Frontier()
