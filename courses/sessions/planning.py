"""Planning a session, changing it, and letting it not take place. After: places."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import (
    Arrangement,
    Booking,
    Course,
    ListSigned,
    SessionCancelled,
    SessionKind,
    SessionSeries,
    TrainingSession,
)
from courses.models.sessions import at
from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import supersede
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.organisation.models import OrgUnit, PostCategory, User


@dataclass(frozen=True, slots=True)
class When:
    """Days, and hours by the clock on the wall on each of them."""

    first: date
    starts: time
    ends: time
    last: date | None = None

    @property
    def last_day(self) -> date:
        return self.last or self.first

    @property
    def until(self) -> date:
        """The first day after it."""
        return self.last_day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Setting:
    """When and where people meet, who is invited, how many have room, and who sees to it."""

    when: When
    unit: OrgUnit
    capacity: int
    place: str = ""
    link: str = ""
    categories: Collection[PostCategory] = ()
    officer: User | None = None
    trainer: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the session is: its words, what it belongs to, and whose quarterly session it is."""

    title: str
    kind: str = SessionKind.WORKSHOP
    course: Course | None = None
    lesson_key: str = ""
    series: SessionSeries | None = None
    period: str = ""
    office: OrgUnit | None = field(default=None)


def of_series(series: SessionSeries, *, office: OrgUnit | None = None, period: str = "") -> Subject:
    """What every session of a series is."""
    return Subject(series.title, series.kind, series.course, series.lesson_key, series, period, office)


@transaction.atomic
def plan(subject: Subject, setting: Setting, *, by: Actor) -> Arrangement:
    """Plan a session. Raises Refused for a time that is over, ends before it begins, or is years ahead."""
    _check_setting(setting)
    if subject.kind == SessionKind.FORUM and subject.course is not None:
        raise Refused(_("A forum belongs to no course: whoever comes has attended, and no more."))
    if subject.kind == SessionKind.QUARTERLY and subject.office is None:
        raise Refused(_("Say which office the quarterly session is for."))
    named = {name: getattr(subject, name) for name in Subject.__slots__}
    session = TrainingSession.objects.create(**named, **columns(by))
    made = Arrangement.objects.create(session=session, **_columns(setting), **columns(by))
    made.categories.set(setting.categories)
    audit.record("session planned", session, by=by, on=setting.when.first.isoformat(), unit=setting.unit.code)
    return made


@transaction.atomic
def rearrange(arrangement: Arrangement, setting: Setting, *, reason: str, by: Actor) -> Arrangement:
    """Let a session be at another time or place, or for others; the old words stay on record. Harmless the second time.

    Those who signed up keep their place. Raises Refused once it is cancelled or has begun, and for fewer places than
    people have.
    """
    session = lock(arrangement.session)
    standing = Arrangement.objects.named().get(session=session)
    refuse_when_settled(standing)
    if _is_same(standing, setting):
        return standing
    if standing.has_begun:
        raise Refused(_("The session has begun. What was planned can no longer be changed."))
    _check_setting(setting)
    taken = Booking.objects.standing().filter(session=session).count()
    with_place = min(taken, standing.capacity)
    if setting.capacity < with_place:
        words = _("%(count)d people have a place. Keep so many places, or ask some of them to give theirs up.")
        raise Refused(words % {"count": with_place})
    if not reason.strip():
        raise Refused(_("Say why it changes: whoever signed up reads it."))
    made = supersede(standing, by=by, reason=reason, **_columns(setting))
    made.categories.set(setting.categories)
    audit.record("session changed", session, by=by, on=setting.when.first.isoformat(), reason=reason)
    return made


@transaction.atomic
def cancel(arrangement: Arrangement, *, reason: str, by: Actor) -> SessionCancelled:
    """Let a session not take place: all its places are free. Harmless the second time.

    Raises Refused once its list is signed, and without a reason.
    """
    session = lock(arrangement.session)
    made = SessionCancelled.objects.filter(session=session).first()
    if made is not None:
        return made
    if ListSigned.objects.filter(session=session).exists():
        raise Refused(_("The list is signed, so the session took place."))
    if not reason.strip():
        raise Refused(_("Say why: whoever signed up reads it."))
    made = SessionCancelled.objects.create(session=session, reason=reason, **columns(by))
    audit.record("session cancelled", session, by=by, reason=reason)
    return made


def lock(session: TrainingSession) -> TrainingSession:
    """Let nobody else change this session, its places or its list until the transaction ends."""
    return TrainingSession.objects.select_for_update().get(pk=session.pk)


def refuse_when_settled(arrangement: Arrangement) -> None:
    """Raise Refused once it is cancelled or its list is signed. Needs `named`."""
    if arrangement.is_cancelled:
        raise Refused(_("This session is cancelled."))
    if arrangement.is_signed:
        raise Refused(_("The list of this session is signed: it is over."))


def _check_setting(setting: Setting) -> None:
    when, today = setting.when, clock.today()
    if when.ends <= when.starts:
        raise Refused(_("The session ends before it begins. Check the hours."))
    if when.last_day < when.first:
        raise Refused(_("The last day is before the first."))
    if (when.last_day - when.first).days >= settings.SESSION_LONGEST_DAYS:
        raise Refused(_("That is more than %(days)d days. Plan several sessions.") % _days("SESSION_LONGEST_DAYS"))
    if at(when.last_day, when.ends) <= clock.now():
        raise Refused(_("%(day)s is past. Choose a time to come.") % {"day": day_in_words(when.last_day)})
    if (when.first - today).days > settings.SESSION_FURTHEST_DAYS:
        raise Refused(_("%(day)s is years ahead. Check the year.") % {"day": day_in_words(when.first)})
    if not setting.place.strip() and not setting.link:
        raise Refused(_("Say where it is: a place, or a link for those who join from elsewhere."))


def _days(name: str) -> dict[str, int]:
    return {"days": getattr(settings, name)}


def _columns(setting: Setting) -> dict[str, object]:
    when = setting.when
    shared = {name: getattr(setting, name) for name in Setting.__slots__ if name not in {"when", "categories"}}
    return {"valid_from": when.first, "valid_until": when.until, "starts": when.starts, "ends": when.ends, **shared}


def _is_same(standing: Arrangement, setting: Setting) -> bool:
    categories = {category.pk for category in setting.categories}
    same = all(getattr(standing, name) == value for name, value in _columns(setting).items())
    return same and categories == set(standing.categories.values_list("pk", flat=True))
