"""Coverage: of those who must know something, how many do, for a unit with all below it, on any day.

Figures go by the tree and the holdings of their day. Computed live from facts; nothing is stored.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.models import Course
from lms.core import clock
from lms.core.errors import Refused
from lms.duties import facts
from lms.duties.counting import Case, Spot, Tally, Vacancy, tallies
from lms.duties.duties import places_on
from lms.duties.reach import Rule, Target
from lms.duties.spans import State
from lms.organisation.models import OrgUnit, Person, Post, PostHolding, UnitPlacement


class CoverageRow(NamedTuple):
    """One target's figures. `percent` is in date ÷ required; None where nobody is required."""

    target: str
    required: int
    in_date: int
    not_yet_due: int
    overdue: int
    percent: Decimal | None
    recognised: int
    paused: int
    contractors: int
    exempt: int
    vacant: int
    people: int


@dataclass(frozen=True)
class Counted:
    """All cases and vacancies of a unit with its subtree on a day, ready to be added up.

    `child_of` says of each unit in the subtree in which of the unit's children it lies: itself for the unit's own.
    """

    unit: OrgUnit
    cases: Sequence[Case]
    vacancies: Sequence[Vacancy]
    child_of: Mapping[int, int]
    labels: Mapping[Target, str]

    def rows(self) -> list[CoverageRow]:
        """One row for each target that is asked of anybody that day, for the unit as a whole."""
        found = tallies(self.cases, self.vacancies, lambda _spot: True)
        return self._rows({target: found.get((True, target), Tally()) for target in self.labels})

    def by_child(self) -> dict[int, list[CoverageRow]]:
        """Rows by child unit (its id) with all below it; what is in the unit itself stands under its own id."""
        return self._by(lambda spot: self.child_of[spot.unit])

    def by_category(self) -> dict[int, list[CoverageRow]]:
        """Rows by post category (its id)."""
        return self._by(lambda spot: spot.category)

    @property
    def people(self) -> int:
        """How many different people are behind the figures of all targets."""
        return len({case.person for case in self.cases if case.state != State.EXEMPT})

    def _by(self, group_of: Callable[[Spot], int]) -> dict[int, list[CoverageRow]]:
        groups: dict[int, dict[Target, Tally]] = defaultdict(dict)
        for (group, target), tally in tallies(self.cases, self.vacancies, group_of).items():
            groups[group][target] = tally
        return {group: self._rows(found) for group, found in groups.items()}

    def _rows(self, found: Mapping[Target, Tally]) -> list[CoverageRow]:
        return sorted(_row(self.labels[target], tally) for target, tally in found.items())


def coverage(
    unit: OrgUnit, on: date, *, known_at: datetime | None = None, target: Course | None = None
) -> list[CoverageRow]:
    """Figures of a unit with all below it, one row per target; with `target` only what that course can satisfy.

    A target that nobody is asked for has a row of zeros if it is named, and none otherwise.
    """
    return count(unit, on, known_at=known_at, target=target).rows()


def count(unit: OrgUnit, on: date, *, known_at: datetime | None = None, target: Course | None = None) -> Counted:
    """All that a unit's figures are made of. Raises Refused for a day that has not come."""
    if on > clock.today():
        raise Refused(_("Figures are known up to today. Choose today or an earlier day."))
    child_of = _children(unit, on, known_at)
    known = facts.load(_people_in(unit, child_of, on, known_at), on, known_at=known_at)
    asked = _asked(known.rulebook.targets(on), target)
    return Counted(
        unit=unit,
        cases=[case for case in _cases(known, on, child_of) if case.target in asked],
        vacancies=[vacancy for vacancy in _vacancies(known, unit, child_of, on, known_at) if vacancy.target in asked],
        child_of=child_of,
        labels=_labels(asked),
    )


def label(codes: Iterable[str]) -> str:
    """How a target is called: the course's code, or the codes of which any one will do."""
    return "|".join(sorted(codes))


def _row(name: str, tally: Tally) -> CoverageRow:
    return CoverageRow(
        name,
        tally.required,
        tally.in_date,
        tally.not_yet_due,
        tally.overdue,
        tally.percent,
        tally.recognised,
        tally.paused,
        tally.contractors,
        tally.exempt,
        tally.vacant,
        tally.people,
    )


def _asked(targets: set[Target], course: Course | None) -> set[Target]:
    if course is None:
        return targets
    return {target for target in targets if course.pk in target} or {frozenset({course.pk})}


def _labels(targets: Iterable[Target]) -> dict[Target, str]:
    codes = dict(Course.objects.values_list("pk", "code"))
    return {target: label(codes[course] for course in target) for target in targets}


def _children(unit: OrgUnit, on: date, known_at: datetime | None) -> dict[int, int]:
    """Every unit that stood in the subtree that day, and which child of `unit` it lay in."""
    placed = UnitPlacement.objects.on(on, known_at=known_at)
    below: dict[int | None, list[int]] = defaultdict(list)
    for child, parent in placed.values_list("unit_id", "parent_id"):
        below[parent].append(child)
    child_of = {unit.pk: unit.pk}
    for child in below[unit.pk]:
        waiting = [child]
        while waiting:
            found = waiting.pop()
            child_of[found] = child
            waiting += below[found]
    return child_of


def _people_in(unit: OrgUnit, child_of: Mapping[int, int], on: date, known_at: datetime | None) -> QuerySet[Person]:
    held = PostHolding.objects.on(on, known_at=known_at)
    # The projection knows only what is known now.
    within = held.in_subtree(unit, on) if known_at is None else held.filter(post__unit__in=list(child_of))
    return Person.objects.filter(pk__in=within.values("person"))


def _cases(known: facts.Facts, on: date, child_of: Mapping[int, int]) -> Iterator[Case]:
    for person, of_person in known.people.items():
        for obligation in known.obligations_of(person):
            spots = frozenset(
                Spot(place.unit, place.category) for place in places_on(obligation, on) if place.unit in child_of
            )
            standing = obligation.standing(on) if spots else None
            if standing is not None:
                yield Case(
                    person=person,
                    target=obligation.target,
                    state=standing.state,
                    spots=spots,
                    is_recognised=standing.is_recognised,
                    is_paused=standing.is_paused,
                    is_contractor=of_person.is_contractor,
                )


def _vacancies(
    known: facts.Facts, unit: OrgUnit, child_of: Mapping[int, int], on: date, known_at: datetime | None
) -> Iterator[Vacancy]:
    """Empty posts for which a rule asks; a rule for named people asks for no post."""
    rules = [rule for rule in known.rulebook.in_force(on) if not rule.people]
    above = facts.above_on(on, {rule.unit for rule in rules}, known_at)
    for spot, tags in _empty_posts(unit, child_of, on, known_at):
        for target in {rule.target for rule in rules if _would_ask(rule, spot, tags, above)}:
            yield Vacancy(target, spot)


def _would_ask(rule: Rule, spot: Spot, tags: frozenset[int], above: Container[tuple[int, int]]) -> bool:
    return (rule.unit, spot.unit) in above and rule.asks_for(spot.category, tags)


def _empty_posts(
    unit: OrgUnit, child_of: Mapping[int, int], on: date, known_at: datetime | None
) -> list[tuple[Spot, frozenset[int]]]:
    held = PostHolding.objects.on(on, known_at=known_at).values("post")
    posts = Post.objects.open_on(on).exclude(pk__in=held)
    posts = posts.in_subtree(unit, on) if known_at is None else posts.filter(unit__in=list(child_of))
    tags: dict[tuple[int, Spot], set[int]] = defaultdict(set)
    for pk, of_unit, category, tag in posts.values_list("pk", "unit_id", "category_id", "tags"):
        tags[pk, Spot(of_unit, category)].update([tag] if tag else [])
    return [(spot, frozenset(found)) for (_pk, spot), found in tags.items()]
