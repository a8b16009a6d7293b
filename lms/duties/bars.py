"""Coverage as a bar: where each state begins and how wide it is, in per cent. Pure; drawn by templates/duties/bar.html."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.duties.coverage import CoverageRow


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the bar; numbers as an SVG wants them, with a point whatever the language."""

    state: str
    start: str
    width: str


def pieces(row: CoverageRow) -> list[Piece]:
    """In date, not yet due, overdue, in this order; nothing where nobody is required."""
    return list(_pieces(row)) if row.required else []


def _pieces(row: CoverageRow) -> Iterator[Piece]:
    start = 0.0
    for state in ("in_date", "not_yet_due", "overdue"):
        width = 100 * getattr(row, state) / row.required
        if width:
            yield Piece(state, f"{start:.2f}", f"{width:.2f}")
        start += width
