"""What people bring with them, put on record by whoever saw it, and what they need not show. After: enrolling, results."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from courses import results
from courses.models import CourseVersion, EntryEvidence, EntryRequirement, EntrySubject, EntryWaiver
from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import withdraw
from lms.core.errors import Refused
from lms.organisation.models import Person


@transaction.atomic
def record(
    person: Person, subject: EntrySubject, level: int, *, evidence: str, seen_on: date, seen_by: str, by: Actor
) -> EntryEvidence:
    """Say that somebody saw evidence of a subject at a level. Harmless the second time.

    Results that waited for it are given. Raises Refused for a day that has not come.
    """
    if seen_on > clock.today():
        raise Refused(_("Evidence is seen today or earlier. Nothing was kept; mend the day."))
    said = {"subject": subject, "level": level, "evidence": evidence, "seen_by": seen_by, "valid_from": seen_on}
    standing = EntryEvidence.objects.held().filter(person=person, **said).first()
    if standing is not None:
        return standing
    made = EntryEvidence.objects.create(person=person, **said, **columns(by))
    audit.record("entry evidence accepted", person, by=by, asked=subject.name, level=level)
    results.settle_what_waited(person)
    return made


@transaction.atomic
def waive(person: Person, requirement: EntryRequirement, *, reason: str, by: Actor) -> EntryWaiver:
    """Let a person off one thing that a course asks, in this version and later ones. Harmless the second time."""
    if not reason.strip():
        raise Refused(_("Say why it is waived."))
    course = requirement.course_version.course
    asked = {
        "required_course": requirement.required_course,
        "subject": requirement.subject,
        "level": requirement.level,
    }
    standing = EntryWaiver.objects.on(clock.today()).filter(person=person, course=course, **asked).first()
    if standing is not None:
        return standing
    made = EntryWaiver.objects.create(
        person=person, course=course, **asked, reason=reason, valid_from=clock.today(), **columns(by)
    )
    audit.record("entry requirement waived", person, by=by, course=course.code, asked=made.asked, reason=reason)
    results.settle_what_waited(person)
    return made


@transaction.atomic
def take_back(fact: EntryEvidence | EntryWaiver, *, reason: str, by: Actor) -> None:
    """Hold evidence or a waiver true no longer, and say why. Whoever is under way goes on; results given stay.

    Harmless the second time.
    """
    if not reason.strip():
        raise Refused(_("Say why it is taken back."))
    row = type(fact)._base_manager.select_for_update().get(pk=fact.pk)
    if row.known_until is not None:
        return
    withdraw(row, by=by, reason=reason)
    audit.record("entry evidence or waiver taken back", row.person, by=by, what=str(row), reason=reason)


def may_be_waived(person: Person) -> list[EntryRequirement]:
    """What offered courses ask and has not been waived for the person."""
    versions = CourseVersion.objects.current().order_by()
    asked = EntryRequirement.objects.filter(course_version__in=versions)
    waivers = EntryWaiver.objects.on(clock.today()).filter(person=person)
    waived = {(row.course_id, row.required_course_id, row.subject_id, row.level) for row in waivers}
    return [
        row
        for row in asked.select_related("required_course", "subject", "course_version__course")
        if (row.course_version.course_id, row.required_course_id, row.subject_id, row.level) not in waived
    ]
