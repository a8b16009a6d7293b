"""Reading the facts of any number of people for the pure part: three queries, whether it is one person or all.

One more where the people come as a query themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from django.conf import settings
from django.db.models import CharField, DateField, DateTimeField, F, IntegerField, QuerySet, Value

from courses.models import Result
from lms.core import clock
from lms.core.dated import DatedFact
from lms.duties import rules
from lms.duties.days import OPEN, Days, until_as_known, until_or_open
from lms.duties.due_dates import pauses_from
from lms.duties.holding import Achieved
from lms.duties.models import Exemption, Extension
from lms.duties.reach import Seat, Tree, claims
from lms.duties.spans import Exempted, Extended, Obligation, PersonFacts, obligations
from lms.duties.targets import Target
from lms.organisation import chains
from lms.organisation.calendars import Calendars
from lms.organisation.models import Leave, Person, PostHolding, UnitAncestry, UnitPlacement, User

# People by a query, or by their ids.
People: TypeAlias = QuerySet[Person] | Sequence[int]

_TEXT, _NUMBER = CharField(), IntegerField()
_NO_NUMBER = Value(0, output_field=_NUMBER)


class _Row(NamedTuple):
    """A fact of any kind, as the one query returns it."""

    kind: str
    person: int
    first: int
    second: int
    third: int
    tag: int | None
    start: date
    until: date | None
    closed_at: datetime | None
    holds_until: date | None
    word: str

    def days(self, known_at: datetime | None) -> Days:
        """Its days, as known."""
        return Days(self.start, until_as_known(self.until, self.closed_at, known_at))


@dataclass(frozen=True)
class Facts:
    """What is known of some people and of the rules."""

    people: dict[int, PersonFacts]
    rulebook: rules.Rulebook
    tree: Tree
    calendars: Calendars

    def obligations_of(self, person: int) -> list[Obligation]:
        """All that rules ask of one of them, at any time."""
        facts = self.people.get(person)
        if facts is None:
            return []
        asked = claims(
            person,
            facts.seats,
            self.rulebook.groups,
            self.tree,
            facts.pauses,
            facts.events(self.rulebook.after),
            self.calendars.of_unit if self.rulebook.counts_working_days else None,
        )
        return obligations(facts, asked, opens_days_before=settings.RENEWAL_OPENS_DAYS)


def load(
    people: People,
    day: date,
    *,
    known_at: datetime | None = None,
    rulebook: rules.Rulebook | None = None,
    tree: Tree | None = None,
    calendars: Calendars | None = None,
) -> Facts:
    """The facts of `people` that decide what they owe on `day`, as known now or at `known_at`.

    With a `rulebook` of its own it answers what other rules would ask; with the `tree` of the rules' units, and with
    `calendars`, it need not read them again. Two queries more where a rule counts working days.
    """
    rulebook = rulebook or rules.load(day, known_at=known_at)
    by_person: dict[int, list[_Row]] = defaultdict(list)
    below: dict[tuple[int, int], list[Days]] = defaultdict(list)
    for row in _rows(people, None if tree is not None else rulebook, known_at, rulebook.asks_for_sign_ins):
        if row.kind == "under":
            below[row.first, row.second].append(row.days(known_at))
        else:
            by_person[row.person].append(row)
    found = {person: _facts(person, rows, known_at) for person, rows in by_person.items()}
    calendars = calendars or Calendars(_units_of(found.values()), known_at=known_at)
    return Facts(found, rulebook, tree_as_known(known_at) if known_at else below if tree is None else tree, calendars)


def tree_as_known(known_at: datetime) -> Tree:
    """Who stood above whom, as known at an instant: the projection of today's knowledge does not say."""
    placements = UnitPlacement.objects.held(known_at).values_list(
        "unit_id", "parent_id", "valid_from", "valid_until", "closed_at"
    )
    edges = chains.by_child(
        chains.Edge(unit, parent, (start, None if closed is not None and closed > known_at else until))
        for unit, parent, start, until, closed in placements
    )
    tree: dict[tuple[int, int], list[Days]] = defaultdict(list)
    for unit in edges:
        for above in chains.chain(unit, edges):
            tree[above.node, unit].append(Days(above.start, until_or_open(above.until)))
    return tree


def above_on(day: date, ancestors: Iterable[int], known_at: datetime | None) -> set[tuple[int, int]]:
    """Pairs (ancestor, unit) that stood above each other on a day, for some ancestors."""
    wanted = set(ancestors)
    if known_at is None:
        rows = UnitAncestry.objects.on(day).filter(ancestor__in=wanted)
        return set(rows.values_list("ancestor_id", "unit_id"))
    tree = tree_as_known(known_at)
    return {pair for pair, stretches in tree.items() if pair[0] in wanted and any(day in days for days in stretches)}


def _facts(person: int, rows: Iterable[_Row], known_at: datetime | None) -> PersonFacts:
    of_kind: dict[str, list[tuple[_Row, Days]]] = defaultdict(list)
    for row in rows:
        of_kind[row.kind].append((row, row.days(known_at)))
    return PersonFacts(
        person,
        seats=_seats(of_kind["seat"]),
        achieved=[_achieved(row, days) for row, days in of_kind["result"]],
        exempted=[Exempted(row.first, days) for row, days in of_kind["exempt"]],
        extended=[
            Extended(Target.of_key(row.word), days, until_or_open(row.holds_until))
            for row, days in of_kind["extension"]
        ],
        pauses=pauses_from((days for _row, days in of_kind["leave"]), longer_than=settings.LONG_LEAVE_DAYS),
        signed_in_on=_signed_in_on(of_kind["sign_in"]),
        is_contractor=any(row.word == Person.Kind.CONTRACTOR for row, _days in of_kind["seat"]),
    )


def _signed_in_on(rows: Iterable[tuple[_Row, Days]]) -> date:
    return min((clock.day_of(row.closed_at) for row, _days in rows if row.closed_at), default=OPEN)


def _units_of(people: Iterable[PersonFacts]) -> set[int]:
    return {seat.unit for person in people for seat in person.seats}


def _seats(rows: Iterable[tuple[_Row, Days]]) -> list[Seat]:
    """A holding comes once for each tag of its post."""
    tags: dict[tuple[int, int, int, Days], set[int]] = defaultdict(set)
    for row, days in rows:
        tags[row.first, row.second, row.third, days].update([row.tag] if row.tag else [])
    return [Seat(post, unit, category, frozenset(found), days) for (post, unit, category, days), found in tags.items()]


def _achieved(row: _Row, days: Days) -> Achieved:
    return Achieved(
        course=row.first,
        days=days,
        holds_until=until_or_open(row.holds_until),
        is_recognised=row.word == Result.Source.RECOGNISED,
        result=row.second,
    )


def _rows(
    people: People, rulebook: rules.Rulebook | None, known_at: datetime | None, with_sign_ins: bool
) -> Iterator[_Row]:
    # Asked once and by itself: who somebody may see is a query of many parts, and repeated in each part of the union
    # it let PostgreSQL, where rows were too new to be counted, choose a plan that took minutes for thirty people.
    persons = list(people.order_by().values_list("pk", flat=True)) if isinstance(people, QuerySet) else people
    held = PostHolding.objects.held(known_at).filter(person__in=persons)
    # The first two have every column between them, so that a database knows the types of what the others lack.
    parts = [
        _part(
            "result",
            Result.objects.held(known_at).filter(person__in=persons),
            "course_version__course_id",
            "pk",
            holds_until="holds_until",
            word="source",
        ),
        _part("seat", held, "post_id", "post__unit_id", "post__category_id", tag="post__tags", word="person__kind"),
        _part("exempt", Exemption.objects.held(known_at).filter(person__in=persons), "course_id"),
        _part(
            "extension",
            Extension.objects.held(known_at).filter(person__in=persons),
            holds_until="due_until",
            word="target__key",
        ),
        _part("leave", Leave.objects.held(known_at).filter(person__in=persons)),
    ]
    if with_sign_ins:
        parts.append(_sign_ins(persons, known_at))
    if rulebook is not None:
        units = {rule.unit for rule in rulebook.rules}
        above = UnitAncestry.objects.filter(ancestor__in=units, unit__in=held.values("post__unit"))
        parts.append(_part("under", above, "ancestor_id", "unit_id"))
    return (_Row(*values) for values in parts[0].union(*parts[1:], all=True))


def _sign_ins(persons: Sequence[int], known_at: datetime | None) -> QuerySet[Any]:
    """The moment of the first sign-in stands where others have that of their closing."""
    users = User.objects.filter(person__in=persons, first_signed_in_at__isnull=False)
    if known_at is not None:
        users = users.filter(first_signed_in_at__lte=known_at)
    no_day = Value(None, output_field=DateField())
    columns = (_NO_NUMBER, _NO_NUMBER, _NO_NUMBER, Value(None, output_field=_NUMBER), no_day, no_day)
    return users.order_by().values_list(
        Value("sign_in", output_field=_TEXT),
        F("person_id"),
        *columns,
        "first_signed_in_at",
        no_day,
        Value("", output_field=_TEXT),
    )


def _part(
    kind: str,
    rows: QuerySet[Any],
    first: str = "",
    second: str = "",
    third: str = "",
    *,
    tag: str = "",
    holds_until: str = "",
    word: str = "",
) -> QuerySet[Any]:
    """One kind of fact, with the same columns as every other kind."""
    is_fact = issubclass(rows.model, DatedFact)
    return rows.order_by().values_list(
        Value(kind, output_field=_TEXT),
        F("person_id") if is_fact else _NO_NUMBER,
        *(F(name) if name else _NO_NUMBER for name in (first, second, third)),
        F(tag) if tag else Value(None, output_field=_NUMBER),
        "valid_from",
        "valid_until",
        F("closed_at") if is_fact else Value(None, output_field=DateTimeField()),
        F(holds_until) if holds_until else Value(None, output_field=DateField()),
        F(word) if word else Value("", output_field=_TEXT),
    )
