"""Coming to a result: when lessons are done and criteria decide, the result follows, once per enrolment.

Before: `decisions.record`, a finished lesson. After: `result_changed`, which certificates hear.
"""

from datetime import date

from django.db import transaction
from django.db.models import Max

from courses import entry, scores, standing
from courses.models import CourseVersion, CriterionVersion, Enrolment, EnrolmentEnd, EntryRequirement, Result
from courses.ports import result_changed
from lms.core import clock, dated
from lms.core.actors import Actor, MachineRule, columns
from lms.core.months import last_day_of_term
from lms.organisation.models import Person

PASSING_RULE = MachineRule("passing rule of the course version")


def settle_all(person: Person, criterion_version: CriterionVersion) -> list[Result]:
    """Settle every enrolment under way that a decision on this criterion may complete."""
    enrolments = Enrolment.objects.under_way().filter(
        person=person, course_version__certified__criterion_version=criterion_version
    )
    return [result for enrolment in enrolments if (result := settle(enrolment)) is not None]


def settle_what_waited(person: Person) -> list[Result]:
    """Settle the person's enrolments under way that ask something on condition, since one was met or waived."""
    conditional = EntryRequirement.objects.filter(is_conditional=True).values("course_version")
    enrolments = Enrolment.objects.under_way().filter(person=person, course_version__in=conditional)
    return [result for enrolment in enrolments if (result := settle(enrolment)) is not None]


@transaction.atomic
def settle(enrolment: Enrolment) -> Result | None:
    """The enrolment's result, made now if lessons and criteria allow it. Harmless the second time."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    made = Result.objects.held().filter(enrolment=enrolment).first()
    if made is not None or EnrolmentEnd.objects.filter(enrolment=enrolment).exists():
        return made
    standings = standing.of(enrolment)
    numbers = [item.as_score for item in standings]
    version = enrolment.course_version
    if standing.lessons_missing(enrolment) or not scores.is_passed(numbers, pass_percent=version.pass_percent):
        return None
    asked = entry.of_enrolment(enrolment)
    shown_on = _competent_on(enrolment, standings)
    if asked.holds_back or not version.may_still_be_finished(shown_on):
        return None
    # Nobody held it while a condition was open.
    competent_on = max(shown_on, asked.conditions_met_on or shown_on)
    result = Result.objects.create(
        person=enrolment.person,
        course_version=version,
        enrolment=enrolment,
        source=Result.Source.OWN,
        valid_from=competent_on,
        holds_until=_holds_until(competent_on, version.holds_months),
        overall_percent=scores.overall_percent(numbers),
        **columns(PASSING_RULE),
    )
    result.decisions.set([item.decision for item in standings if item.decision])
    result_changed.send(sender=Result, result=result)
    return result


@transaction.atomic
def recognise(
    person: Person, version: CourseVersion, *, competent_on: date, good_until: date | None, evidence: str, by: Actor
) -> Result:
    """A result by what was shown elsewhere. It holds as long as the evidence is good, never longer than ours would."""
    result = Result.objects.create(
        person=person,
        course_version=version,
        source=Result.Source.RECOGNISED,
        valid_from=competent_on,
        holds_until=holds_until(version, competent_on, good_until),
        evidence=evidence[:500],
        **columns(by),
    )
    result_changed.send(sender=Result, result=result)
    return result


def holds_until(version: CourseVersion, competent_on: date, good_until: date | None) -> date | None:
    """The last good day of what was learnt elsewhere: by the evidence or by our course, whichever is earlier."""
    days = [day for day in (good_until, _holds_until(competent_on, version.holds_months)) if day is not None]
    return min(days, default=None)


@transaction.atomic
def end(result: Result, *, on: date, by: Actor, reason: str) -> Result:
    """End a result early: `on` is the first day on which it no longer counts. Harmless the second time.

    A result that is to count on no day at all is withdrawn, and its enrolment ends, lest it be made again.
    """
    result = Result.objects.select_for_update().get(pk=result.pk)
    if result.known_until is not None or (result.valid_until is not None and result.valid_until <= on):
        return result
    if result.valid_from >= on:
        ended = dated.withdraw(result, by=by, reason=reason)
        _end_enrolment(result, by=by, reason=reason)
    else:
        ended = dated.close(result, until=on, by=by, reason=reason)
    result_changed.send(sender=Result, result=ended)
    return ended


def _end_enrolment(result: Result, *, by: Actor, reason: str) -> None:
    if result.enrolment is not None:
        EnrolmentEnd.objects.get_or_create(enrolment=result.enrolment, defaults={"reason": reason, **columns(by)})


def _competent_on(enrolment: Enrolment, standings: list[standing.CriterionStanding]) -> date:
    days = [clock.day_of(item.decision.on) for item in standings if item.decision]
    last_lesson = enrolment.completions.aggregate(last=Max("on"))["last"]
    if last_lesson is not None:
        days.append(clock.day_of(last_lesson))
    return max(days)


def _holds_until(competent_on: date, months: int | None) -> date | None:
    return None if months is None else last_day_of_term(competent_on, months)
