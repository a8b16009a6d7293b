"""Taking back what a feed did: what it made is withdrawn, what it ended goes on, both with the reason. After applying.

What somebody has changed since stays, with a word why. A post is no dated fact: one that the feed made is closed after
its first day. People it entered stay as names without number or post.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lms.core import audit, clock, outbox
from lms.core.dated import DatedFact, facts_changed, withdraw
from lms.core.errors import Refused
from lms.organisation import ancestry
from lms.organisation.feed.applying import SLICE, Pass
from lms.organisation.feed.batches import keep
from lms.organisation.feed.facts import MODELS, open_again, withdraw_all
from lms.organisation.models import (
    About,
    Change,
    Feed,
    FeedDifference,
    Organisation,
    Person,
    Post,
    PostHolding,
    UnitPlacement,
    User,
)

_Batch = Sequence[FeedDifference]
_NAMES = ("given_names", "surname", "email")


@transaction.atomic
def start_undoing(feed: Feed, *, reason: str, by: User) -> Feed:
    """Begin to take a feed back in the background. Harmless the second time. Refused while another is under way."""
    Organisation.objects.select_for_update().first()
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.undoing_since:
        return feed
    if not feed.applied_at:
        raise Refused(_("Only a feed that is wholly applied can be undone."))
    if not reason.strip():
        raise Refused(_("Say why. The reason stays with everything that is taken back."))
    if Feed.objects.under_way().exists():
        raise Refused(_("Another staff feed is changing the records right now. Try again when it is done."))
    feed.undoing_since, feed.undone_by, feed.undo_reason = clock.now(), by, reason.strip()[:300]
    feed.pass_number, feed.last_done, feed.done = 0, 0, 0
    feed.to_do = sum(_of(feed, one).count() for one in PASSES)
    feed.save()
    audit.record("staff feed undone", feed, by=by, reason=feed.undo_reason)
    outbox.enqueue("organisation.undo_feed", feed=feed.pk)
    return feed


@transaction.atomic
def undo_slice(feed: Feed) -> bool:
    """Take the next slice back. Returns whether there is more."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.undone_at or not feed.undoing_since:
        return False
    while feed.pass_number < len(PASSES):
        one = PASSES[feed.pass_number]
        rows = _of(feed, one).filter(pk__gt=feed.last_done).select_related("person").order_by("pk")
        batch = list(rows[:SLICE])
        if batch:
            one.apply(feed, batch)
            feed.last_done, feed.done = batch[-1].pk, feed.done + len(batch)
            feed.save()
            return True
        feed.pass_number, feed.last_done = feed.pass_number + 1, 0
    _of_applied(feed).filter(why="").update(is_undone=True)
    feed.undone_at, feed.done = clock.now(), feed.to_do
    feed.save()
    return False


def _withdraw_made(feed: Feed, batch: _Batch) -> None:
    for name, model in MODELS.items():
        keys = {pk for one in batch for pk in _made(one, name)}
        withdrawn = withdraw_all(model, keys, by=_by(feed), reason=_reason(feed))
        for one in batch:
            if set(_made(one, name)) - withdrawn:
                one.why = _("Not undone: this was changed since.")
    keep(batch)


def _open_closed(feed: Feed, batch: _Batch) -> None:
    untouched = [one for one in batch if not one.why]
    for name, model in MODELS.items():
        wanted = {pk: one for one in untouched for pk in one.facts.get("closed", {}).get(name, [])}
        rows = list(model._base_manager.filter(pk__in=wanted, known_until__isnull=True))
        in_the_way = _in_the_way(rows)
        for row in rows:
            if row.pk in in_the_way:
                wanted[row.pk].why = _("Not undone: somebody or something else has taken the place since.")
        able = [row for row in rows if row.pk not in in_the_way]
        open_again(able, by=_by(feed), reason=_reason(feed))
    keep(batch)


def _in_the_way(rows: Sequence[DatedFact]) -> set[int]:
    """Those of the closed rows whose place is taken after their end."""
    found = set()
    for row in rows:
        others = type(row)._base_manager.filter(known_until__isnull=True).exclude(pk=row.pk)
        others = others.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=row.valid_until))
        if others.filter(_same_place(row)).exists():
            found.add(row.pk)
    return found


def _same_place(row: DatedFact) -> Q:
    if isinstance(row, PostHolding):
        mine = Q(post=row.post_id, person=row.person_id)
        taken = Q(post=row.post_id, kind=PostHolding.Kind.SUBSTANTIVE)
        return mine | taken if row.kind == PostHolding.Kind.SUBSTANTIVE else mine
    if isinstance(row, MODELS["number"]):
        return Q(employer=row.employer_id, number=row.number)  # type: ignore[attr-defined]
    return Q(post=row.post_id)  # type: ignore[attr-defined]


def _name_back(feed: Feed, batch: _Batch) -> None:
    people: list[Person] = []
    for one in batch:
        person = one.person
        names = [name for name in _NAMES if name in one.before]
        if person is None or not names:
            continue
        for name in names:
            if getattr(person, name) == one.after[name]:
                setattr(person, name, one.before[name])
        people.append(person)
    Person.objects.bulk_update(people, list(_NAMES), batch_size=200)


def _posts_back(feed: Feed, batch: _Batch) -> None:
    by_code = {post.code: post for post in Post.objects.filter(code__in=[one.subject for one in batch])}
    for one in batch:
        post = by_code[one.subject]
        if one.change == Change.NEW:
            one.why = _close_made(post)
        elif one.change == Change.CLOSED and post.closed_on == one.day:
            post.closed_on = None
        elif one.change == Change.CHANGED and post.title == one.after["post_title"]:
            post.title = one.before["post_title"]
    Post.objects.bulk_update(by_code.values(), ["closed_on", "title"], batch_size=200)
    facts_changed.send(Post, keys=[post.pk for post in by_code.values()], from_day=date.min)
    keep(batch)


def _close_made(post: Post) -> str:
    if PostHolding.objects.held().filter(post=post).exists():
        return _("Not undone: somebody holds or held this post by another act.")
    post.closed_on = post.closed_on or post.opened_on + timedelta(days=1)
    return ""


def _units_back(feed: Feed, batch: _Batch) -> None:
    # The last change is taken back first.
    for one in reversed(batch):
        try:
            with transaction.atomic():
                _unit_back(one, feed)
        except Refused as why:
            one.why = _("Not undone: %(why)s") % {"why": why}
    keep(batch)


def _unit_back(one: FeedDifference, feed: Feed) -> None:
    made = list(UnitPlacement.objects.filter(pk__in=_made(one, "placement")))
    closed = list(UnitPlacement.objects.filter(pk__in=one.facts.get("closed", {}).get("placement", [])))
    for placed in made:
        if placed.known_until is not None or placed.closed_at is not None:
            raise Refused(_("this was changed since."))
        if one.change == Change.NEW and _is_used(placed):
            raise Refused(_("posts or units stand in it."))
        withdraw(placed, by=_by(feed), reason=_reason(feed))
    open_again([placed for placed in closed if placed.known_until is None], by=_by(feed), reason=_reason(feed))
    ancestry.refresh({placed.unit_id for placed in (*made, *closed)})


def _is_used(placed: UnitPlacement) -> bool:
    below = UnitPlacement.objects.held().filter(parent=placed.unit)
    going_on = Q(closed_on__isnull=True) | Q(closed_on__gt=placed.valid_from + timedelta(days=1))
    return below.exists() or Post.objects.filter(going_on, unit=placed.unit).exists()


def _made(one: FeedDifference, name: str) -> list[int]:
    keys: list[int] = one.facts.get("made", {}).get(name, [])
    return keys


def _by(feed: Feed) -> User:
    assert feed.undone_by is not None
    return feed.undone_by


def _reason(feed: Feed) -> str:
    return _("Staff feed %(file)s undone: %(why)s") % {"file": feed.file_name, "why": feed.undo_reason}


def _of(feed: Feed, one: Pass) -> QuerySet[FeedDifference]:
    return _of_applied(feed).filter(one.which)


def _of_applied(feed: Feed) -> QuerySet[FeedDifference]:
    return FeedDifference.objects.filter(feed=feed, is_applied=True)


_FACTS = Q(about__in=[About.PERSON, About.LINE]) & ~Q(facts={})
PASSES: list[Pass] = [
    Pass(Q(is_applied=True), lambda feed, batch: _unremark(batch)),
    # Everything is withdrawn before anything goes on again: two may have changed places.
    Pass(_FACTS, _withdraw_made),
    Pass(_FACTS, _open_closed),
    Pass(Q(about=About.PERSON, change=Change.CHANGED), _name_back),
    Pass(Q(about=About.UNIT, change=Change.CLOSED), _units_back),
    Pass(Q(about=About.POST), _posts_back),
    Pass(Q(about=About.UNIT) & ~Q(change=Change.CLOSED), _units_back),
]


def _unremark(batch: _Batch) -> None:
    """A word of caution from applying would read as one about undoing."""
    FeedDifference.objects.filter(pk__in=[one.pk for one in batch]).exclude(why="").update(why="")
