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
_PATH = "/* whose parts */"
_MONTHS = "/* which months */"
_PART = "/* which part */"
_JOIN_PARTS = "/* the part that the unit is in */"


class Cell(NamedTuple):
    """Numbers of a group (a child of the unit with all below it, or the unit itself), target and category."""

    group: int
    is_joint: bool
    target: int
    category: int
    numbers: Sequence[int]


def cells(unit: OrgUnit, day: date, levels_until: date) -> list[Cell]:
    """All figures of a unit with all below it on a day, as stored."""
    return families([unit], day, levels_until)[unit.pk]


def families(path: Sequence[OrgUnit], day: date, levels_until: date) -> dict[int, list[Cell]]:
    """The same for each unit on a way down, the highest first, by its id."""
    base = min(day.replace(day=1), levels_until)
    values = {"day": _adapted(day), "base": _adapted(base)}
    below = list(UnitAncestry.objects.on(day).filter(ancestor=path[0]).values_list("unit_id", flat=True)[: _FEW + 1])
    # A database that is told the units of a small subtree reads their spans alone, and not a month of the country's.
    within = f"AND unit_id IN ({_ids(below)})" if 0 < len(below) <= _FEW else ""
    found: dict[int, list[Cell]] = {unit.pk: [] for unit in path}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.replace(_WITHIN, within).replace(_PATH, _ids(found)), values)
        for row in cursor.fetchall():
            found[row[0]].append(Cell(row[1], bool(row[2]), row[3], row[4], row[5:]))
    return found


def levels(path: Sequence[OrgUnit], months: Sequence[date]) -> dict[date, dict[int, list[Cell]]]:
    """Figures at the starts of some months for each unit on a way down, by month and unit; whatever the category."""
    found: dict[date, dict[int, list[Cell]]] = {month: {unit.pk: [] for unit in path} for month in months}
    # One unit alone needs no parts: nothing is to be hidden of it because of its neighbours.
    parts = (_WAY, "COALESCE(way.ancestor_id, up.ancestor_id)") if len(path) > 1 else ("", "up.ancestor_id")
    question = _LEVELS_OF_MONTHS.replace(_JOIN_PARTS, parts[0]).replace(_PART, parts[1])
    some = {f"m{number}": _adapted(month) for number, month in enumerate(months)}
    question = question.replace(_PATH, _ids(found[months[0]])).replace(
        _MONTHS, ", ".join(f"%({name})s" for name in some)
    )
    with connection.cursor() as cursor:
        cursor.execute(question, some)
        for month, family, *row in cursor.fetchall():
            day = month if isinstance(month, date) else date.fromisoformat(month)
            found[day][family].append(Cell(row[0], bool(row[1]), row[2], 0, row[3:]))
    return found


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


def _ids(units: Iterable[int]) -> str:
    return ", ".join(str(int(unit)) for unit in units)


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
    SELECT down.unit_id, child.ancestor_id AS family, child.unit_id AS grp
    FROM organisation_unitancestry child
    JOIN organisation_unitancestry down ON down.ancestor_id = child.unit_id AND {_ON.format("down")}
    WHERE child.ancestor_id IN ({_PATH}) AND child.depth = 1 AND {_ON.format("child")}
    UNION ALL
    SELECT own.unit_id, own.unit_id, own.unit_id FROM organisation_unitancestry own
    WHERE own.ancestor_id IN ({_PATH}) AND own.depth = 0 AND {_ON.format("own")}
)"""
_KEY = "family, grp, is_joint, target, category"
_LEVELS = "below JOIN duties_unitmonth ON duties_unitmonth.unit_id = below.unit_id AND month = %(base)s"
_FIGURES = f"""
WITH {_BELOW},
{SINCE.format(key=_KEY, source="below JOIN turned ON turned.unit_id = below.unit_id")},
{EVERY.format(key=_KEY, source=_LEVELS)}
SELECT {_KEY}, {", ".join(f"CAST(SUM({name}) AS bigint)" for name in NUMBERS)} FROM every GROUP BY {_KEY}
"""
_AT_MONTH = "{0}.valid_from <= month AND ({0}.valid_until IS NULL OR {0}.valid_until > month)"
_WAY = f"""LEFT JOIN organisation_unitancestry way ON way.unit_id = up.unit_id AND way.depth = up.depth - 1
    AND {_AT_MONTH.format("way")}"""
_LEVELS_OF_MONTHS = f"""
SELECT month, up.ancestor_id, {_PART} AS part, is_joint, target,
    {", ".join(f"CAST(SUM({name}) AS bigint)" for name in NUMBERS)}
FROM duties_unitmonth
JOIN organisation_unitancestry up ON up.unit_id = duties_unitmonth.unit_id AND up.ancestor_id IN ({_PATH})
    AND {_AT_MONTH.format("up")}
{_JOIN_PARTS}
WHERE month IN ({_MONTHS})
GROUP BY month, up.ancestor_id, {_PART}, is_joint, target
"""
