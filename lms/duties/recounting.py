"""Coverage counted from the facts themselves, as known now or at an instant: for audits, and to compare with.

Figures go by the tree and the holdings of their day. Pages read what is stored (`coverage`); this is what is stored
must be equal to.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from courses.models import Course, Document
from lms.duties import facts
from lms.duties.counting import Case, Spot, Tally, Vacancy, tallies
from lms.duties.coverage_rows import CoverageRow, asked
from lms.duties.duties import places_on
from lms.duties.reach import Rule
from lms.duties.spans import State
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit, Person, Post, PostHolding, UnitPlacement


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
    def waiting(self) -> int:
        """Nothing waits: these figures are counted anew."""
        return 0

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


def count(
    unit: OrgUnit, on: date, *, known_at: datetime | None = None, target: Course | Document | None = None
) -> Counted:
    """All that a unit's figures are made of: three or four queries, then every person by themselves."""
    child_of = _children(unit, on, known_at)
    known = facts.load(_people_in(unit, child_of, on, known_at), on, known_at=known_at)
    labels = asked(known.rulebook.targets(on), target)
    return Counted(
        unit=unit,
        cases=[case for case in _cases(known, on, child_of) if case.target in labels],
        vacancies=[vacancy for vacancy in _vacancies(known, unit, child_of, on, known_at) if vacancy.target in labels],
        child_of=child_of,
        labels=labels,
    )


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
