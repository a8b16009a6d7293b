"""A draft to begin with: how many duties fall due in each quarter, from what is stored. One statement."""

from datetime import date

from django.db import transaction
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils.translation import gettext as _

from courses.models import Course
from lms.core import clock
from lms.core.actors import Actor
from lms.duties import coverage
from lms.duties.models import DutySpan, DutyTarget, PlanLine, SpanState, TrainingPlan
from lms.duties.models.plans import QUARTERS
from lms.duties.planning import drafting
from lms.duties.planning.drafting import NewLine
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit


def falls_due(plan: TrainingPlan, day: date) -> list[NewLine]:
    """For each target and quarter that is not over: people whose last good day lies in it.

    Whoever is overdue already falls in the quarter of `day`. Each person once for a target and quarter.
    """
    coverage.ready(day)
    units = OrgUnit.objects.in_subtree(plan.unit, day).values("pk")
    overdue = DutySpan.objects.filter(state=SpanState.OVERDUE, person__isnull=False, post__isnull=False)
    before = overdue.filter(person=OuterRef("person"), target=OuterRef("target"), until_day=OuterRef("from_day"))
    begins = overdue.filter(Q(from_day__lte=day) | ~Exists(before), unit__in=units, until_day__gt=day)
    counted = begins.annotate(quarter=_quarter(plan, day)).filter(quarter__gt=0).order_by()
    rows = counted.values("target", "quarter").annotate(n=Count("person", distinct=True))
    targets = _targets(plan)
    return [
        NewLine(targets[row["target"]], row["quarter"], plan.unit, row["n"], note=_("From duties that fall due"))
        for row in sorted(rows, key=lambda row: (row["quarter"], row["target"]))
        if row["target"] in targets
    ]


@transaction.atomic
def begin_from_what_falls_due(plan: TrainingPlan, *, by: Actor) -> list[PlanLine]:
    """Put a line in the draft for each target and quarter that it says nothing of yet."""
    standing = set(drafting.draft_of(plan).lines.values_list("target__key", "quarter"))
    found = [line for line in falls_due(plan, clock.today()) if (line.target.key, line.quarter) not in standing]
    return drafting.add_all(plan, found, by=by) if found else []


def _quarter(plan: TrainingPlan, day: date) -> Case:
    """Which quarter a span counts for; 0 for none. The last good day is the one before an overdue span begins."""
    now = [quarter for quarter in map(plan.quarter, QUARTERS) if quarter.first <= day < quarter.until]
    whens = [When(from_day__lte=day, then=Value(now[0].number if now else 0))]
    whens += [
        When(from_day__gt=quarter.first, from_day__lte=quarter.until, then=Value(number))
        for number, quarter in zip(QUARTERS, map(plan.quarter, QUARTERS), strict=True)
    ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _targets(plan: TrainingPlan) -> dict[int, Target]:
    """What this plan may plan for, by id."""
    found = {target.pk: target.target for target in DutyTarget.objects.all()}
    if not plan.is_integrity:
        return found
    integrity = set(Course.objects.filter(is_integrity=True).values_list("pk", flat=True))
    return {pk: target for pk, target in found.items() if target.document is None and target.courses <= integrity}
