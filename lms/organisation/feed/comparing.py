"""Staged rows against what stands: differences are written, nothing else is touched. Next: applying, or another file.

Units first, then posts, lines and people, in batches by key: a few queries for a thousand people, flat memory.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lms.core import clock, statistics
from lms.organisation.feed import missing, seats, standing
from lms.organisation.feed.columns import spoken_of
from lms.organisation.feed.differences import (
    Difference,
    WantedUnit,
    circles_of,
    compare_line,
    compare_post,
    compare_units,
    gather_units,
)
from lms.organisation.feed.people import compare_person
from lms.organisation.feed.records import Record
from lms.organisation.models import About, Change, Feed, FeedDifference, FeedRow, ReportingLine, StaffNumber

BATCH = 1_000


class Book:
    """Where differences are written down, many at a time."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._waiting: list[FeedDifference] = []

    def add(self, found: Iterable[Difference]) -> None:
        self._waiting += [_row(self._feed, one) for one in found]
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        FeedDifference.objects.bulk_create(self._waiting)
        self._waiting = []


@transaction.atomic
def compare(feed: Feed) -> Feed:
    """Write down all that applying this feed would change, and what it refuses. Made anew each time."""
    FeedDifference.objects.filter(feed=feed).exclude(about=About.ROW).delete()
    subjects, book = spoken_of(feed.columns), Book(feed)
    if "units" in subjects:
        _compare_units(feed, book)
    if "posts" in subjects:
        _compare_posts(feed, book)
    if "lines" in subjects:
        _compare_lines(feed, book)
    statistics.refresh(FeedDifference)
    feed.unchanged = _compare_people(feed, book) if "people" in subjects else 0
    if feed.is_whole and not feed.unreadable:
        missing.add_missing(feed, subjects, book.add)
    book.flush()
    statistics.refresh(FeedDifference)
    seats.refuse_taken(feed)
    _count(feed)
    feed.compared_at = clock.now()
    feed.save()
    return feed


def _compare_units(feed: Feed, book: Book) -> None:
    wanted: dict[str, WantedUnit] = {}
    found: list[Difference] = []
    rows = FeedRow.objects.filter(feed=feed).exclude(unit="").order_by("pk")
    for line, values in rows.values_list("line", "values").iterator(chunk_size=2 * BATCH):
        contradiction = gather_units(wanted, Record(line, values), feed.day)
        found += [contradiction] if contradiction else []
    book.add(found + compare_units(wanted, standing.units()))
    book.flush()


def _compare_posts(feed: Feed, book: Book) -> None:
    units = standing.open_units() | dict(_new(feed, About.UNIT).values_list("subject", "day"))
    for batch in _batches(feed, "post"):
        posts = standing.posts(batch)
        for code, records in batch.items():
            book.add(compare_post(records, posts.get(code), units, feed.day))
    book.flush()


def _compare_lines(feed: Feed, book: Book) -> None:
    for batch in _batches(feed, "post"):
        managers = {record.get("manager") for records in batch.values() for record in records}
        posts = standing.posts(batch)
        known: frozenset[str] = frozenset(posts.keys() | standing.lives(feed, {*managers, *batch} - {""}).keys())
        for code, records in batch.items():
            record = next((one for one in records if one.get("manager")), records[0])
            found = compare_line(record, posts.get(code), known, feed.day)
            book.add([found] if found else [])
    book.flush()
    _refuse_circles(feed)


def _refuse_circles(feed: Feed) -> None:
    """Only posts that lead others can stand in a circle, and those are few."""
    lines = FeedDifference.objects.filter(feed=feed, about=About.LINE).going_in()
    led = ReportingLine.objects.held().filter(valid_until__isnull=True, manager__code=OuterRef("subject"))
    leading = lines.filter(Exists(lines.filter(to_post=OuterRef("subject"))) | Exists(led))
    changed = dict(leading.values_list("subject", "to_post"))
    refused = circles_of(changed, standing.lines_above(set(changed) | set(changed.values())))
    text = _("These posts would report to each other in a circle.")
    for code in sorted(refused):
        lines.filter(subject=code).update(change=Change.REFUSED, why=text)


def _compare_people(feed: Feed, book: Book) -> int:
    unchanged = 0
    for batch in _batches(feed, "who"):
        known = standing.people(feed, batch)
        for records in batch.values():
            found = compare_person(records, known)
            unchanged += not found
            book.add(found)
    book.flush()
    return unchanged


def _batches(feed: Feed, key: str) -> Iterator[dict[str, list[Record]]]:
    """Rows by key, a thousand keys at a time, in the order of the keys: never the whole file at once."""
    rows = FeedRow.objects.filter(feed=feed).exclude(**{key: ""})
    last = ""
    while True:
        keys = list(rows.filter(**{f"{key}__gt": last}).order_by(key).values_list(key, flat=True).distinct()[:BATCH])
        if not keys:
            return
        found = rows.filter(**{f"{key}__gt": last, f"{key}__lte": keys[-1]}).order_by(key, "line")
        values = found.values_list(key, "line", "values")
        yield {
            one: [Record(line, fields) for _one, line, fields in some]
            for one, some in groupby(values.iterator(chunk_size=2 * BATCH), key=lambda row: row[0])
        }
        last = keys[-1]


def _count(feed: Feed) -> None:
    changes = FeedDifference.objects.filter(feed=feed, about=About.PERSON)
    counted = changes.aggregate(
        leavers=Count("person", distinct=True, filter=Q(change=Change.LEFT)),
        movers=Count("person", distinct=True, filter=Q(change=Change.MOVED) & ~Q(from_post="")),
    )
    feed.leavers, feed.movers = counted["leavers"], counted["movers"]
    # Of the employers that the file names, so that a small one among large ones has its own tenth.
    there = StaffNumber.objects.on(feed.day).filter(employer__in=missing.scope(feed))
    feed.people_before = there.values("person").distinct().count()


def _new(feed: Feed, about: About) -> QuerySet[FeedDifference, Any]:
    return FeedDifference.objects.filter(feed=feed, about=about, change=Change.NEW)


def _row(feed: Feed, one: Difference) -> FeedDifference:
    return FeedDifference(
        feed=feed,
        line=one.line,
        about=one.about,
        change=one.change,
        subject=one.subject[:80],
        label=one.label[:310],
        person_id=one.person,
        from_post=one.from_post,
        to_post=one.to_post,
        day=one.day,
        before=dict(one.before),
        after=dict(one.after),
        why=one.why[:500],
        facts={"to close": dict(one.closes)} if one.closes else {},
    )
