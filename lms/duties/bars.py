"""Coverage as a bar: where each state begins and how wide it is, in per cent. Pure; drawn by templates/duties/bar.html."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.duties.coverage_rows import CoverageRow, ShownRow

_STATES = ("in_date", "not_yet_due", "overdue")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the bar; numbers as an SVG wants them, with a point whatever the language."""

    state: str
    start: str
    width: str


def pieces(row: CoverageRow | ShownRow) -> list[Piece]:
    """In date, not yet due, overdue, in this order; nothing where nobody is required or anything is hidden."""
    numbers = [number for number in (row.in_date, row.not_yet_due, row.overdue) if not isinstance(number, str)]
    return list(_pieces(numbers)) if row.required and len(numbers) == len(_STATES) else []


def _pieces(numbers: list[int]) -> Iterator[Piece]:
    start = 0.0
    for state, number in zip(_STATES, numbers, strict=True):
        width = 100 * number / sum(numbers)
        if width:
            yield Piece(state, f"{start:.2f}", f"{width:.2f}")
        start += width
