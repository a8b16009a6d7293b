"""A staff feed of an office of 13,000: first load, the same file again, and a month's changes. Rows, seconds, memory.

`FEED_ROWS` asks for another size. The floor is reading the file with `csv` and writing each row once, in bare SQL.
"""

import csv
import io
import os
import random
import resource
import time
import tracemalloc
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from lms.core import clock
from lms.organisation.feed import applying, comparing, delivering
from lms.organisation.models import Feed
from tests.benchmarks.figures import report
from tests.cast import BY, Office

pytestmark = pytest.mark.django_db
ROWS = int(os.environ.get("FEED_ROWS", "13000"))
_HEAD = "number,given_names,surname,email,post,category,post_title,manager,unit,unit_name,parent"
_TO_A_UNIT = 50
# The country's three minutes, by the row; a few seconds for what is small. The first load happens once and has none.
_BUDGET = max(3.0, 180 * ROWS / 1_300_000)


def test_a_feed_of_a_large_office(office: Office) -> None:
    first, later = _file(0), _file(ROWS // 50)
    floor = _seconds(lambda: _bare(first))
    feed = _measured("first load, dry run", lambda: _compared(first, date(2026, 1, 5)), floor, budget=None)
    _measured("first load, applied", lambda: _applied(feed), floor, budget=None)
    feed = _measured("same file again, dry run", lambda: _compared(first, date(2026, 1, 6)), floor)
    assert not feed.differences.exists()
    feed = _measured("2 % changed, dry run", lambda: _compared(later, date(2026, 2, 2)), floor)
    assert feed.movers
    _measured("2 % changed, applied", lambda: _applied(feed), floor)
    tracemalloc.start()
    _compared(later, date(2026, 2, 3))
    report(f"feed of {ROWS} rows: peak of Python's memory in a dry run", tracemalloc.get_traced_memory()[1] / 1e6, "MB")
    tracemalloc.stop()
    report("feed: peak of the whole process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def _file(moved: int) -> bytes:
    """Every fiftieth post leads a unit. With `moved`, that many pairs of clerks have changed places."""
    seats = list(range(ROWS))
    chosen = random.Random(7).sample([n for n in seats if n % _TO_A_UNIT], 2 * moved)
    for one, other in zip(chosen[::2], chosen[1::2], strict=True):
        seats[one], seats[other] = seats[other], seats[one]
    lines = [_HEAD]
    for n, seat in enumerate(seats):
        unit = seat // _TO_A_UNIT
        lead = "director" if seat % _TO_A_UNIT == 0 else f"s{unit * _TO_A_UNIT}"
        category = "LEAD" if seat % _TO_A_UNIT == 0 else "CLERK"
        mail = f"p{n}@kopw.example"
        lines.append(
            f"N{n},Given{n % 997},Surname{n % 4999},{mail},s{seat},{category},,{lead},u{unit},Unit {unit},{_above(unit)}"
        )
    return "\n".join(lines).encode()


def _above(unit: int) -> str:
    return "kopw" if unit == 0 else f"u{(unit - 1) // 8}"


def _compared(data: bytes, day: date) -> Feed:
    feed = delivering.deliver("staff.csv", delivering.pieces_of(io.BytesIO(data)), day=day, is_whole=True, by=BY)
    with delivering.file_of(feed) as file:
        delivering.set_columns(feed, delivering.suggested(delivering.sample_of(file)))
        feed.refresh_from_db()
        delivering.read(feed, file)
        return comparing.compare(feed)


def _applied(feed: Feed) -> Feed:
    Feed.objects.filter(pk=feed.pk).update(confirmed_at=clock.now())
    applied = applying.apply_all(applying.start(feed, by=BY))
    assert not applied.differences.filter(change="refused").exists()
    return applied


def _measured(what: str, work: Callable[[], Feed], floor: float, *, budget: float | None = _BUDGET) -> Feed:
    found: list[Feed] = []
    seconds = _seconds(lambda: found.append(work()))
    report(f"feed of {ROWS} rows: {what}", seconds, "s", floor=floor, budget=budget)
    return found[0]


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _bare(data: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare_feed (a text, b text, c text, d text, e text)")
        rows = [row[:5] for row in csv.reader(io.StringIO(data.decode()))]
        cursor.executemany("INSERT INTO bare_feed VALUES (%s, %s, %s, %s, %s)", rows)
        cursor.execute("DROP TABLE bare_feed")
