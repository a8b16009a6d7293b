"""Reading figures: levels of the units that stood in the subtree that day, and what spans changed since.

One statement for all numbers, so that nothing can change between its parts.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lms.duties.levels import NUMBERS
from lms.duties.models import DutySpan, SpanState
from lms.organisation.models import OrgUnit, UnitAncestry

NOTHING: Sequence[int] = (0,) * len(NUMBERS)
_FEW = 400
_WITHIN = "/* of which units */"


class Cell(NamedTuple):
    """Numbers of a group (a child of the unit with all below it, or the unit itself), target and category."""

    group: int
    is_joint: bool
    target: int
    category: int
    numbers: Sequence[int]


def cells(unit: OrgUnit, day: date, levels_until: date) -> list[Cell]:
    """All figures of a unit with all below it on a day, as stored."""
    base = min(day.replace(day=1), levels_until)
    values = {"unit": unit.pk, "day": _adapted(day), "base": _adapted(base)}
    below = list(UnitAncestry.objects.on(day).filter(ancestor=unit).values_list("unit_id", flat=True)[: _FEW + 1])
    # A database that is told the units of a small subtree reads their spans alone, and not a month of the country's.
    within = f"AND unit_id IN ({', '.join(map(str, below))})" if 0 < len(below) <= _FEW else ""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.replace(_WITHIN, within), values)
        return [Cell(row[0], bool(row[1]), row[2], row[3], row[4:]) for row in cursor.fetchall()]


def sums(some: Iterable[Cell], group_of: Callable[[Cell], int | None]) -> dict[tuple[int, int], Sequence[int]]:
    """Numbers by group and target; cells whose group is None are not counted."""
    found: dict[tuple[int, int], Sequence[int]] = defaultdict(lambda: NOTHING)
    for cell in some:
        group = group_of(cell)
        if group is not None:
            before = found[group, cell.target]
            found[group, cell.target] = [one + other for one, other in zip(before, cell.numbers, strict=True)]
    return found


def people_with(unit: OrgUnit, day: date, targets: Collection[int]) -> int:
    """How many different people in a unit with all below it are required to know any of some targets."""
    required = (SpanState.IN_DATE, SpanState.NOT_YET_DUE, SpanState.OVERDUE)
    spans = DutySpan.objects.filter(target__in=targets, state__in=required, post__isnull=False)
    below = OrgUnit.objects.in_subtree(unit, day).values("pk")
    on_the_day = spans.filter(unit__in=below, from_day__lte=day, until_day__gt=day)
    return on_the_day.values("person").distinct().count()


def _adapted(day: date) -> str | None:
    return connection.ops.adapt_datefield_value(day)


_ON = "{0}.valid_from <= %(day)s AND ({0}.valid_until IS NULL OR {0}.valid_until > %(day)s)"
_SPAN = "unit_id, target, category, is_joint, state, is_recognised, is_paused, is_contractor"
_BY_STATE = ", ".join(
    f"CASE WHEN state = {state.value} THEN n ELSE 0 END AS {name}"
    for name, state in zip(NUMBERS, SpanState, strict=False)
)
# What spans changed after the day `base` up to `day`, added up by a key.
SINCE = f"""turned AS (
    SELECT {_SPAN}, weight FROM duties_dutyspan WHERE from_day > %(base)s AND from_day <= %(day)s {_WITHIN}
    UNION ALL
    SELECT {_SPAN}, -weight FROM duties_dutyspan WHERE until_day > %(base)s AND until_day <= %(day)s {_WITHIN}
), since AS (
    SELECT {{key}}, state, is_recognised, is_paused, is_contractor, SUM(weight) AS n
    FROM {{source}} GROUP BY {{key}}, state, is_recognised, is_paused, is_contractor
)"""
# Levels and what changed since, with the same columns.
EVERY = f"""every AS (
    SELECT {{key}}, {", ".join(NUMBERS)} FROM {{source}}
    UNION ALL
    SELECT {{key}}, {_BY_STATE},
        CASE WHEN is_recognised THEN n ELSE 0 END,
        CASE WHEN is_paused THEN n ELSE 0 END,
        CASE WHEN is_contractor THEN n ELSE 0 END
    FROM since
)"""
_BELOW = f"""below AS (
    SELECT down.unit_id, child.unit_id AS grp
    FROM organisation_unitancestry child
    JOIN organisation_unitancestry down ON down.ancestor_id = child.unit_id AND {_ON.format("down")}
    WHERE child.ancestor_id = %(unit)s AND child.depth = 1 AND {_ON.format("child")}
    UNION ALL
    SELECT own.unit_id, own.unit_id FROM organisation_unitancestry own
    WHERE own.ancestor_id = %(unit)s AND own.depth = 0 AND {_ON.format("own")}
)"""
_KEY = "grp, is_joint, target, category"
_LEVELS = "below JOIN duties_unitmonth ON duties_unitmonth.unit_id = below.unit_id AND month = %(base)s"
_FIGURES = f"""
WITH {_BELOW},
{SINCE.format(key=_KEY, source="below JOIN turned ON turned.unit_id = below.unit_id")},
{EVERY.format(key=_KEY, source=_LEVELS)}
SELECT {_KEY}, {", ".join(f"CAST(SUM({name}) AS bigint)" for name in NUMBERS)} FROM every GROUP BY {_KEY}
"""
