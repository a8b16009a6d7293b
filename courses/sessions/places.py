"""Who has a place, who waits: signing up and giving up. Before: planning. After: signing_in.

Nothing but the row is stored: of those who did not give up, as many as there is room for have a place, first come
first served, and the next move up by themselves.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.models import Arrangement, Booking, PlaceGivenUp
from courses.sessions.planning import lock, refuse_when_settled
from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.organisation.models import Person, PostHolding
from lms.organisation.models.people import PersonQuerySet
from lms.organisation.overlaps import refused_as


@dataclass(frozen=True, slots=True)
class Row:
    """The people on a session's list: those who have a place, and those who wait, in their order."""

    with_place: list[Booking]
    waiting: list[Booking]


def row_of(arrangement: Arrangement) -> Row:
    """Who has a place now, and who waits. One query."""
    standing = Booking.objects.standing().filter(session=arrangement.session_id)
    bookings = list(standing.select_related("person").order_by("number"))
    return Row(bookings[: arrangement.capacity], bookings[arrangement.capacity :])


@transaction.atomic
def sign_up(arrangement: Arrangement, person: Person, *, by: Actor, needs_invitation: bool = True) -> Booking:
    """Give somebody the next place, or the next place in the row. Harmless the second time.

    Raises Refused for whoever is not invited (unless the officer asks them along), is at another session then, and
    once the session has begun, is cancelled or over.
    """
    # The person first: two sessions at one time are refused to whoever asks for both at once, too.
    Person.objects.select_for_update().get(pk=person.pk)
    session = lock(arrangement.session)
    standing = Arrangement.objects.named().with_taken().get(session=session)
    made = Booking.objects.standing().filter(session=session, person=person).first()
    if made is not None:
        return made
    _check_open(standing)
    if needs_invitation and not is_invited(standing, person):
        raise Refused(_("%(person)s does not belong to those whom this session is for.") % {"person": person})
    _refuse_two_at_once(standing, person)
    last = Booking.objects.filter(session=session).aggregate(last=Max("number"))["last"] or 0
    with refused_as(_("Somebody else signed up at the same moment. Nothing is lost: try again.")):
        made = Booking.objects.create(
            session=session,
            person=person,
            number=last + 1,
            was_waiting=standing.taken >= standing.capacity,
            **columns(by),
        )
    audit.record("signed up for a session", person, by=by, session=str(session.uuid))
    return made


@transaction.atomic
def sign_up_all(arrangement: Arrangement, people: Iterable[Person], *, by: Actor) -> list[Booking]:
    """Sign a team up, all of them or nobody, in the order of their ids."""
    # One order for everybody who locks people, lest two supervisors wait for each other.
    return [sign_up(arrangement, person, by=by) for person in sorted(people, key=lambda person: person.pk)]


@transaction.atomic
def give_up(booking: Booking, *, by: Actor, reason: str = "") -> PlaceGivenUp:
    """Give up a place, or the wish for one; the first who waits has it from this moment. Harmless the second time.

    Raises Refused once the session has begun: then the sign-in list says who was there.
    """
    session = lock(booking.session)
    made = PlaceGivenUp.objects.filter(booking=booking).first()
    if made is not None:
        return made
    _check_open(Arrangement.objects.named().get(session=session))
    made = PlaceGivenUp.objects.create(booking=booking, reason=reason, **columns(by))
    audit.record("place in a session given up", booking.person, by=by, session=str(session.uuid))
    return made


def is_invited(arrangement: Arrangement, person: Person) -> bool:
    """Whether the session is for somebody like them."""
    return Arrangement.objects.filter(pk=arrangement.pk).inviting(person, clock.today()).exists()


def invited_of(arrangement: Arrangement, people: PersonQuerySet) -> PersonQuerySet:
    """Those of some people whom the session is for."""
    today = clock.today()
    held = PostHolding.objects.on(today).in_subtree(arrangement.unit, today)
    if arrangement.categories.exists():
        held = held.filter(post__category__in=arrangement.categories.values("pk"))
    return people.filter(pk__in=held.values("person"))


def standing_of(person: Person, sessions: Collection[int]) -> dict[int, Booking]:
    """A person's bookings that stand, by session, each with its rank."""
    found = Booking.objects.standing().with_rank().filter(person=person, session__in=sessions)
    return {booking.session_id: booking for booking in found}


def _check_open(arrangement: Arrangement) -> None:
    refuse_when_settled(arrangement)
    if arrangement.has_begun:
        raise Refused(_("The session has begun. Whoever is there signs the list on the spot."))


def _refuse_two_at_once(arrangement: Arrangement, person: Person) -> None:
    held = Booking.objects.standing().filter(person=person).values("session")
    others = Arrangement.objects.standing().filter(session__in=held).select_related("session")
    for other in others.filter(valid_from__lt=arrangement.valid_until, valid_until__gt=arrangement.valid_from):
        if other.is_at_the_same_time_as(arrangement):
            words = _("%(person)s is signed up for “%(title)s” on %(day)s, at the same time. Give that place up first.")
            raise Refused(words % {"person": person, "title": other.session, "day": day_in_words(other.first_day)})
