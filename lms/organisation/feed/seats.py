"""Posts that two would hold: a seat is free when nobody holds it, or whoever does leaves it in the same file.

Whoever is refused stays where they are, so the seat that they would have left is looked at again, until nothing moves.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from lms.core.chunks import in_chunks
from lms.core.spans import ends_by
from lms.organisation.models import About, Change, Feed, FeedDifference, PostHolding

_SUBSTANTIVE = PostHolding.Kind.SUBSTANTIVE


def refuse_taken(feed: Feed) -> None:
    """Refuse those of a feed's appointments whose seat is not free."""
    _refuse_twice(feed)
    freed_no_more = _refuse_held(feed, _appointments(feed).order_by("pk"))
    while freed_no_more:
        again = set()
        for some in in_chunks(sorted(freed_no_more)):
            again |= _refuse_held(feed, _appointments(feed).filter(to_post__in=some))
        freed_no_more = again


def _appointments(feed: Feed) -> QuerySet[FeedDifference, Any]:
    people = FeedDifference.objects.filter(feed=feed, about=About.PERSON).going_in().exclude(to_post="")
    return people.filter(after__holding=_SUBSTANTIVE)


def _refuse_twice(feed: Feed) -> None:
    twice = _appointments(feed).values("to_post").annotate(times=Count("pk")).filter(times__gt=1)
    for some in in_chunks([row["to_post"] for row in twice]):
        first: dict[str, int] = {}
        text = _("Line %(line)d puts somebody else into this post.")
        later = [
            _refused(one, text % {"line": first[one.to_post]})
            for one in _appointments(feed).filter(to_post__in=some).order_by("line")
            if first.setdefault(one.to_post, one.line or 0) != (one.line or 0)
        ]
        FeedDifference.objects.bulk_update(later, ["change", "why"])


def _refuse_held(feed: Feed, appointments: QuerySet[FeedDifference, Any]) -> set[str]:
    """Refuse those whose seat is held. Returns the seats that they would have left."""
    stay: set[str] = set()
    last = 0
    while batch := list(appointments.filter(pk__gt=last).order_by("pk")[:1_000]):
        held = _holders([one.to_post for one in batch])
        leaving = _leaving(feed, {person for some in held.values() for person, *_rest in some})
        refused = [
            _refused(one, _("%(person)s holds this post then, and stays.") % {"person": holder})
            for one in batch
            if (holder := _in_the_way(one, held.get(one.to_post, []), leaving))
        ]
        FeedDifference.objects.bulk_update(refused, ["change", "why"], batch_size=200)
        stay |= {one.from_post for one in refused if one.from_post}
        last = batch[-1].pk
    return stay


def _in_the_way(one: FeedDifference, held: Sequence[Any], leaving: dict[tuple[int, str], Any]) -> str:
    for person, name, until in held:
        left_on = leaving.get((person, one.to_post))
        goes = left_on is not None and left_on <= one.day and until is None
        if person != one.person_id and not ends_by(until, one.day) and not goes:
            return str(name)
    return ""


def _holders(posts: Collection[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for some in in_chunks(sorted(set(posts))):
        rows = (
            PostHolding.objects.held().filter(post__code__in=some, kind=_SUBSTANTIVE).select_related("person", "post")
        )
        for row in rows:
            found[row.post.code].append((row.person_id, row.person.full_name, row.valid_until))
    return found


def _leaving(feed: Feed, people: Collection[int]) -> dict[tuple[int, str], Any]:
    """Who leaves which seat on which day."""
    going = FeedDifference.objects.filter(feed=feed, about=About.PERSON).going_in().exclude(from_post="")
    return {
        (person, post): day
        for some in in_chunks(sorted(people))
        for person, post, day in going.filter(person__in=some).values_list("person_id", "from_post", "day")
        if person is not None
    }


def _refused(one: FeedDifference, why: str) -> FeedDifference:
    one.change, one.why = Change.REFUSED, why[:500]
    return one
