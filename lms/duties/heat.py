"""The heat table: units × targets, each cell a percentage with the band that it falls in. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from lms.duties.coverage_rows import HIDDEN, CoverageRow, ShownRow

LOW, MIDDLE, HIGH, NONE = "low", "middle", "high", "none"


class Cell(NamedTuple):
    """One unit and target: nothing where it is not asked there, a star where it is hidden."""

    target: str
    row: CoverageRow | ShownRow | None
    band: str


@dataclass(frozen=True, slots=True)
class HeatLine:
    """A unit's cells, one for each target, and its page where there is one to go down to."""

    name: str
    cells: Sequence[Cell]
    unit: UUID | None = None
    is_own: bool = False


def line(name: str, rows: Iterable[CoverageRow | ShownRow], targets: Sequence[str], bands: Sequence[int], *,
         unit: UUID | None = None, is_own: bool = False) -> HeatLine:  # fmt: skip
    """A line of the table, its cells in the order of `targets`."""
    by_target: Mapping[str, CoverageRow | ShownRow] = {row.target: row for row in rows}
    found = [(target, by_target.get(target)) for target in targets]
    cells = [Cell(target, row, NONE if row is None else band(row.percent, bands)) for target, row in found]
    return HeatLine(name, cells, unit, is_own)


def band(percent: Decimal | str | None, bands: Sequence[int]) -> str:
    """The band of a percentage: below the first bound, between them, or from the second on."""
    if percent is None or percent == HIDDEN:
        return NONE
    nearly, enough = bands
    return HIGH if Decimal(percent) >= enough else MIDDLE if Decimal(percent) >= nearly else LOW
