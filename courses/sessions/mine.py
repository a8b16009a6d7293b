"""Somebody's own sessions: coming, waiting, past, and those they may sign up for."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from courses.models import Arrangement, Attendance, Booking
from courses.sessions import figures, places
from lms.organisation.models import Person

_OFFERED = 25


@dataclass(frozen=True, slots=True)
class Place:
    """A session for which somebody signed up, and where they stand in its row."""

    arrangement: Arrangement
    booking: Booking

    @property
    def has_place(self) -> bool:
        """Whether there is room for them now."""
        return self.booking.rank <= self.arrangement.capacity

    @property
    def moved_up(self) -> bool:
        """Whether they waited when they signed up, and have a place now."""
        return self.booking.was_waiting and self.has_place

    @property
    def before(self) -> int:
        """How many wait before them."""
        return max(self.booking.rank - self.arrangement.capacity - 1, 0)


@dataclass(frozen=True, slots=True)
class Mine:
    """The page."""

    coming: list[Place]
    waiting: list[Place]
    cancelled: list[Arrangement]
    offered: list[Arrangement]
    past: list[Attendance]


def of(person: Person, today: date) -> Mine:
    """Everything for one person: four queries, however much it is."""
    booked = Booking.objects.standing().filter(person=person).values("session")
    rows = list(Arrangement.objects.named().coming(today).filter(session__in=booked))
    standing = places.standing_of(person, [row.session_id for row in rows])
    taken = [Place(row, standing[row.session_id]) for row in rows if not row.is_cancelled]
    open_to = Arrangement.objects.named().with_taken().filter(session__cancelled__isnull=True)
    offered = open_to.inviting(person, today).filter(valid_from__gte=today).exclude(session__in=booked)
    return Mine(
        coming=[place for place in taken if place.has_place],
        waiting=[place for place in taken if not place.has_place],
        cancelled=[row for row in rows if row.is_cancelled],
        offered=[row for row in offered[:_OFFERED] if not row.has_begun],
        past=list(figures.attended_by(person)),
    )


@dataclass(frozen=True, slots=True)
class Next:
    """The next session for which somebody has a place, in as many words as a page of other things has room for."""

    uuid: UUID
    title: str
    first_day: date
    starts: time
    place: str


def coming_to(person: Person, today: date) -> QuerySet[Arrangement]:
    """Sessions for which somebody has a place, without an order: a page at its limit of queries joins them to another."""
    here: dict[str, Any] = {"session": OuterRef("session"), "rank__lte": OuterRef("capacity")}
    has_place = Booking.objects.standing().with_rank().filter(person=person, **here)
    return Arrangement.objects.standing().coming(today).filter(Exists(has_place))


# A session in one column, and how it is read back. The days and hours come first, so the words sort by time.
IN_ONE_COLUMN = Concat(
    Cast("valid_from", CharField()), Value("|"), Cast("starts", CharField()), Value("|"),
    "place", Value("|"), "session__title", output_field=CharField(),
)  # fmt: skip


def read_next(uuid: UUID, words: str) -> Next:
    """A session from its address and its one column."""
    day, hour, rest = words.split("|", 2)
    place, _bar, title = rest.partition("|")
    return Next(uuid, title, date.fromisoformat(day), time.fromisoformat(hour), place)
