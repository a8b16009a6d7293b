"""Differences become facts, by the rooms' own steps for lists, a slice in each transaction. Next: perhaps undoing.

Each slice notes how far it came in the transaction that did it, so a worker that dies loses nothing and a second one
does nothing twice. What the records no longer allow is refused by row, with why; the rest goes in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lms.core import audit, clock, outbox, statistics
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.feed import people_passes, unit_passes
from lms.organisation.models import (
    About,
    Change,
    Feed,
    FeedDifference,
    FeedPart,
    FeedRow,
    Organisation,
    Person,
    Post,
    PostHolding,
    ReportingLine,
    StaffNumber,
)

SLICE = 1_000
Apply = Callable[[Feed, Sequence[FeedDifference]], None]


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through a feed's differences: which ones, and what is done to a slice of them."""

    which: Q
    apply: Apply


_PLACED = Q(change__in=[Change.NEW, Change.RETURNED, Change.MOVED])
PASSES: list[Pass] = [
    Pass(Q(about=About.UNIT, change=Change.NEW), unit_passes.open_units),
    Pass(Q(about=About.UNIT, change__in=[Change.CHANGED, Change.MOVED]), unit_passes.change_units),
    Pass(Q(about=About.POST, change=Change.NEW), unit_passes.make_posts),
    Pass(Q(about=About.POST, change=Change.CHANGED), unit_passes.retitle_posts),
    Pass(Q(about=About.LINE), unit_passes.draw_lines),
    # Everybody leaves before anybody arrives: two may change places.
    Pass(Q(about=About.PERSON) & ~Q(facts={}), people_passes.close_facts),
    Pass(Q(about=About.PERSON, change=Change.NEW), people_passes.enter),
    Pass(Q(about=About.PERSON, change__in=[Change.CHANGED, Change.RETURNED]), people_passes.number_and_name),
    Pass(Q(about=About.PERSON) & _PLACED & ~Q(to_post=""), people_passes.appoint),
    Pass(Q(about=About.POST, change=Change.CLOSED), unit_passes.close_posts),
    Pass(Q(about=About.UNIT, change=Change.CLOSED), unit_passes.close_units),
]


@transaction.atomic
def confirm(feed: Feed, *, by: Actor) -> Feed:
    """A second person has looked at a large change. Raises Refused for whoever sent it."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if not feed.needs_confirming:
        return feed
    if feed.by == by:
        raise Refused(_("You sent this file yourself. Somebody else has to look at so large a change."))
    feed.confirmed_at, feed.confirmed_by = clock.now(), columns(by)["by_user"]
    feed.save()
    audit.record("staff feed confirmed", feed, by=by, leavers=feed.leavers, movers=feed.movers)
    return feed


@transaction.atomic
def start(feed: Feed, *, by: Actor) -> Feed:
    """Begin to apply a compared feed. Harmless the second time.

    Raises Refused for a large change that nobody confirmed, while another feed is under way, and when one changed the
    records since this one was compared.
    """
    _one_at_a_time()
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.applying_since:
        return feed
    _check_ready(feed)
    feed.applying_since, feed.pass_number, feed.last_done, feed.done = clock.now(), 0, 0, 0
    feed.to_do = sum(_of(feed, one).count() for one in PASSES)
    for name, value in columns(by, prefix="applied_by").items():
        setattr(feed, name, value)
    feed.save()
    audit.record("staff feed applied", feed, by=by, digest=feed.digest, leavers=feed.leavers, movers=feed.movers)
    return feed


@transaction.atomic
def start_in_background(feed: Feed, *, by: Actor) -> Feed:
    """The same, and let a worker do it slice by slice."""
    feed = start(feed, by=by)
    outbox.enqueue("organisation.apply_feed", feed=feed.pk)
    return feed


@transaction.atomic
def apply_slice(feed: Feed) -> bool:
    """Apply the next slice. Returns whether there is more; False at once when all is done."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.applied_at or not feed.applying_since:
        return False
    while feed.pass_number < len(PASSES):
        one = PASSES[feed.pass_number]
        batch = list(_of(feed, one).filter(pk__gt=feed.last_done).select_related("person").order_by("pk")[:SLICE])
        if batch:
            one.apply(feed, batch)
            feed.last_done, feed.done = batch[-1].pk, feed.done + len(batch)
            feed.save()
            return True
        feed.pass_number, feed.last_done = feed.pass_number + 1, 0
        # The next pass asks the tables that this one filled.
        statistics.refresh(Person, StaffNumber, Post, PostHolding, ReportingLine)
    _finish(feed)
    return False


def apply_all(feed: Feed) -> Feed:
    """Apply all slices here and now, for commands."""
    while apply_slice(feed):
        pass
    feed.refresh_from_db()
    return feed


def set_aside(feed: Feed, *, by: Actor) -> Feed:
    """Do not apply a feed; its rows and its file are no longer kept. Harmless the second time."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=feed.pk)
        if feed.applying_since:
            raise Refused(_("This feed is applied already. It can be undone."))
        if feed.set_aside_at is None:
            feed.set_aside_at = clock.now()
            feed.save()
            forget(feed)
            audit.record("staff feed set aside", feed, by=by)
    return feed


def forget(feed: Feed) -> None:
    """The file and its rows have done their work; they are full of names, so they are not kept."""
    FeedRow.objects.filter(feed=feed).delete()
    FeedPart.objects.filter(feed=feed).delete()


def _of(feed: Feed, one: Pass) -> QuerySet[FeedDifference]:
    return FeedDifference.objects.filter(one.which, feed=feed).going_in()


def _finish(feed: Feed) -> None:
    FeedDifference.objects.filter(feed=feed).going_in().update(is_applied=True)
    feed.applied_at, feed.done = clock.now(), feed.to_do
    feed.save()
    forget(feed)


def _check_ready(feed: Feed) -> None:
    if feed.compared_at is None or feed.set_aside_at:
        raise Refused(_("This feed is not ready to apply. Open its page to see what it waits for."))
    if feed.needs_confirming:
        raise Refused(
            _("%(leavers)d would leave and %(movers)d move, of %(people)d: more than %(limit)d %%. Somebody else who "
              "manages staff has to confirm that on the feed's page.")
            % {"leavers": feed.leavers, "movers": feed.movers, "people": feed.people_before, "limit": settings.FEED_CHANGE_PERCENT}
        )  # fmt: skip
    if Feed.objects.under_way().exists():
        raise Refused(_("Another staff feed is changing the records right now. Try again when it is done."))
    if Feed.objects.changed_since(feed.compared_at).exists():
        raise Refused(_("Another staff feed changed the records since this one was compared. Compare it again."))


def _one_at_a_time() -> None:
    # Two feeds started at once wait for each other here, and the second sees the first.
    Organisation.objects.select_for_update().first()
