"""Long leave: the days on which somebody is away, and nothing about why."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.actors import Actor, columns
from lms.core.dated import close
from lms.core.errors import Refused
from lms.core.spans import ends_by
from lms.core.words import day_in_words
from lms.organisation.models import Leave, Person
from lms.organisation.overlaps import refused_as


@transaction.atomic
def record_leave(person: Person, *, from_day: date, by: Actor, until: date | None = None) -> Leave:
    """Record that a person is away from a day on. Harmless the second time. Refused when it overlaps another."""
    if ends_by(until, from_day):
        raise Refused(_("The end must be later than the start, %(start)s.") % {"start": day_in_words(from_day)})
    standing = Leave.objects.overlapping(from_day, until).filter(person=person).first()
    if standing is not None and (standing.valid_from, standing.valid_until) == (from_day, until):
        return standing
    text = _("%(person)s is on leave on some of these days already.") % {"person": person}
    if standing is not None:
        raise Refused(text)
    with refused_as(text):
        return Leave.objects.create(person=person, valid_from=from_day, valid_until=until, **columns(by))


def end_leave(leave: Leave, *, until: date, by: Actor) -> Leave:
    """The person is back: `until` is the first day at work."""
    return close(leave, until=until, by=by)
