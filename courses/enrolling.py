"""Beginning a course. Before: publishing, and a requirement or one's own wish. After: reading."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses import entry_words
from courses.models import Course, CourseVersion, Enrolment, Result
from courses.ports import asked_again
from courses.sessions import counting
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.core.months import add_months
from lms.organisation.models import Person


@transaction.atomic
def enrol(person: Person, course: Course, *, by: Actor) -> Enrolment:
    """Begin the course's newest version. Whoever is under way stays where they are: harmless the second time.

    Somebody who holds a result begins again to renew it, from RENEWAL_OPENS_DAYS before it ends or when a rule asks
    for it; then only evidence from that day on counts. Raises Refused earlier than that, for a course that is not offered, and for somebody who may
    not take it or lacks what it asks: the text says what to do and whom to ask.
    """
    # Two clicks at once would else make two enrolments.
    Person.objects.select_for_update().get(pk=person.pk)
    under_way = Enrolment.objects.under_way().filter(person=person, course_version__course=course).first()
    if under_way is not None:
        return under_way
    version = _version(course)
    refusal = why_not_yet(person, course) or entry_words.refusal(person, course)
    if refusal:
        raise Refused(refusal)
    made = Enrolment.objects.create(
        person=person, course_version=version, evidence_from=_evidence_from(person, course), **columns(by)
    )
    counting.catch_up(made)
    return made


def why_not_yet(person: Person, course: Course) -> str:
    """Why a holder may not begin again yet, in words for them; empty where they may."""
    result = _held(person, course)
    if result is None or not result.is_in_date_on(clock.today()):
        return ""
    if _is_open(result) or any(asks(person, course) for _name, asks in asked_again):
        return ""
    if result.holds_until is None:
        return _("You hold this course already, and it has no end.")
    days = {
        "until": date_format(result.holds_until),
        "opens": date_format(renewal_opens_on(result.holds_until)),
    }
    return _("You hold this course until %(until)s. You can renew it from %(opens)s.") % days


def renewal_opens_on(holds_until: date) -> date:
    """The first day on which a holder may begin again."""
    return holds_until - timedelta(days=settings.RENEWAL_OPENS_DAYS)


def _is_open(result: Result) -> bool:
    """Whether the renewal of a result in date has opened by the course's own hold."""
    return result.holds_until is not None and clock.today() >= renewal_opens_on(result.holds_until)


def _version(course: Course) -> CourseVersion:
    version = Course.objects.get(pk=course.pk).current if course.is_offered else None
    if version is None:
        raise Refused(_("This course is not offered at the moment."))
    return version


def _evidence_from(person: Person, course: Course) -> date:
    today = clock.today()
    if _held(person, course) is not None:
        return today
    return add_months(today, -settings.EVIDENCE_CURRENCY_MONTHS)


def _held(person: Person, course: Course) -> Result | None:
    """The result that counts longest, if there is one; else one that has ended."""
    results = Result.objects.held().filter(person=person, course_version__course=course)
    return max(
        results, key=lambda result: (result.is_in_date_on(clock.today()), result.holds_until or date.max), default=None
    )
