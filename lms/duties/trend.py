"""A unit's figures over months, what will run out in the months to come, and for how long overdue duties have been so.

Each is one query, whatever the number of people.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from lms.core.months import add_months
from lms.duties import adding_up
from lms.duties.coverage import Stored
from lms.duties.models import DutySpan, SpanState
from lms.duties.seen import Seen
from lms.organisation.models import OrgUnit

MONTHS = 24
MONTHS_AHEAD = 12
# Days overdue from which the second, third and fourth group begin.
AGES = (31, 61, 91)


def months_until(day: date, levels_until: date) -> list[date]:
    """The starts of the last months up to a day, the oldest first, as far as there are levels."""
    last = day.replace(day=1)
    months = [add_months(last, -back) for back in range(MONTHS - 1, -1, -1)]
    return [month for month in months if month <= levels_until]


def over_months(seen: Seen) -> dict[date, Seen]:
    """The figures of the same unit, for the same reader, at the start of each of the last months."""
    months = months_until(seen.stored.on, seen.stored.levels_until)
    if not months:
        return {}
    found = adding_up.levels([stored.unit for stored in seen.path], months)
    return {month: Seen(_at(seen.path, month, found[month]), seen.with_names) for month in months}


def running_out(unit: OrgUnit, day: date) -> dict[int, list[int]]:
    """By target: how many duties in date on a day run out in that month and in each of those after it.

    A month is that of the last good day. What goes on elsewhere without a gap, after a transfer that is known
    already, does not run out.
    """
    months = months_ahead(day)
    end = add_months(months[-1], 1)
    spans = DutySpan.objects.filter(
        unit__in=OrgUnit.objects.in_subtree(unit, day).values("pk"), state=SpanState.IN_DATE
    )
    ends = spans.filter(from_day__lte=day, until_day__gt=day, until_day__lte=end)
    before = DutySpan.objects.filter(
        person=OuterRef("person"), target=OuterRef("target"), state=SpanState.IN_DATE, until_day=OuterRef("from_day")
    )
    goes_on = spans.filter(Exists(before), from_day__gt=day, from_day__lte=end)
    found: dict[int, list[int]] = defaultdict(lambda: [0] * MONTHS_AHEAD)
    for sign, target, turn, number in _weights(ends, "until_day", 1).union(_weights(goes_on, "from_day", -1), all=True):
        found[target][months.index((turn - timedelta(days=1)).replace(day=1))] += sign * number
    return found


def months_ahead(day: date) -> list[date]:
    """The month of a day and those after it."""
    return [add_months(day.replace(day=1), ahead) for ahead in range(MONTHS_AHEAD)]


def overdue_by_age(unit: OrgUnit, day: date) -> dict[int, list[int]]:
    """By target: how many duties have been overdue for up to 30, 60 and 90 days, and for longer.

    Counted from when somebody was last not overdue, whichever post they were in.
    """
    old = day - timedelta(days=AGES[-1] - 1)
    spans = DutySpan.objects.filter(unit__in=OrgUnit.objects.in_subtree(unit, day).values("pk"))
    overdue = spans.filter(state=SpanState.OVERDUE, from_day__lte=day, until_day__gt=day)
    same = DutySpan.objects.filter(person=OuterRef("person"), target=OuterRef("target")).order_by()
    not_overdue = same.filter(until_day__lte=OuterRef("from_day")).exclude(state=SpanState.OVERDUE)
    began = Case(
        When(from_day__lte=old, then=Value(old)),
        default=Coalesce(
            Subquery(not_overdue.order_by("-until_day").values("until_day")[:1]),
            Subquery(same.filter(state=SpanState.OVERDUE).order_by("from_day").values("from_day")[:1]),
        ),
    )
    found: dict[int, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    rows = overdue.annotate(began=began).order_by().values("target", "began").annotate(n=Sum("weight"))
    for target, first, number in rows.values_list("target", "began", "n"):
        found[target][age_group((day - first).days + 1)] += number
    return found


def age_group(days: int) -> int:
    """Which group so many days overdue fall in."""
    return sum(days >= first for first in AGES)


def _weights(spans: QuerySet[DutySpan], by: str, sign: int) -> QuerySet[DutySpan, Any]:
    """Sign, target, day and number."""
    signed = spans.order_by().annotate(sign=Value(sign), turn=F(by)).values("sign", "target", "turn")
    return signed.annotate(n=Sum("weight")).values_list(*("sign", "target", "turn", "n"))


def _at(path: Sequence[Stored], month: date, cells: Mapping[int, Sequence[adding_up.Cell]]) -> list[Stored]:
    return [replace(stored, on=month, cells=cells[stored.unit.pk]) for stored in path]
