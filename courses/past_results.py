"""Bringing in results that people came to before this site kept them. They count like its own, and get no certificate.

Before: publishing, whose versions they name. After: duties, which hear of them once for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import CourseVersion, Result
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.chunks import in_chunks
from lms.core.errors import Refused
from lms.core.months import last_day_of_term
from lms.organisation.models import Person


@dataclass(frozen=True, slots=True)
class PastResult:
    """Somebody became competent in a course on a day, as another record says."""

    person: Person
    course_version: CourseVersion
    competent_on: date
    overall_percent: Decimal | None = None


@transaction.atomic
def bring_in(plans: Sequence[PastResult], *, by: Actor, reason: str) -> list[Result]:
    """Enter many past results at once; each holds as long as its course version says. `reason` names the record.

    What is there already stays: harmless the second time. Raises Refused for a day to come.
    """
    if any(plan.competent_on > clock.today() for plan in plans):
        raise Refused(_("A result cannot be from a day that is still to come. Nothing was brought in."))
    there = _keys_of(plans)
    new = {_key(plan): plan for plan in plans if _key(plan) not in there}
    return Result.objects.bulk_create([_result(plan, by, reason) for plan in new.values()], batch_size=500)


def _key(plan: PastResult) -> tuple[int, int, date]:
    return plan.person.pk, plan.course_version.pk, plan.competent_on


def _keys_of(plans: Sequence[PastResult]) -> set[tuple[int, int, date]]:
    found: set[tuple[int, int, date]] = set()
    for some in in_chunks(sorted({plan.person.pk for plan in plans})):
        rows = Result.objects.held().filter(person__in=some, source=Result.Source.IMPORTED)
        found.update(rows.values_list("person_id", "course_version_id", "valid_from"))
    return found


def _result(plan: PastResult, by: Actor, reason: str) -> Result:
    months = plan.course_version.holds_months
    return Result(
        person=plan.person,
        course_version=plan.course_version,
        source=Result.Source.IMPORTED,
        valid_from=plan.competent_on,
        holds_until=None if months is None else last_day_of_term(plan.competent_on, months),
        overall_percent=plan.overall_percent,
        reason=reason,
        **columns(by),
    )
