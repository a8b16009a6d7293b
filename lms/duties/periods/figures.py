"""Every figure of the whole organisation on a day, by one statement: each unit with all below it, target, category."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from lms.duties import rules, stories
from lms.duties.adding_up import EVERY, SINCE
from lms.duties.coverage_rows import asked
from lms.duties.levels import NUMBERS
from lms.organisation.models import OrgUnit, PostCategory, UnitPlacement

_KEY = "unit_id, target, category"
_SUMS = ", ".join(f"CAST(SUM({name}) AS bigint)" for name in NUMBERS)
_WHOLE = f"""
WITH {SINCE.format(key=_KEY, source="turned")},
{EVERY.format(key=_KEY, source="duties_unitmonth WHERE month = %(base)s")},
own AS (SELECT {_KEY}, {", ".join(f"SUM({name}) AS {name}" for name in NUMBERS)} FROM every GROUP BY {_KEY})
SELECT up.ancestor_id, target, category, {_SUMS}
FROM organisation_unitancestry up JOIN own ON own.unit_id = up.unit_id
WHERE up.valid_from <= %(day)s AND (up.valid_until IS NULL OR up.valid_until > %(day)s)
GROUP BY up.ancestor_id, target, category ORDER BY up.ancestor_id, target, category
"""
_PEOPLE = NUMBERS.index("people")


class Figure(NamedTuple):
    """One row: of which unit (with all below it), target and category, and the numbers in the order of `NUMBERS`."""

    unit: int
    unit_code: str
    unit_name: str
    above: str
    target: str
    category: str
    category_name: str
    numbers: Sequence[int]

    @property
    def plain(self) -> list[Any]:
        """The row as it goes into the digest."""
        return [*self[1:7], *self.numbers]


def whole(day: date, levels_until: date) -> list[Figure]:
    """All rows that are not all zero, by unit, target and category. Whoever is marked must be worked off before."""
    labels = asked(rules.load(day).targets(day), None)
    names = {pk: labels[target] or target.key for target, pk in stories.target_ids(labels).items() if target in labels}
    units, categories = _units(day), {found.pk: found for found in PostCategory.objects.all()}
    found = []
    for unit, target, category, numbers in _summed(day, levels_until):
        if target and target not in names:
            continue
        kind = categories.get(category)
        row = Figure(
            unit, *units[unit], names.get(target, ""), kind.code if kind else "", kind.name if kind else "", numbers
        )
        found.append(row)
    return sorted(found, key=lambda row: (row.unit_code, row.target, row.category))


def _summed(day: date, levels_until: date) -> Iterator[tuple[int, int, int, Sequence[int]]]:
    """By unit and target: the whole (category 0), then each category. Of all targets together only the people."""
    adapt = connection.ops.adapt_datefield_value
    base = min(day.replace(day=1), levels_until)
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, {"day": adapt(day), "base": adapt(base)})
        rows = cursor.fetchall()
    for (unit, target), some in groupby(rows, key=lambda row: row[:2]):
        cells = [(row[2], row[3:]) for row in some]
        total = [sum(numbers) for numbers in zip(*(numbers for _category, numbers in cells), strict=True)]
        if target == 0:
            total = [0 if place != _PEOPLE else number for place, number in enumerate(total)]
            cells = []
        for category, numbers in [(0, total), *((one, numbers) for one, numbers in cells if one)]:
            if any(numbers):
                yield unit, target, category, _with_people(target, numbers)


def _with_people(target: int, numbers: Sequence[int]) -> Sequence[int]:
    """Per target everybody is counted once, so the people are those of whom it was required."""
    return [*numbers[:_PEOPLE], sum(numbers[:3]), *numbers[_PEOPLE + 1 :]] if target else numbers


def _units(day: date) -> Mapping[int, tuple[str, str, str]]:
    """Code, name and the code of the unit above, by unit, as on that day."""
    placed = UnitPlacement.objects.on(day).values_list("unit_id", "unit__code", "name", "parent__code")
    found = {unit: (code, name, above or "") for unit, code, name, above in placed}
    closed = OrgUnit.objects.exclude(pk__in=found).values_list("pk", "code")
    return {**{pk: (code, code, "") for pk, code in closed}, **found}
