"""What workers do with feeds. Each job does one slice and leaves the next one in the outbox; twice is harmless."""

from typing import Any

from django.db import transaction

from lms.core import clock, outbox
from lms.core.errors import Refused
from lms.organisation.feed import applying, comparing, delivering, undoing
from lms.organisation.models import Feed


def read_feed(payload: dict[str, Any]) -> None:
    """Read and compare a feed. What makes the file unreadable is kept for its page."""
    feed = Feed.objects.select_for_update().get(pk=payload["feed"])
    if feed.compared_at or feed.stopped_why or feed.set_aside_at:
        return
    with delivering.file_of(feed) as file:
        read_and_compare(feed, file)


def read_and_compare(feed: Feed, file: Any) -> None:
    """Read a file into a feed and compare it, or keep why that cannot be."""
    try:
        with transaction.atomic():
            delivering.read(feed, file)
            comparing.compare(feed)
    except Refused as why:
        feed.stopped_why = str(why)[:500]
        feed.save(update_fields=["stopped_why"])


def compare_feed(payload: dict[str, Any]) -> None:
    """Compare again what was read, because the records have changed."""
    feed = Feed.objects.select_for_update().get(pk=payload["feed"])
    if feed.compared_at is None and not feed.applying_since and not feed.set_aside_at:
        comparing.compare(feed)


def compare_again(feed: Feed) -> None:
    """Let a worker compare a feed's rows again with the records as they are now."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(pk=feed.pk)
        if feed.applying_since or feed.set_aside_at or feed.compared_at is None:
            return
        feed.compared_at, feed.confirmed_at, feed.confirmed_by, feed.reading_since = None, None, None, clock.now()
        feed.save()
        outbox.enqueue("organisation.compare_feed", feed=feed.pk)


def apply_feed(payload: dict[str, Any]) -> None:
    """Apply the next slice."""
    if applying.apply_slice(Feed.objects.get(pk=payload["feed"])):
        outbox.enqueue("organisation.apply_feed", **payload)


def undo_feed(payload: dict[str, Any]) -> None:
    """Take the next slice back."""
    if undoing.undo_slice(Feed.objects.get(pk=payload["feed"])):
        outbox.enqueue("organisation.undo_feed", **payload)
