"""The sign-in list: who was there, ticked by the officer, then signed; corrected afterwards with a reason.

Before: places. After: counting, which does the lessons that are done by attending.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Arrangement, Attendance, ListSigned
from courses.sessions import counting, places
from courses.sessions.planning import lock
from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import supersede
from lms.core.errors import Refused
from lms.organisation.models import Person, StaffNumber
from lms.organisation.models.people import normal_number

State = Attendance.State


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: somebody, in which number of the row if they signed up, and what was ticked so far."""

    person: Person
    has_place: bool
    signed_up: bool
    attendance: Attendance | None

    @property
    def state(self) -> str:
        """What was ticked; empty for nothing yet."""
        return self.attendance.state if self.attendance else ""


def lines(arrangement: Arrangement) -> list[Line]:
    """Everybody who signed up or was ticked, by name. Two queries."""
    row = places.row_of(arrangement)
    marks = Attendance.objects.held().filter(session=arrangement.session_id).select_related("person")
    ticked = {mark.person_id: mark for mark in marks}
    found = {booking.person_id: (booking.person, False, True) for booking in row.waiting}
    found |= {booking.person_id: (booking.person, True, True) for booking in row.with_place}
    found |= {key: (mark.person, False, False) for key, mark in ticked.items() if key not in found}
    people = sorted(found.values(), key=lambda entry: (entry[0].surname, entry[0].given_names, entry[0].pk))
    return [Line(person, has_place, is_up, ticked.get(person.pk)) for person, has_place, is_up in people]


@transaction.atomic
def tick(arrangement: Arrangement, marks: Mapping[Person, str], *, by: Actor) -> None:
    """Say of some people whether they were there. The same again changes nothing.

    Raises Refused before the session's first day, when it is cancelled, and once the list is signed.
    """
    session = lock(arrangement.session)
    standing = Arrangement.objects.named().get(session=session)
    _check_may_tick(standing)
    if standing.is_signed:
        raise Refused(_("The list is signed. Correct a line, and say why."))
    known = {mark.person_id: mark for mark in Attendance.objects.held().filter(session=session)}
    for person, state in marks.items():
        mark = known.get(person.pk)
        _mark(standing, person, state, mark, reason=_("Ticked before the list was signed") if mark else "", by=by)


@transaction.atomic
def sign(arrangement: Arrangement, *, by: Actor) -> ListSigned:
    """Close the list with the officer's name and the time. Harmless the second time: the first signature stands.

    Whoever had a place and was not ticked was absent. Raises Refused where nobody was there.
    """
    session = lock(arrangement.session)
    signed = ListSigned.objects.filter(session=session).first()
    if signed is not None:
        return signed
    standing = Arrangement.objects.named().get(session=session)
    _check_may_tick(standing)
    if not Attendance.objects.held().present().filter(session=session).exists():
        raise Refused(_("Nobody is ticked as present. Tick who was there, or cancel the session."))
    for line in lines(standing):
        if line.has_place and line.attendance is None:
            _mark(standing, line.person, State.ABSENT, None, reason="", by=by)
    signed = ListSigned.objects.create(session=session, **columns(by))
    audit.record("sign-in list signed", session, by=by)
    counting.count_all(session)
    return signed


@transaction.atomic
def correct(arrangement: Arrangement, person: Person, state: str, *, reason: str, by: Actor) -> Attendance:
    """Change a line of a signed list, or add one; what stood before stays on record. Harmless the second time.

    Raises Refused without a reason, and where a result rests on it.
    """
    session = lock(arrangement.session)
    standing = Arrangement.objects.named().get(session=session)
    if not standing.is_signed:
        raise Refused(_("The list is not signed yet: tick, or add people, on the list itself."))
    if not reason.strip():
        raise Refused(_("Say why the list is corrected."))
    mark = Attendance.objects.held().filter(session=session, person=person).first()
    if mark is not None and mark.state == state:
        return mark
    if mark is not None:
        counting.refuse_where_a_result_rests_on(mark)
    made = _mark(standing, person, state, mark, reason=reason, by=by)
    audit.record("attendance corrected", person, by=by, session=str(session.uuid), state=state, reason=reason)
    counting.count(made)
    return made


def person_with(number: str, arrangement: Arrangement) -> Person:
    """Whoever carries a staff number on the first day; with the employer in front where two do. Raises Refused."""
    employer, _slash, bare = number.rpartition("/")
    found = StaffNumber.objects.on(arrangement.first_day).filter(number=normal_number(bare)).select_related("person")
    if employer:
        found = found.filter(employer__code__iexact=employer.strip())
    rows = list(found[:2])
    if not rows:
        raise Refused(_("Nobody has the staff number %(number)s on that day.") % {"number": number})
    if len(rows) > 1:
        raise Refused(_("Two employers gave the number %(number)s. Write EMPLOYER/NUMBER.") % {"number": number})
    return rows[0].person


def _check_may_tick(arrangement: Arrangement) -> None:
    if arrangement.is_cancelled:
        raise Refused(_("This session is cancelled."))
    if arrangement.first_day > clock.today():
        raise Refused(_("The list opens on the day of the session."))


def _mark(
    arrangement: Arrangement, person: Person, state: str, mark: Attendance | None, *, reason: str, by: Actor
) -> Attendance:
    if state not in State.values:
        raise Refused(_("Say whether they were present, absent or excused."))
    if mark is not None and mark.state == state:
        return mark
    if mark is not None:
        return supersede(mark, by=by, reason=reason, state=state)
    days = {"valid_from": arrangement.valid_from, "valid_until": arrangement.valid_until}
    return Attendance.objects.create(
        session=arrangement.session, person=person, state=state, reason=reason, **days, **columns(by)
    )
