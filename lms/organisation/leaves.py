"""Long leave: the days on which somebody is away, and of why only a kind that tells nothing of anybody's health."""

from datetime import date
from typing import Protocol

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.dated import close, supersede
from lms.core.errors import Refused
from lms.core.ports import Registry
from lms.core.spans import ends_by
from lms.core.words import day_in_words
from lms.organisation.access import Capability, people_for
from lms.organisation.models import Leave, Person, User
from lms.organisation.overlaps import refused_as


class LeaveReason(TextChoices):
    """Kinds of leave. Illness is "other": what somebody has is nobody's business here."""

    PARENTAL = "parental", _lazy("Parental leave")
    STUDY = "study", _lazy("Study leave")
    UNPAID = "unpaid", _lazy("Unpaid leave")
    OTHER = "other", _lazy("Other long leave")


class Effects(Protocol):
    """What leave does to what somebody must do, in sentences: a room above says it."""

    def on(self, person: Person, day: date) -> list[str]:
        """What stands still, or will, by the leaves on record as at a day."""
        ...


# Asked by the page on somebody's leave.
effects: Registry[Effects] = Registry("leave_effects")


def reason_in_words(leave: Leave) -> str:
    """The kind of leave; empty for one that was recorded without."""
    return str(LeaveReason(leave.reason).label) if leave.reason in LeaveReason.values else ""


@transaction.atomic
def record_leave(person: Person, *, from_day: date, by: Actor, until: date | None = None, reason: str = "") -> Leave:
    """Record that a person is away from a day on. Harmless the second time.

    Refused when it overlaps another, for oneself, and by whoever may not record leave of the person.
    """
    _check(person, by)
    if ends_by(until, from_day):
        raise Refused(_("The end must be later than the start, %(start)s.") % {"start": day_in_words(from_day)})
    standing = Leave.objects.overlapping(from_day, until).filter(person=person).first()
    if standing is not None and (standing.valid_from, standing.valid_until) == (from_day, until):
        return standing
    text = _("%(person)s is on leave on some of these days already.") % {"person": person}
    if standing is not None:
        raise Refused(text)
    with refused_as(text):
        made = Leave.objects.create(person=person, valid_from=from_day, valid_until=until, reason=reason, **columns(by))
    audit.record("leave recorded", person, by=by, from_day=from_day.isoformat())
    return made


@transaction.atomic
def end_leave(leave: Leave, *, until: date, by: Actor) -> Leave:
    """The person is back: `until` is the first day at work, earlier than planned perhaps."""
    _check(leave.person, by)
    if leave.valid_until is None or leave.valid_until == until:
        ended = close(leave, until=until, by=by)
    elif until > leave.valid_until:
        raise Refused(_("It ends earlier by itself. Record another leave for the days after."))
    else:
        ended = supersede(leave, by=by, reason=leave.reason, valid_until=until)
    audit.record("leave ended", leave.person, by=by, until=until.isoformat())
    return ended


def _check(person: Person, by: Actor) -> None:
    if not isinstance(by, User):
        return
    if by.person_id == person.pk:
        raise Refused(_("Nobody records their own leave. Ask your supervisor or HR."))
    if not people_for(by, Capability.RECORD_LEAVE).filter(pk=person.pk).exists():
        raise Refused(_("Your role does not let you record leave of this person."))
