"""Coverage as numbers out of cases. Pure: one case per person and target, counted once in each group it lies in."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from lms.duties.spans import State
from lms.duties.targets import Target

_G = TypeVar("_G", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a post is: its unit and category."""

    unit: int
    category: int


@dataclass(frozen=True, slots=True)
class Case:
    """A person and a target on the day, with the spots of the posts through which rules ask."""

    person: int
    target: Target
    state: State
    spots: frozenset[Spot]
    is_recognised: bool = False
    is_paused: bool = False
    is_contractor: bool = False


@dataclass(frozen=True, slots=True)
class Vacancy:
    """An empty post that would carry a duty for the target."""

    target: Target
    spot: Spot


@dataclass(slots=True)
class Tally:
    """The figures of a target in a group. `required` is the sum of the three states; exempt people are outside."""

    in_date: int = 0
    not_yet_due: int = 0
    overdue: int = 0
    recognised: int = 0
    paused: int = 0
    contractors: int = 0
    exempt: int = 0
    vacant: int = 0
    persons: set[int] = field(default_factory=set)

    @property
    def required(self) -> int:
        """How many must know it."""
        return self.in_date + self.not_yet_due + self.overdue

    @property
    def people(self) -> int:
        """How many different people those are."""
        return len(self.persons)

    @property
    def percent(self) -> Decimal | None:
        """The share in date, one decimal, half up; None where nobody is required."""
        return share(self.in_date, self.required)

    def add(self, case: Case) -> None:
        """Count a case."""
        if case.state == State.EXEMPT:
            self.exempt += 1
            return
        setattr(self, case.state, getattr(self, case.state) + 1)
        self.persons.add(case.person)
        self.recognised += case.is_recognised
        self.paused += case.is_paused
        self.contractors += case.is_contractor


def share(part: int, whole: int) -> Decimal | None:
    """Part of whole in per cent, one decimal, half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def tallies(
    cases: Iterable[Case], vacancies: Iterable[Vacancy], group_of: Callable[[Spot], _G | None]
) -> dict[tuple[_G, Target], Tally]:
    """Figures by group and target; spots whose group is None are not counted."""
    found: dict[tuple[_G, Target], Tally] = {}
    for case in cases:
        for group in {group_of(spot) for spot in case.spots} - {None}:
            found.setdefault((group, case.target), Tally()).add(case)  # type: ignore[arg-type]
    for vacancy in vacancies:
        group = group_of(vacancy.spot)
        if group is not None:
            found.setdefault((group, vacancy.target), Tally()).vacant += 1
    return found
