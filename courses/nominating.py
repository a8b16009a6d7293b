"""Proposing somebody for a course that is not for everybody, and deciding on it. After: enrolling."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import entry
from courses.eligibility import Door
from courses.models import Course, Nomination, NominationDecision
from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.models import Person

Outcome = NominationDecision.Outcome


@transaction.atomic
def nominate(person: Person, course: Course, *, reason: str, by: Actor) -> Nomination:
    """Propose a person for a course. While a nomination awaits its decision, the same again changes nothing.

    Raises Refused where the person may take the course without one.
    """
    # Two supervisors at once would else make two nominations.
    Person.objects.select_for_update().get(pk=person.pk)
    awaiting = Nomination.objects.awaiting().filter(person=person, course=course).first()
    if awaiting is not None:
        return awaiting
    if entry.of(person, course).door.is_open:
        raise Refused(_("%(person)s may take this course without a nomination.") % {"person": person})
    if not reason.strip():
        raise Refused(_("Say why you nominate them."))
    made = Nomination.objects.create(person=person, course=course, reason=reason, **columns(by))
    audit.record("nominated for a course", person, by=by, course=course.code)
    return made


@transaction.atomic
def decide(nomination: Nomination, outcome: str, *, reason: str = "", by: Actor) -> NominationDecision:
    """Confirm or decline a nomination; declining needs a reason. Harmless the second time.

    What was confirmed may be declined later, which takes it back for whoever has not begun. What was declined stays
    declined: a new nomination is the way.
    """
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    last = nomination.decisions.order_by("pk").last()
    if last is not None and last.outcome == outcome:
        return last
    if last is not None and last.outcome == Outcome.DECLINED:
        raise Refused(_("This nomination was declined. To change that, nominate the person again."))
    if outcome == Outcome.DECLINED and not reason.strip():
        raise Refused(_("Say why you decline: the person reads it."))
    made = NominationDecision.objects.create(nomination=nomination, outcome=outcome, reason=reason, **columns(by))
    action = f"nomination {outcome}"
    audit.record(action, nomination.person, by=by, course=nomination.course.code, reason=reason)
    return made


def asked_for(person: Person) -> list[Course]:
    """Courses that are offered and that the person may not take without being nominated."""
    found = entry.load([person.pk])
    shut = {Door.CLOSED, Door.DECLINED}
    offered = Course.objects.filter(is_offered=True, versions__isnull=False).distinct()
    return [course for course in offered if found.of(person.pk, course.pk).door in shut]
