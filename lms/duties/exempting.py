"""Exempting a person from a course for some days, and ending that. An exemption beats every rule."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course
from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.dated import close, supersede
from lms.core.errors import Refused
from lms.duties.models import Exemption
from lms.organisation.access import Capability, people_for
from lms.organisation.models import Person, User
from lms.organisation.overlaps import refused_as


@transaction.atomic
def exempt(
    person: Person,
    course: Course,
    *,
    from_day: date,
    until: date | None = None,
    review_on: date | None = None,
    reason: str,
    approver: User,
    by: Actor,
) -> Exemption:
    """Let a person off a course from a day on; `until` is the first day on which they must know it again.

    Without an end it is looked at again on `review_on`. The same twice changes nothing. Raises Refused without a
    reason, for days that another exemption covers, for somebody who exempts or approves for themselves, when `by` may
    not assign courses to the person, and when somebody sets neither an end nor a day to look again.
    """
    _check(person, course, reason=reason, approver=approver, by=by)
    if until is None and review_on is None and isinstance(by, User):
        raise Refused(_("Say when it ends, or when to look at it again."))
    if until is not None and until <= from_day:
        raise Refused(_("The end must be later than the start."))
    standing = Exemption.objects.overlapping(from_day, until).filter(person=person, course=course).first()
    if standing is not None and (standing.valid_from, standing.valid_until) == (from_day, until):
        return standing
    if standing is not None:
        raise Refused(_("This person is exempt from this course on some of these days already."))
    with refused_as(_("Somebody has just exempted this person. Reload the page.")):
        made = Exemption.objects.create(
            person=person,
            course=course,
            valid_from=from_day,
            valid_until=until,
            review_on=review_on if until is None else None,
            reason=reason,
            approver=approver,
            **columns(by),
        )
    audit.record("exempted", made, by=by, course=course.code)
    return made


@transaction.atomic
def end(exemption: Exemption, *, until: date, by: Actor, reason: str) -> Exemption:
    """End an exemption: `until` is the first day on which the person must know the course again."""
    _check(exemption.person, exemption.course, reason=reason, approver=exemption.approver, by=by)
    if exemption.valid_until is None:
        ended = close(exemption, until=until, by=by, reason=reason)
    elif until >= exemption.valid_until:
        raise Refused(_("It ends earlier by itself."))
    else:
        ended = supersede(exemption, by=by, reason=reason, valid_until=until)
    audit.record("exemption ended", ended, by=by, until=until.isoformat())
    return ended


def _check(person: Person, course: Course, *, reason: str, approver: User, by: Actor) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason is kept with the exemption."))
    if approver.person_id == person.pk or (isinstance(by, User) and by.person_id == person.pk):
        raise Refused(_("Nobody exempts themselves. Ask somebody else."))
    if isinstance(by, User) and not _may_assign(by, person, course):
        raise Refused(_("Your role does not let you exempt this person."))


def _may_assign(by: User, person: Person, course: Course) -> bool:
    """HR, and for integrity courses the integrity unit."""
    capabilities = [Capability.ASSIGN_ANY, *([Capability.ASSIGN_INTEGRITY] if course.is_integrity else [])]
    return any(people_for(by, capability).filter(pk=person.pk).exists() for capability in capabilities)
