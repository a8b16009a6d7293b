"""Figures as somebody may see them: all of them with the names behind, or with small groups hidden.

What is hidden of a unit follows from what is hidden of the units above it that the same reader may look at, so the
figures of the whole way down are needed. By kinds of post they are shown for the highest of these units alone: two
ways of dividing the same people, each on every level, would let somebody subtract one from the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from django.conf import settings

from lms.duties import suppression
from lms.duties.coverage import Stored
from lms.duties.coverage_rows import CoverageRow, ShownRow
from lms.duties.suppression import ALL, NOTHING

Row: TypeAlias = CoverageRow | ShownRow
_Hidden = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Seen:
    """Figures of the last unit of a way down. Nothing is hidden `with_names`."""

    path: Sequence[Stored]
    with_names: bool

    @property
    def stored(self) -> Stored:
        """The figures as they are. Not to be shown without asking what is hidden."""
        return self.path[-1]

    @property
    def is_highest(self) -> bool:
        """Whether the reader may see no unit above."""
        return len(self.path) == 1

    @property
    def shows_kinds(self) -> bool:
        """Whether the same people may be shown divided otherwise than by unit."""
        return self.with_names or self.is_highest

    @property
    def people(self) -> int | None:
        """How many different people are behind the figures; None where that is hidden."""
        if self.with_names:
            return self.stored.people
        if not self.is_highest or not self.stored.is_of_all_targets:
            return None
        people = self.stored.people
        return people if people >= settings.SMALLEST_GROUP_SHOWN else None

    def hidden(self) -> dict[str, frozenset[str]]:
        """What is hidden of the unit, by target."""
        if self.with_names:
            return {}
        least = settings.SMALLEST_GROUP_SHOWN
        found = {row.target: suppression.alone(row, least) for row in self.path[0].rows()}
        for above, below in pairwise(self.path):
            found = _handed_down(above, below, found)
        return found

    def rows(self) -> list[Row]:
        """One row for each target."""
        return _shown(self.stored.rows(), self.hidden(), self.with_names)

    def by_child(self) -> dict[int, list[Row]]:
        """Rows by child unit, as `Figures.by_child`."""
        return self._parts(self.stored.by_child())

    def by_category(self) -> dict[int, list[Row]]:
        """Rows by post category; none where they are not shown."""
        return self._parts(self.stored.by_category()) if self.shows_kinds else {}

    def _parts(self, parts: Mapping[int, list[CoverageRow]]) -> dict[int, list[Row]]:
        hidden = {} if self.with_names else _of_parts(parts, self.hidden())
        return {
            key: _shown(rows, {row.target: hidden.get((key, row.target), NOTHING) for row in rows}, self.with_names)
            for key, rows in parts.items()
        }


def _handed_down(above: Stored, below: Stored, whole: _Hidden) -> dict[str, frozenset[str]]:
    parts = above.by_child()
    hidden = _of_parts(parts, whole)
    # On an earlier day the units between may have been others, which this reader does not see.
    otherwise = NOTHING if below.unit.pk in parts else ALL
    return {row.target: hidden.get((below.unit.pk, row.target), otherwise) for row in below.rows()}


def _of_parts(parts: Mapping[int, Sequence[CoverageRow]], whole: _Hidden) -> dict[tuple[int, str], frozenset[str]]:
    """What is hidden of the parts of a figure, by part and target."""
    found: dict[tuple[int, str], frozenset[str]] = {}
    for target, of_whole in whole.items():
        some = {key: row for key in sorted(parts) for row in parts[key] if row.target == target}
        hidden = suppression.of_parts(list(some.values()), of_whole, settings.SMALLEST_GROUP_SHOWN)
        found |= {(key, target): of for key, of in zip(some, hidden, strict=True)}
    return found


def _shown(rows: Sequence[CoverageRow], hidden: _Hidden, with_names: bool) -> list[Row]:
    return [row if with_names else suppression.shown(row, hidden[row.target]) for row in rows]
