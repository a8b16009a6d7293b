"""Applying what a feed says of people: each pass takes a slice of differences. Everybody leaves before anybody comes."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lms.organisation import hiring
from lms.organisation.feed.batches import each_or_refused, keep, note
from lms.organisation.feed.facts import MODELS, close_all, open_again
from lms.organisation.feed.unit_passes import ends_of, reason, to_close
from lms.organisation.models import Change, Employer, Feed, FeedDifference, Person, Post, PostHolding, StaffNumber

_Batch = Sequence[FeedDifference]
_NAMES = ("given_names", "surname", "email")


def close_facts(feed: Feed, batch: _Batch) -> None:
    """End the numbers and holdings that leavers and movers leave. What was changed by hand since is refused."""
    for model in ("number", "holding"):
        closed = close_all(MODELS[model], ends_of(batch, model), by=feed.applied_by, reason=reason(feed))
        for one in batch:
            mine = [pk for pk in to_close(one, model) if pk in closed]
            if mine:
                note(one, "closed", model, mine)
    stale = [one for one in batch if not _closed_all(one)]
    for one in stale:
        _refuse(one, _("This was changed by hand since the file was compared. Send the file again."))
    _give_back(stale, feed)
    keep(batch)


def enter(feed: Feed, batch: _Batch) -> None:
    """Enter new people with their numbers."""
    employers = _employers()

    def step(some: _Batch) -> None:
        people = hiring.enter_people([_new_person(one, employers) for one in some], by=feed.applied_by)
        numbers = {row.person_id: row.pk for row in StaffNumber.objects.filter(person__in=people)}
        for one, person in zip(some, people, strict=True):
            one.person = person
            note(one, "made", "number", [numbers[person.pk]])

    each_or_refused(batch, step)
    keep(batch)


def number_and_name(feed: Feed, batch: _Batch) -> None:
    """Give new numbers, and names as HR has them now."""
    employers = _employers()

    def step(some: _Batch) -> None:
        plans = []
        for one in some:
            code, number = one.after["number"].split("/", 1)
            assert one.person is not None
            plans.append(hiring.NewNumber(one.person, employers[code], number, one.day))
        for one, made in zip(some, hiring.give_numbers(plans, by=feed.applied_by), strict=True):
            note(one, "made", "number", [made.pk])

    _give_back(each_or_refused([one for one in batch if one.after.get("number")], step), feed)
    _rename([one for one in batch if one.change == Change.CHANGED and one.after.keys() & set(_NAMES)])
    keep(batch)


def appoint(feed: Feed, batch: _Batch) -> None:
    """Put people into their posts. Whoever cannot be is put back into the one that they left."""
    seats = {post.code: post for post in Post.objects.filter(code__in=[one.to_post for one in batch])}
    kinds = {one.pk: one.change for one in batch}
    for one in batch:
        if one.to_post not in seats:
            _refuse(one, _("The post %(post)s was refused.") % {"post": one.to_post})

    def step(some: _Batch) -> None:
        plans = [
            hiring.Appointment(one.person, seats[one.to_post], one.day, kind=PostHolding.Kind(one.after["holding"]))
            for one in some
            if one.person is not None
        ]
        for one, made in zip(some, hiring.appoint_all(plans, by=feed.applied_by), strict=True):
            note(one, "made", "holding", [made.pk])

    each_or_refused([one for one in batch if one.change != Change.REFUSED], step)
    # A newcomer is there all the same, with a number and no post; the next file, or a person, finds them one.
    for one in batch:
        if one.change == Change.REFUSED and one.facts.get("made", {}).get("number"):
            one.change = kinds[one.pk]
    _give_back([one for one in batch if one.change == Change.REFUSED], feed)
    keep(batch)


def _give_back(refused: _Batch, feed: Feed) -> None:
    for one in refused:
        for model in ("number", "holding"):
            keys = one.facts.get("closed", {}).pop(model, [])
            rows = MODELS[model]._base_manager.filter(pk__in=keys, known_until__isnull=True)
            open_again(list(rows), by=feed.applied_by, reason=_("The row was refused: %(why)s") % {"why": one.why})


def _closed_all(one: FeedDifference) -> bool:
    closed = one.facts.get("closed", {})
    return all(set(keys) <= set(closed.get(model, [])) for model, keys in one.facts.get("to close", {}).items())


def _refuse(one: FeedDifference, why: str) -> None:
    one.change, one.why = Change.REFUSED, why[:500]


def _new_person(one: FeedDifference, employers: dict[str, Employer]) -> hiring.NewPerson:
    code, number = one.subject.split("/", 1)
    return hiring.NewPerson(
        one.after.get("given_names", ""),
        one.after.get("surname", ""),
        one.day,
        employers[code],
        number,
        kind=Person.Kind(one.after.get("person_kind", Person.Kind.EMPLOYEE)),
        email=one.after.get("email", ""),
    )


def _rename(batch: _Batch) -> None:
    people: dict[int, Person] = {}
    for one in batch:
        assert one.person is not None
        person = people.setdefault(one.person.pk, one.person)
        for name in _NAMES:
            setattr(person, name, one.after.get(name, getattr(person, name)))
    Person.objects.bulk_update(people.values(), list(_NAMES), batch_size=200)


def _employers() -> dict[str, Employer]:
    return {employer.code: employer for employer in Employer.objects.all()}
