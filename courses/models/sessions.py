"""Sessions: when and where people meet, who has a place, who was there."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.series import Hours, SessionKind, SessionSeries, never_forum_with_course
from courses.models.versions import Course
from lms.core import clock
from lms.core.actors import Attributed
from lms.core.dated import DatedFact, DatedQuerySet
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import OrgUnit, Person, PostCategory, PostHolding, UnitAncestry, User


class TrainingSession(Attributed):
    """The identity of a session. When, where and for whom: its `Arrangement`. What became of it: its events.

    `period` names the time for which its series made it ("2026-06"), once; sessions planned by hand have none.
    `office` is whose quarterly session it is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.ForeignKey(SessionSeries, models.PROTECT, null=True, blank=True, related_name="sessions")
    period = models.CharField(max_length=7, blank=True)
    office = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SessionKind)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    lesson_key = models.SlugField(max_length=60, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            never_forum_with_course("trainingsession"),
            models.CheckConstraint(
                condition=Q(kind__in=["workshop", "quarterly", "forum"]), name="courses_trainingsession_kind_known"
            ),
            models.UniqueConstraint(
                fields=["series", "period"], condition=~Q(period=""), name="courses_trainingsession_once_a_period"
            ),
        ]
        indexes = [models.Index(fields=["course", "lesson_key"], name="courses_session_course")]

    def __str__(self) -> str:
        return self.title


class ArrangementQuerySet(DatedQuerySet["Arrangement"]):
    """Sessions by when, where and for whom they are."""

    def named(self) -> Self:
        """What stands now, with its session, and whether that is cancelled and its list signed."""
        cancelled = SessionCancelled.objects.filter(session=OuterRef("session"))
        signed = ListSigned.objects.filter(session=OuterRef("session"))
        added: dict[str, Any] = {"is_cancelled": Exists(cancelled), "is_signed": Exists(signed)}
        rows = self.held().annotate(**added)
        named = ["session__series", "session__course", "session__cancelled", "unit"]
        return rows.select_related(*named).order_by("valid_from", "starts", "session")

    def standing(self) -> Self:
        """What stands now and is not cancelled."""
        return self.held().filter(session__cancelled__isnull=True)

    def coming(self, day: date) -> Self:
        """Sessions of which at least one day is not over yet."""
        return self.filter(valid_until__gt=day)

    def inviting(self, person: Person, day: date) -> Self:
        """Sessions to whose audience the person belongs on `day`."""
        held = PostHolding.objects.on(day).filter(person=person)
        above = UnitAncestry.objects.on(day).filter(unit__in=held.values("post__unit")).values("ancestor")
        by_post = Q(categories__isnull=True) | Q(categories__in=held.values("post__category"))
        return self.filter(pk__in=Arrangement.objects.filter(by_post, unit__in=above).values("pk"))

    def with_taken(self) -> Self:
        """With `taken`: how many signed up and did not give up their place, the waiting ones among them."""
        found = Booking.objects.standing().filter(session=OuterRef("session")).order_by().values("session")
        counted = Subquery(found.annotate(many=Count("pk")).values("many"))
        return self.annotate(taken=Coalesce(counted, 0))


class Arrangement(Hours, DatedFact):
    """When, where and for whom a session is: valid from its first day until the day after its last.

    A session that moves supersedes it, with a reason; so what people were told first stays on record.
    """

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="arrangements")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    categories = models.ManyToManyField(PostCategory, blank=True, related_name="+")
    officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    trainer = models.CharField(max_length=200, blank=True)

    # Set by `named` and `with_taken`.
    is_cancelled: bool
    is_signed: bool
    taken: int

    objects = ArrangementQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            *Hours.Meta.constraints,
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="courses_arrangement_has_last_day"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(known_until__isnull=True), name="courses_arrangement_one_standing"
            ),
        ]
        indexes = [models.Index(fields=["valid_from", "unit"], name="courses_arrangement_days")]

    def __str__(self) -> str:
        return f"{self.session} {self.valid_from}"

    @property
    def first_day(self) -> date:
        return self.valid_from

    @property
    def last_day(self) -> date:
        assert self.valid_until is not None  # by constraint
        return self.valid_until - timedelta(days=1)

    @property
    def is_one_day(self) -> bool:
        return self.first_day == self.last_day

    @property
    def starts_at(self) -> datetime:
        """When the first day begins, as an instant."""
        return at(self.first_day, self.starts)

    @property
    def ends_at(self) -> datetime:
        """When the last day ends, as an instant."""
        return at(self.last_day, self.ends)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def places_left(self) -> int:
        """Places that nobody has. Needs `with_taken`."""
        return max(self.capacity - self.taken, 0)

    @property
    def waiting(self) -> int:
        """How many wait for a place. Needs `with_taken`."""
        return max(self.taken - self.capacity, 0)

    @property
    def state(self) -> str:
        """The word for pages. Needs `named`."""
        if self.is_cancelled:
            return "cancelled"
        if self.is_signed:
            return "held"
        return "list not signed" if self.is_over else "planned"

    def is_at_the_same_time_as(self, other: "Arrangement") -> bool:
        """Whether nobody can be at both."""
        days = self.first_day <= other.last_day and other.first_day <= self.last_day
        return days and self.starts < other.ends and other.starts < self.ends


def at(day: date, hour: time) -> datetime:
    """What the clock on the wall shows, as an instant; an hour that summer time leaves out is the one after it."""
    return timezone.make_aware(datetime.combine(day, hour), timezone.get_default_timezone())


class BookingQuerySet(EventQuerySet["Booking"]):
    """People on the list of a session."""

    def standing(self) -> Self:
        """Those who did not give up their place."""
        return self.filter(given_up__isnull=True)

    def with_rank(self) -> Self:
        """With `rank`: which in the row they are now; up to the capacity they have a place, after it they wait."""
        before = Booking.objects.standing().filter(session=OuterRef("session"), number__lte=OuterRef("number"))
        counted = before.order_by().values("session").annotate(many=Count("pk")).values("many")
        return self.annotate(rank=Subquery(counted))


class Booking(Event):
    """Somebody signed up. The row of those who did not give up decides who has a place: nothing else is stored.

    `number` is the order in which they came; that it is there once is what lets the last place go to one person.
    `was_waiting` is what they were told.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    was_waiting = models.BooleanField(default=False)

    # Set by `with_rank`.
    rank: int

    objects = BookingQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["session", "number"], name="courses_booking_numbered_once"),
        ]
        indexes = [models.Index(fields=["person", "session"], name="courses_booking_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.session}"


class PlaceGivenUp(Event):
    """Somebody gave up a place, or a place in the row."""

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="given_up")
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return str(self.booking)


class SessionCancelled(Event):
    """A session does not take place. All its places are free with it."""

    session = models.OneToOneField(TrainingSession, models.PROTECT, related_name="cancelled")
    reason = models.CharField(max_length=500)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="courses_sessioncancelled_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.reason}"


class ListSigned(Event):
    """The sign-in list was closed and signed: from here on the session was held, and changes need a reason."""

    session = models.OneToOneField(TrainingSession, models.PROTECT, related_name="signed")

    def __str__(self) -> str:
        return str(self.session)


class AttendanceQuerySet(DatedQuerySet["Attendance"]):
    """Who was where."""

    def counting(self) -> Self:
        """What stands now on lists that are signed."""
        return self.held().filter(session__signed__isnull=False)

    def present(self) -> Self:
        return self.filter(state=Attendance.State.PRESENT)


class Attendance(DatedFact):
    """Somebody was at a session, was absent, or was excused. It counts once the list is signed, as attendance only.

    Valid on the days of the session; a correction supersedes it.
    """

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)

    # Set by `figures` alone.
    unit_code: str | None
    number: str | None

    objects = AttendanceQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(DatedFact.Meta):
        verbose_name_plural = "attendance"
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(known_until__isnull=True),
                name="courses_attendance_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["present", "absent", "excused"]), name="courses_attendance_state_known"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="courses_attendance_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.session} {self.state}"


class CalendarAddress(models.Model):
    """The key in the address of somebody's own calendar file. A new key makes the old address useless."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "calendar addresses"

    def __str__(self) -> str:
        return str(self.person)
