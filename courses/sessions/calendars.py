"""Sessions as calendar files (RFC 5545), one by one or all of somebody's; their address cannot be guessed."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from courses.models import Arrangement, Booking, CalendarAddress
from courses.models.sessions import at
from courses.sessions import places
from lms.core import audit, clock
from lms.core.actors import Actor
from lms.organisation.models import Person

_KEPT = timedelta(days=366)
_signer = Signer(salt="courses.calendar")


def address_of(person: Person) -> str:
    """The whole address of somebody's own calendar file, made on first use."""
    made, _is_new = CalendarAddress.objects.get_or_create(person=person)
    return f"{settings.BASE_URL}{reverse('my_calendar_file', args=[made.key, _signature(made.key)])}"


@transaction.atomic
def renew(person: Person, *, by: Actor) -> CalendarAddress:
    """Give somebody's calendar another address; the old one leads nowhere from now on."""
    values = {"key": uuid4(), "made_at": clock.now()}
    made, _is_new = CalendarAddress.objects.update_or_create(person=person, defaults=values)
    audit.record("calendar address renewed", person, by=by)
    return made


def person_at(key: UUID, signature: str) -> Person | None:
    """Whose calendar an address is; None for one that was made up or renewed, and for a login that is closed."""
    try:
        _signer.unsign(f"{key}:{signature}")
    except BadSignature:
        return None
    open_logins = CalendarAddress.objects.filter(key=key, person__user__is_active=True).select_related("person")
    found = open_logins.first()
    return found.person if found else None


def file_of(person: Person) -> bytes:
    """All sessions for which somebody signed up, from a year ago on; the cancelled ones say so."""
    booked = Booking.objects.standing().filter(person=person)
    since = clock.today() - _KEPT
    rows = list(Arrangement.objects.named().filter(session__in=booked.values("session"), valid_until__gt=since))
    standing = places.standing_of(person, [row.session_id for row in rows])
    return calendar((row, standing[row.session_id].rank > row.capacity) for row in rows)


def file_for(arrangement: Arrangement, *, with_link: bool = False) -> bytes:
    """One session. The link to join is for those who have a place."""
    return calendar([(arrangement, False)], with_link=with_link)


def calendar(sessions: Iterable[tuple[Arrangement, bool]], *, with_link: bool = True) -> bytes:
    """Sessions as a file, each with whether its reader still waits for a place: lines folded, ended by CRLF."""
    made = Calendar()
    made.add("prodid", "-//Frontline//Sessions//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for arrangement, is_waiting in sessions:
        made.add_component(_event(arrangement, is_waiting=is_waiting, with_link=with_link))
    made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def _event(arrangement: Arrangement, *, is_waiting: bool, with_link: bool) -> Event:
    session, event = arrangement.session, Event()
    event.add("uid", f"{session.uuid}@{_host()}")
    event.add("summary", _("%(title)s (waiting for a place)") % {"title": session} if is_waiting else session.title)
    event.add("dtstart", _local(arrangement.starts_at))
    event.add("dtend", _local(at(arrangement.first_day, arrangement.ends)))
    if not arrangement.is_one_day:
        days = (arrangement.last_day - arrangement.first_day).days + 1
        event.add("rrule", {"freq": "daily", "count": days})
    said_at = session.cancelled.on if arrangement.is_cancelled else arrangement.known_from
    event.add("dtstamp", said_at.astimezone(UTC))
    # A calendar takes a higher number for news of the same session.
    event.add("sequence", max(int((said_at - session.made_at).total_seconds()), 0))
    event.add("status", _status(arrangement, is_waiting=is_waiting))
    if arrangement.place:
        event.add("location", arrangement.place)
    url = f"{settings.BASE_URL}{reverse('session', args=[session.uuid])}"
    event.add("url", url)
    if arrangement.link and with_link and not is_waiting:
        event.add("description", _("Join here: %(link)s") % {"link": arrangement.link})
    return event


def _status(arrangement: Arrangement, *, is_waiting: bool) -> str:
    if arrangement.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if is_waiting else "CONFIRMED"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_default_timezone())


def _host() -> str:
    return urlsplit(str(settings.BASE_URL)).hostname or "localhost"


def _signature(key: UUID) -> str:
    return str(_signer.signature(str(key)))
