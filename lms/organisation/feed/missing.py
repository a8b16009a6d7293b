"""Who is missing from a whole file has left; a post or unit that is missing from a list of those alone has closed."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from lms.core.chunks import in_chunks
from lms.organisation.feed import standing
from lms.organisation.feed.differences import Difference
from lms.organisation.feed.people import leaving
from lms.organisation.models import (
    About,
    Change,
    Employer,
    Feed,
    FeedDifference,
    FeedRow,
    Organisation,
    Post,
    PostHolding,
    StaffNumber,
    UnitPlacement,
)

Add = Callable[[Iterable[Difference]], None]
_BATCH = 1_000


def add_missing(feed: Feed, subjects: frozenset[str], add: Add) -> None:
    """Add those that a whole file leaves out. A file of people names no vacant posts, so it closes none."""
    if "people" in subjects:
        for batch in _missing_numbers(feed):
            add(_leavers(feed, batch))
    elif "posts" in subjects:
        add(_posts(feed))
    elif "units" in subjects:
        add(_units(feed))


def _missing_numbers(feed: Feed) -> Iterator[list[StaffNumber]]:
    """Numbers that go on, of employers that the file names, and stand in no row of it."""
    who = Concat(OuterRef("employer__code"), Value("/"), OuterRef("number"))
    named = FeedRow.objects.filter(feed=feed, who=who)
    # Whoever is in the file under another number stays: that difference says what becomes of this one.
    renumbered = FeedDifference.objects.filter(
        feed=feed, person=OuterRef("person"), change=Change.CHANGED, before__has_key="number"
    )
    rows = StaffNumber.objects.held().filter(
        ~Exists(named), ~Exists(renumbered), valid_until__isnull=True, valid_from__lt=feed.day, employer__in=scope(feed)
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last).select_related("person", "employer").order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk


def scope(feed: Feed) -> list[int]:
    """The employers that the file has rows of: it says nothing of others."""
    employers = list(Employer.objects.values_list("pk", "code"))
    rows = FeedRow.objects.filter(feed=feed)
    # '0' is the sign after '/', so this is "begins with" in a form that uses the index.
    return [pk for pk, code in employers if rows.filter(who__gt=f"{code}/", who__lt=f"{code}0").exists()]


def _leavers(feed: Feed, batch: list[StaffNumber]) -> list[Difference]:
    people = {number.person_id for number in batch}
    holdings = standing.holdings(people, feed.day)
    mine = {number.pk for number in batch}
    others: set[int] = set()
    for some in in_chunks(sorted(people)):
        going_on = StaffNumber.objects.held().filter(person__in=some, valid_until__isnull=True)
        others |= {person for pk, person in going_on.values_list("pk", "person_id") if pk not in mine}
    return [
        leaving(
            standing.bearer(number),
            holdings.get(number.person_id, []),
            day=feed.day,
            keeps_posts=number.person_id in others,
        )
        for number in batch
    ]


def _posts(feed: Feed) -> list[Difference]:
    named = FeedRow.objects.filter(feed=feed, post=OuterRef("code"))
    posts = Post.objects.open_on(feed.day).filter(~Exists(named), closed_on__isnull=True, opened_on__lt=feed.day)
    held = PostHolding.objects.overlapping(feed.day, None).filter(post=OuterRef("pk"))
    found = []
    seats = posts.select_related("unit").order_by("code")
    are_held = set(posts.filter(Exists(held)).values_list("pk", flat=True))
    for post in seats:
        one = Difference(
            About.POST, Change.CLOSED, post.code, feed.day, label=post.title, before={"unit": post.unit.code}
        )
        found.append(one.refused(_("Somebody holds this post, so it stays open.")) if post.pk in are_held else one)
    return found


def _units(feed: Feed) -> list[Difference]:
    root = Organisation.objects.values("root")
    named = FeedRow.objects.filter(feed=feed, unit=OuterRef("unit__code"))
    rows = UnitPlacement.objects.on(feed.day).filter(~Exists(named), valid_until__isnull=True, valid_from__lt=feed.day)
    return [
        Difference(About.UNIT, Change.CLOSED, row.unit.code, feed.day, label=row.name, before={"unit_name": row.name})
        for row in rows.exclude(Q(unit__in=root)).select_related("unit").order_by("unit__code")
    ]
