"""Coverage: of those who must know something, how many do, for a unit with all below it, on any day.

Figures go by the tree and the holdings of their day. What is known now is read from levels and spans, after marked
people are worked off; what was known at an instant is counted anew from the facts (`recounting`).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Course, Document
from lms.core import clock
from lms.core.errors import Refused
from lms.duties import adding_up, recounting, rules, stories, upkeep
from lms.duties.adding_up import Cell
from lms.duties.counting import share
from lms.duties.coverage_rows import CoverageRow, Figures, asked, label
from lms.duties.models import SpanCalendar
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit

__all__ = ["CoverageRow", "Figures", "count", "count_path", "coverage", "exact", "label"]

# So many marked people and posts a page works off before it shows figures; with more it says how many wait.
AT_MOST = 400
# A worker is through with its share of marks in less than a second; a rebuild or a staff feed is not waited for.
_TRIES = 40
_PAUSE_SECONDS = 0.25
_F = TypeVar("_F", bound=Figures)


@dataclass(frozen=True)
class Stored:
    """Figures as they are kept, ready to be added up. `targets` are the ids under which targets are stored."""

    unit: OrgUnit
    on: date
    cells: Sequence[Cell]
    labels: Mapping[Target, str]
    targets: Mapping[Target, int]
    waiting: int
    is_of_all_targets: bool
    book: rules.Rulebook
    levels_until: date

    @property
    def people(self) -> int:
        """How many different people are behind the figures of all targets."""
        if self.is_of_all_targets:
            everybody = adding_up.sums(self.cells, lambda cell: None if cell.target else 0)
            return everybody.get((0, 0), adding_up.NOTHING)[5]
        rows = self.rows()
        if len(rows) == 1:
            return rows[0].people
        return adding_up.people_with(self.unit, self.on, list(self.targets.values()))

    def rows(self) -> list[CoverageRow]:
        """One row for each target that is asked of anybody that day, for the unit as a whole."""
        found = adding_up.sums(self.cells, lambda _cell: 0)
        nothing = adding_up.NOTHING
        return sorted(_row(name, found.get((0, self.targets[target]), nothing)) for target, name in self.labels.items())

    def by_child(self) -> dict[int, list[CoverageRow]]:
        """Rows by child unit (its id) with all below it; what is in the unit itself stands under its own id."""
        return self._by(lambda cell: None if cell.is_joint and cell.group == self.unit.pk else cell.group)

    def by_category(self) -> dict[int, list[CoverageRow]]:
        """Rows by post category (its id)."""
        return self._by(lambda cell: cell.category or None)

    def _by(self, group_of: Callable[[Cell], int | None]) -> dict[int, list[CoverageRow]]:
        names = {self.targets[target]: name for target, name in self.labels.items()}
        found: dict[int, list[CoverageRow]] = defaultdict(list)
        for (group, target), numbers in adding_up.sums(self.cells, group_of).items():
            if target in names and any(numbers):
                found[group].append(_row(names[target], numbers))
        return {group: sorted(rows) for group, rows in found.items()}


def coverage(
    unit: OrgUnit, on: date, *, known_at: datetime | None = None, target: Course | Document | None = None
) -> list[CoverageRow]:
    """Figures of a unit with all below it, one row per target; with `target` only what that course can satisfy, or
    who signs that document.

    A target that nobody is asked for has a row of zeros if it is named, and none otherwise. Raises Refused for a day
    that has not come, and while a rebuild keeps recent changes waiting: these figures are right or there are none.
    """
    return exact(count(unit, on, known_at=known_at, target=target, work_off_at_most=None)).rows()


def exact(figures: _F) -> _F:
    """The figures, if they have everything. Raises Refused while a rebuild keeps recent changes waiting."""
    if figures.waiting:
        words = ngettext(
            "The figures of %s person or post are being worked out anew. Try again in a few minutes.",
            "The figures of %s people and posts are being worked out anew. Try again in a few minutes.",
            figures.waiting,
        )
        raise Refused(words % figures.waiting)
    return figures


def count(
    unit: OrgUnit,
    on: date,
    *,
    known_at: datetime | None = None,
    target: Course | Document | None = None,
    work_off_at_most: int | None = AT_MOST,
) -> Figures:
    """All that a unit's figures are made of. Raises Refused for a day that has not come.

    Whoever is marked is worked off first, unless there are more than `work_off_at_most`: then `waiting` says how
    many the figures do not have yet, and a worker is at it.
    """
    _refuse_days_to_come(on)
    if known_at is not None:
        return recounting.count(unit, on, known_at=known_at, target=target)
    return count_path([unit], on, target=target, work_off_at_most=work_off_at_most)[0]


def count_path(
    path: Sequence[OrgUnit],
    on: date,
    *,
    target: Course | Document | None = None,
    work_off_at_most: int | None = AT_MOST,
) -> list[Stored]:
    """The same, as stored, for each unit on a way down in as many queries as for one. The highest comes first."""
    _refuse_days_to_come(on)
    book, labels, targets = asked_on(on, target)
    levels_until, waiting = _ready_soon(on) if work_off_at_most is None else _ready(on, work_off_at_most)
    found = adding_up.families(path, on, levels_until)
    return [
        Stored(
            unit=unit,
            on=on,
            waiting=waiting,
            cells=found[unit.pk],
            labels=labels,
            targets=targets,
            is_of_all_targets=target is None,
            book=book,
            levels_until=levels_until,
        )
        for unit in path
    ]


class Asked(NamedTuple):
    """What is asked on a day: the rules, what each target is called, and the id under which it is stored."""

    book: rules.Rulebook
    labels: Mapping[Target, str]
    targets: Mapping[Target, int]


def asked_on(on: date, target: Course | Document | None = None) -> Asked:
    """What is asked on a day; with `target` only what that course can satisfy."""
    book = rules.load(on)
    labels = asked(book.targets(on), target)
    return Asked(book, labels, stories.target_ids(labels))


def ready(on: date) -> int:
    """Work off who is marked, as a page does before it reads what is stored. Returns how many still wait."""
    return _ready(on, AT_MOST)[1]


def _refuse_days_to_come(on: date) -> None:
    if on > clock.today():
        raise Refused(_("Figures are known up to today. Choose today or an earlier day."))


def _ready(on: date, at_most: int | None) -> tuple[date, int]:
    """Up to which month there are levels, and how many marks are left once they were worked off."""
    levels_until, waiting = SpanCalendar.with_marks(on)
    if waiting and (at_most is None or waiting <= at_most):
        upkeep.work_off(before=on)
        levels_until, waiting = SpanCalendar.with_marks(on)
    return levels_until, waiting


def _ready_soon(on: date) -> tuple[date, int]:
    """As `_ready` for any number of marks, and once other processes are through with those that they are at."""
    for _try in range(_TRIES):
        levels_until, waiting = _ready(on, None)
        if not waiting:
            return levels_until, 0
        time.sleep(_PAUSE_SECONDS)
    return _ready(on, None)


def _row(name: str, numbers: Sequence[int]) -> CoverageRow:
    in_date, not_yet_due, overdue, exempt, vacant, _people, recognised, paused, contractors = numbers
    required = in_date + not_yet_due + overdue
    percent = share(in_date, required)
    # Per target everybody is counted once, so people are as many as duties.
    return CoverageRow(
        name,
        required,
        in_date,
        not_yet_due,
        overdue,
        percent,
        recognised,
        paused,
        contractors,
        exempt,
        vacant,
        required,
    )
