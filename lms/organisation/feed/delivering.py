"""A file arrives: kept in pieces, its heading row mapped, its rows read into the staging table. Next: comparing."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import BinaryIO, cast

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lms.core import audit, clock, outbox, statistics
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation import hiring
from lms.organisation.feed.columns import checked, checked_head, digest_of, guessed, spoken_of
from lms.organisation.feed.records import DAY_FORMS, Limits, Record, Unfit, likely_form, record
from lms.organisation.feed.staging import stage
from lms.organisation.feed.tables import Row, rows, shape_of
from lms.organisation.models import (
    About,
    Change,
    Employer,
    Feed,
    FeedDifference,
    FeedMapping,
    FeedPart,
    FeedRow,
    Organisation,
)

_PIECE = 512 * 1024
_AT_A_TIME = 2_000
_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """How a feed is to be read: our field → HR's column, the form of its days, its encoding."""

    columns: dict[str, str]
    day_form: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file, for whoever says which column is which."""

    head: list[str]
    rows: list[list[str]]
    encoding: str


def open_feed(file_name: str, *, day: date, is_whole: bool, employer: Employer | None, by: Actor) -> Feed:
    """A feed without its file yet. Raises Refused before there is an organisation, or for a day too far ahead."""
    if day > _latest_day():
        raise Refused(_("The file's day is more than a year ahead. Check the year."))
    chosen = employer or _only_employer(by)
    return Feed.objects.create(file_name=file_name[:200], day=day, is_whole=is_whole, employer=chosen, **columns(by))


@transaction.atomic
def deliver(
    file_name: str, pieces: Iterable[bytes], *, day: date, is_whole: bool, by: Actor, employer: Employer | None = None
) -> Feed:
    """Keep a file of HR's, to be read once its columns are known. Raises Refused for what is no table."""
    feed = open_feed(file_name, day=day, is_whole=is_whole, employer=employer, by=by)
    digest = hashlib.sha256()
    for number, piece in enumerate(pieces):
        digest.update(piece)
        feed.size += len(piece)
        if feed.size > settings.FEED_MAX_BYTES:
            raise Refused(_("This file is too large. Send it in parts."))
        FeedPart.objects.create(feed=feed, number=number, data=piece)
    feed.digest = digest.hexdigest()
    with file_of(feed) as file:
        sample = sample_of(file)
    feed.head, feed.encoding = sample.head, sample.encoding
    feed.save()
    audit.record("staff feed delivered", feed, by=by, digest=feed.digest, whole=is_whole, day=day.isoformat())
    return feed


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """A file in pieces that a database takes as one value."""
    while piece := file.read(_PIECE):
        yield piece


@contextmanager
def file_of(feed: Feed) -> Iterator[BinaryIO]:
    """The file as it came, put together for a while."""
    with tempfile.TemporaryFile() as file:
        parts = FeedPart.objects.filter(feed=feed).order_by("number").values_list("data", flat=True)
        for data in parts.iterator(chunk_size=4):
            file.write(bytes(data))
        file.seek(0)
        yield cast("BinaryIO", file)


def sample_of(file: BinaryIO, encoding: str = "") -> Sample:
    """Heading and first rows. Raises Refused for what is no table or has no heading row."""
    shape = shape_of(file, encoding=encoding)
    found = rows(file, shape)
    head = _head(found)
    shown = [row.cells for row in islice((row for row in found if not row.problem), _SAMPLE)]
    return Sample(head, shown, shape.encoding)


def has_file(feed: Feed) -> bool:
    """Whether the file is still kept, so that it can be read again with other columns."""
    return FeedPart.objects.filter(feed=feed).exists()


def is_known(sample: Sample) -> bool:
    """Whether the columns of this heading row were told before."""
    return FeedMapping.objects.filter(head=digest_of(sample.head)).exists()


def suggested(sample: Sample) -> Reading:
    """What was told of a file with this heading row before, or else guessed."""
    known = FeedMapping.objects.filter(head=digest_of(sample.head)).first()
    if known is not None:
        return Reading(known.columns, known.day_form, sample.encoding)
    found = guessed(sample.head)
    days = [
        row[place] for name in ("day", "last_day") if name in found
        for place in [sample.head.index(found[name])] for row in sample.rows if place < len(row)
    ]  # fmt: skip
    return Reading(found, likely_form(days), sample.encoding)


def write_otherwise(feed: Feed, encoding: str, sample: Sample) -> bool:
    """Take another encoding than the one of the sample, where one is chosen, so that the rows are looked at again."""
    if encoding == sample.encoding:
        return False
    with file_of(feed) as file:
        feed.head = sample_of(file, encoding).head
    feed.encoding = encoding
    feed.save(update_fields=["head", "encoding"])
    return True


@transaction.atomic
def start_reading(feed: Feed, reading: Reading, *, by: Actor) -> Feed:
    """Take the columns as told, remember them, and let a worker read and compare. Again, as long as nothing is applied.

    Raises Refused where a needed column is missing, or the feed has gone further.
    """
    feed = set_columns(feed, reading)
    audit.record("staff feed mapped", feed, by=by, columns=feed.columns)
    outbox.enqueue("organisation.read_feed", feed=feed.pk)
    return feed


def set_columns(feed: Feed, reading: Reading) -> Feed:
    """The feed with its columns told, ready to be read."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.applying_since or feed.set_aside_at:
        raise Refused(_("This feed was applied or set aside already. Send the file again."))
    if reading.day_form not in DAY_FORMS:
        raise Refused(_("Choose how days are written in this file."))
    feed.columns, feed.day_form = checked(reading.columns, feed.head), reading.day_form
    feed.encoding = reading.encoding
    feed.reading_since, feed.compared_at, feed.stopped_why = clock.now(), None, ""
    feed.confirmed_at, feed.confirmed_by = None, None
    feed.save()
    told = {"columns": feed.columns, "day_form": feed.day_form}
    FeedMapping.objects.update_or_create(head=digest_of(feed.head), defaults=told)
    return feed


@transaction.atomic
def read(feed: Feed, file: BinaryIO) -> None:
    """Put the file's rows into the staging table, whatever stood there before. Memory stays flat."""
    clear(feed)
    FeedDifference.objects.filter(feed=feed).delete()
    feed.rows = feed.unreadable = 0
    shape = shape_of(file, encoding=feed.encoding)
    found = rows(file, shape)
    if _head(found) != feed.head:
        raise Refused(_("In this encoding the heading row reads otherwise. Choose another one."))
    records = _records(feed, found)
    while some := list(islice(records, _AT_A_TIME)):
        stage(feed, [one for one in some if isinstance(one, Record)])
        FeedDifference.objects.bulk_create([one for one in some if isinstance(one, FeedDifference)])
    if not feed.rows:
        raise Refused(_("The file has a heading row and nothing below it. Nothing was changed."))
    feed.save(update_fields=["rows", "unreadable"])
    statistics.refresh(FeedRow)


def clear(feed: Feed) -> None:
    """Forget the rows of a feed. What came of them stays in its differences."""
    FeedRow.objects.filter(feed=feed).delete()


def _records(feed: Feed, found: Iterator[Row]) -> Iterator[Record | FeedDifference]:
    places = {name: feed.head.index(title) for name, title in feed.columns.items()}
    is_of_people = "people" in spoken_of(feed.columns)
    limits = _limits(feed)
    for row in found:
        feed.rows += 1
        given = {name: row.cells[place] for name, place in places.items() if place < len(row.cells)}
        try:
            if row.problem:
                raise Unfit(row.problem)
            yield record(row.line, given, limits, is_of_people=is_of_people)
        except Unfit as why:
            feed.unreadable += 1
            yield _refusal(feed, row.line, given, str(why))


def _refusal(feed: Feed, line: int, given: dict[str, str], why: str) -> FeedDifference:
    return FeedDifference(
        feed=feed,
        line=line,
        about=About.ROW,
        change=Change.REFUSED,
        subject=(given.get("number") or given.get("post") or given.get("unit") or "")[:80].replace("\x00", ""),
        day=feed.day,
        why=why[:500],
    )


def _limits(feed: Feed) -> Limits:
    employers = list(Employer.objects.all())
    names = {one.name.casefold(): one.code for one in employers} | {one.code.casefold(): one.code for one in employers}
    return Limits(feed.day_form, _latest_day(), feed.employer.code, names)


def _latest_day() -> date:
    return clock.today() + timedelta(days=settings.PLAN_AHEAD_DAYS)


def _head(found: Iterator[Row]) -> list[str]:
    first = next(found, None)
    if first is None or first.problem:
        raise Refused(_("The file has no heading row. Its first row must name the columns."))
    return checked_head(first.cells)


def _only_employer(by: Actor) -> Employer:
    """The one employer there is; on the first day the organisation itself becomes it."""
    employers = list(Employer.objects.all()[:2])
    organisation = Organisation.objects.select_related("root").first()
    if organisation is None:
        raise Refused(_("There is no organisation yet. Name it first, then send its staff."))
    if len(employers) > 1:
        raise Refused(_("There are several employers. Choose whose staff numbers the file has."))
    return employers[0] if employers else hiring.employer(slugify(organisation.root.code), name=organisation.name)
