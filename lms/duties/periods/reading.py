"""A closed period as filed, and beside it the same day by what is known now. Before: `closing`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.duties.counting import share
from lms.duties.coverage import count
from lms.duties.coverage_rows import CoverageRow
from lms.duties.levels import NUMBERS
from lms.duties.models import ClosedPeriod, FiledFigure
from lms.duties.periods.closing import head_of
from lms.duties.periods.digests import digest
from lms.organisation.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Part:
    """A unit below or a category, as it was called, with its rows. `unit` is the code of a unit."""

    name: str
    unit: str
    rows: Sequence[CoverageRow]


@dataclass(frozen=True, slots=True)
class AsFiled:
    """A unit with all below it, as filed."""

    name: str
    people: int
    rows: Sequence[CoverageRow]
    units: Sequence[Part]
    categories: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Beside:
    """What was filed of a target, and the same by what is known now; None where nothing was asked."""

    target: str
    filed: CoverageRow | None
    now: CoverageRow | None

    @property
    def differs(self) -> bool:
        """Whether any of the figures that were filed is another one now."""
        return _compared(self.filed) != _compared(self.now)

    @property
    def points(self) -> Decimal | None:
        """By how many points the share in date is higher now."""
        if self.filed is None or self.now is None or self.filed.percent is None or self.now.percent is None:
            return None
        return self.now.percent - self.filed.percent


def as_filed(period: ClosedPeriod, unit: OrgUnit) -> AsFiled | None:
    """What was filed of a unit; None where it did not stand then, or nothing was asked in it."""
    found = list(FiledFigure.objects.filter(period=period, unit=unit))
    if not found:
        return None
    below = FiledFigure.objects.filter(period=period, above=unit.code, category="").exclude(target="")
    return AsFiled(
        name=found[0].unit_name,
        people=next((row.people for row in found if not row.target), 0),
        rows=[row_of(row) for row in found if row.target and not row.category],
        units=_parts((row.unit_name, row.unit_code, row_of(row)) for row in below),
        categories=_parts((row.category_name, "", row_of(row)) for row in found if row.category),
    )


def beside_now(period: ClosedPeriod, unit: OrgUnit, filed: Sequence[CoverageRow]) -> list[Beside]:
    """Each target as filed, with what is known of that day now."""
    was = {row.target: row for row in filed}
    now = {row.target: row for row in count(unit, period.last_day).rows() if any(_compared(row))}
    return [Beside(target, was.get(target), now.get(target)) for target in sorted(was.keys() | now.keys())]


def row_of(filed: FiledFigure) -> CoverageRow:
    """A filed row as coverage rows are."""
    numbers = {name: getattr(filed, name) for name in NUMBERS}
    required = filed.in_date + filed.not_yet_due + filed.overdue
    return CoverageRow(target=filed.target, required=required, percent=share(filed.in_date, required), **numbers)


def is_as_filed(period: ClosedPeriod) -> bool:
    """Whether the rows still give the digest that was stored with them."""
    rows = FiledFigure.objects.filter(period=period).order_by("position")
    columns = ("unit_code", "unit_name", "above", "target", "category", "category_name", *NUMBERS)
    head = head_of(period.spell, period.known_at, period.rules)
    return digest(head, rows.values_list(*columns).iterator()) == period.digest


def _parts(found: Iterable[tuple[str, str, CoverageRow]]) -> list[Part]:
    rows: Mapping[tuple[str, str], list[CoverageRow]] = defaultdict(list)
    for name, code, row in found:
        rows[name, code].append(row)
    return [Part(name, code, rows[name, code]) for name, code in sorted(rows)]


def _compared(row: CoverageRow | None) -> tuple[int, ...]:
    if row is None:
        return (0, 0, 0, 0, 0)
    return row.in_date, row.not_yet_due, row.overdue, row.exempt, row.vacant
