"""What stands, in the form that the pure comparison takes: a few queries for a batch of any size."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Exists, OuterRef

from lms.core.chunks import in_chunks
from lms.organisation.feed.differences import StandingPost, StandingUnit
from lms.organisation.feed.people import Bearer, Held, Known
from lms.organisation.feed.records import Record
from lms.organisation.models import (
    About,
    Change,
    Feed,
    FeedDifference,
    Post,
    PostHolding,
    ReportingLine,
    StaffNumber,
    UnitPlacement,
)

Batch = Mapping[str, list[Record]]
_BEARER = (
    "person_id",
    "person__given_names",
    "person__surname",
    "person__email",
    "pk",
    "employer__code",
    "number",
    "valid_from",
    "valid_until",
)


def units() -> dict[str, StandingUnit]:
    """Every unit by code, as its last placement has it."""
    rows = UnitPlacement.objects.held().order_by("valid_from")
    columns = ("unit__code", "name", "parent__code", "valid_from", "valid_until")
    return {
        code: StandingUnit(name, parent or "", since, until)
        for code, name, parent, since, until in rows.values_list(*columns)
    }


def open_units() -> dict[str, date]:
    """Units with no end in sight, and the day on which they opened."""
    opened: dict[str, date] = {}
    closed: set[str] = set()
    rows = UnitPlacement.objects.held().order_by("valid_from").values_list("unit__code", "valid_from", "valid_until")
    for code, since, until in rows:
        opened.setdefault(code, since)
        (closed.discard if until is None else closed.add)(code)
    return {code: since for code, since in opened.items() if code not in closed}


def posts(codes: Iterable[str]) -> dict[str, StandingPost]:
    """These posts, with the line up that has no end."""
    wanted = list(codes)
    up = {
        code: (manager, pk, since)
        for some in in_chunks(wanted)
        for code, manager, pk, since in ReportingLine.objects.held()
        .filter(post__code__in=some, valid_until__isnull=True)
        .values_list("post__code", "manager__code", "pk", "valid_from")
    }
    columns = ("code", "unit__code", "title", "opened_on", "closed_on")
    return {
        code: StandingPost(unit, title, opened, closed, *up.get(code, ("", 0, None)))
        for some in in_chunks(wanted)
        for code, unit, title, opened, closed in Post.objects.filter(code__in=some).values_list(*columns)
    }


def lives(feed: Feed, codes: Collection[str]) -> dict[str, tuple[date, date | None]]:
    """From when until when these posts are open: those that stand, and those that the feed makes."""
    found: dict[str, tuple[date, date | None]] = {}
    new = FeedDifference.objects.filter(feed=feed, about=About.POST, change=Change.NEW)
    for some in in_chunks(sorted(codes)):
        found |= {code: (day, None) for code, day in new.filter(subject__in=some).values_list("subject", "day")}
        standing = Post.objects.filter(code__in=some).values_list("code", "opened_on", "closed_on")
        found |= {code: (opened, closed) for code, opened, closed in standing}
    return found


def lines_above(codes: Collection[str]) -> dict[str, str]:
    """Post → post above, for these posts and all above them: one round for each level."""
    found: dict[str, str] = {}
    level = set(codes)
    while level:
        rows = [
            row
            for some in in_chunks(sorted(level))
            for row in ReportingLine.objects.held()
            .filter(post__code__in=some, valid_until__isnull=True)
            .values_list("post__code", "manager__code")
        ]
        found |= dict(rows)
        level = {manager for _post, manager in rows} - found.keys()
    return found


def people(feed: Feed, batch: Batch) -> Known:
    """All that is known of the bearers of these numbers and of the posts that their rows name."""
    records = [record for some in batch.values() for record in some]
    bearers = _bearers({record.get("number") for record in records} | {r.get("former_number") for r in records})
    gone = _gone({record.get("email") for who, some in batch.items() if who not in bearers for record in some})
    ids = {one.person for some in bearers.values() for one in some} | {one.person for one in gone.values()}
    return Known(
        day=feed.day,
        bearers=bearers,
        gone=gone,
        holdings=holdings(ids, feed.day),
        posts=lives(feed, {record.get("post") for record in records} - {""}),
        ends_others=feed.is_whole and "holding" in feed.columns,
    )


def holdings(people: Collection[int], day: date) -> dict[int, list[Held]]:
    """What these people hold or are going to hold, by person."""
    found: dict[int, list[Held]] = defaultdict(list)
    columns = ("person_id", "pk", "post__code", "kind", "valid_from", "valid_until")
    for some in in_chunks(sorted(people)):
        rows = PostHolding.objects.held().filter(person__in=some).order_by("valid_from")
        for person, *values in rows.values_list(*columns):
            found[person].append(Held(*values))
    return found


def _bearers(numbers: set[str]) -> dict[str, list[Bearer]]:
    found: dict[str, list[Bearer]] = defaultdict(list)
    for some in in_chunks(sorted(numbers - {""})):
        rows = StaffNumber.objects.held().filter(number__in=some).order_by("valid_from")
        for person, given, surname, email, fact, employer, number, since, until in rows.values_list(*_BEARER):
            who = f"{employer}/{number}"
            found[who].append(Bearer(person, given, surname, email, fact, who, since, until))
    return dict(found)


def bearer(row: StaffNumber) -> Bearer:
    """The bearer of a number; person and employer are read already."""
    person = row.person
    return Bearer(
        person.pk,
        person.given_names,
        person.surname,
        person.email,
        row.pk,
        f"{row.employer.code}/{row.number}",
        row.valid_from,
        row.valid_until,
    )


def _gone(addresses: set[str]) -> dict[tuple[str, str], Bearer]:
    """Who left, by e-mail address and name together: an address alone may have been given to somebody else."""
    open_ones = StaffNumber.objects.held().filter(person=OuterRef("person"), valid_until__isnull=True)
    found: dict[tuple[str, str], Bearer] = {}
    for some in in_chunks(sorted(addresses - {""})):
        rows = StaffNumber.objects.held().filter(~Exists(open_ones), person__email__in=some)
        for row in rows.select_related("person", "employer").order_by("valid_from"):
            one = bearer(row)
            found[one.email.casefold(), one.name.casefold()] = one
    return found
