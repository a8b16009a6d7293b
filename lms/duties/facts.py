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
from django.db.models.functions import Coalesce

from courses.models import Acknowledgement, ChangesRead, CourseVersion, DocumentVersion, Result
from lms.core import clock
from lms.core.dated import DatedFact
from lms.core.events import Event
from lms.duties import changes, rules
from lms.duties.changes import Change, Read, Reading, Versions
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
    start: date | None
    until: date | None
    # When it was closed; of an event, when it happened.
    moment: datetime | None
    holds_until: date | None
    word: str

    def days(self, known_at: datetime | None) -> Days:
        """Its days, as known."""
        return Days(self.start or date.min, until_as_known(self.until, self.moment, known_at))

    @property
    def on(self) -> date:
        """The day of an event."""
        return clock.day_of(self.moment) if self.moment else date.min


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
    versions = Versions()
    for row in _rows(people, None if tree is not None else rulebook, known_at, rulebook.asks_for_sign_ins):
        if row.kind == "under":
            below[row.first, row.second].append(row.days(known_at))
        elif row.kind == "course":
            versions.courses.setdefault(row.first, []).append(_course_change(row))
        elif row.kind == "document":
            versions.documents.setdefault(row.first, []).append(_document_change(row))
        else:
            by_person[row.person].append(row)
    found = {person: _facts(person, rows, versions, known_at) for person, rows in by_person.items()}
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


def _facts(person: int, rows: Iterable[_Row], versions: Versions, known_at: datetime | None) -> PersonFacts:
    of_kind: dict[str, list[tuple[_Row, Days]]] = defaultdict(list)
    for row in rows:
        of_kind[row.kind].append((row, row.days(known_at)))
    reading = Reading(
        versions,
        [(row.first, changes.course_rank(row.second), row.on) for row, _days in of_kind["read"]],
        [(row.first, row.second, row.on) for row, _days in of_kind["signed"]],
    )
    return PersonFacts(
        person,
        seats=_seats(of_kind["seat"]),
        achieved=[_achieved(row, days, reading) for row, days in of_kind["result"]],
        signed=[_signed(document, read, versions) for document, some in reading.documents.items() for read in some],
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
    return min((row.on for row, _days in rows), default=OPEN)


def _units_of(people: Iterable[PersonFacts]) -> set[int]:
    return {seat.unit for person in people for seat in person.seats}


def _seats(rows: Iterable[tuple[_Row, Days]]) -> list[Seat]:
    """A holding comes once for each tag of its post."""
    tags: dict[tuple[int, int, int, Days], set[int]] = defaultdict(set)
    for row, days in rows:
        tags[row.first, row.second, row.third, days].update([row.tag] if row.tag else [])
    return [Seat(post, unit, category, frozenset(found), days) for (post, unit, category, days), found in tags.items()]


def _achieved(row: _Row, days: Days, reading: Reading) -> Achieved:
    return Achieved(
        course=row.first,
        days=days,
        holds_until=until_or_open(row.holds_until),
        is_recognised=row.word == Result.Source.RECOGNISED,
        result=row.second,
        gaps=reading.gaps(row.first, row.third, row.tag, days.start),
    )


def _signed(document: int, read: Read, versions: Versions) -> Achieved:
    until = changes.signed_until(read, versions.documents.get(document, ()))
    return Achieved(course=0, days=Days(read.on), holds_until=until, document=document)


def _course_change(row: _Row) -> Change:
    return Change(changes.course_rank(row.second), row.second, row.on, row.third)


def _document_change(row: _Row) -> Change:
    effective_on = row.start or date.min
    days = row.third if row.third >= 0 else None
    return Change((effective_on, row.second), row.second, max(effective_on, row.on), days)


def _rows(
    people: People, rulebook: rules.Rulebook | None, known_at: datetime | None, with_sign_ins: bool
) -> Iterator[_Row]:
    # Asked once and by itself: who somebody may see is a query of many parts, and repeated in each part of the union
    # it let PostgreSQL, where rows were too new to be counted, choose a plan that took minutes for thirty people.
    persons = list(people.order_by().values_list("pk", flat=True)) if isinstance(people, QuerySet) else people
    held = PostHolding.objects.held(known_at).filter(person__in=persons)
    parts = [*_of_people(persons, held, known_at), *_versions(known_at)]
    if with_sign_ins:
        parts.append(_sign_ins(persons, known_at))
    if rulebook is not None:
        units = {rule.unit for rule in rulebook.rules}
        above = UnitAncestry.objects.filter(ancestor__in=units, unit__in=held.values("post__unit"))
        parts.append(_part("under", above, "ancestor_id", "unit_id"))
    return (_Row(*values) for values in parts[0].union(*parts[1:], all=True))


def _of_people(persons: Sequence[int], held: QuerySet[PostHolding], known_at: datetime | None) -> list[QuerySet[Any]]:
    """What is known of people themselves, a kind of fact each."""
    # The first two have every column between them, so that a database knows the types of what the others lack.
    return [
        _part(
            "result",
            Result.objects.held(known_at).filter(person__in=persons),
            "course_version__course_id",
            "pk",
            "course_version__number",
            tag="course_version__holds_document",
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
        _part(
            "read",
            _recorded(ChangesRead.objects.filter(person__in=persons), "recorded_at", known_at),
            "course_version__course_id",
            "course_version__number",
            moment="on",
        ),
        _part(
            "signed",
            _recorded(Acknowledgement.objects.filter(person__in=persons), "recorded_at", known_at),
            "document_version__document_id",
            "document_version_id",
            moment="on",
        ),
    ]


def _sign_ins(persons: Sequence[int], known_at: datetime | None) -> QuerySet[Any]:
    users = User.objects.filter(person__in=persons, first_signed_in_at__isnull=False)
    return _part("sign_in", _recorded(users, "first_signed_in_at", known_at), moment="first_signed_in_at")


def _versions(known_at: datetime | None) -> Iterator[QuerySet[Any]]:
    """What came to be read: versions of courses that ask it of holders, and all versions of documents."""
    of_courses = CourseVersion.objects.filter(changes_due_days__isnull=False)
    yield _part(
        "course",
        _recorded(of_courses, "meant_since", known_at),
        "course_id",
        "number",
        "changes_due_days",
        moment="meant_since",
    )
    of_documents = DocumentVersion.objects.annotate(days=Coalesce("sign_again_days", -1, output_field=_NUMBER))
    yield _part(
        "document",
        _recorded(of_documents, "added_at", known_at),
        "document_id",
        "pk",
        "days",
        start="effective_on",
        moment="added_at",
    )


def _recorded(rows: QuerySet[Any], column: str, known_at: datetime | None) -> QuerySet[Any]:
    return rows if known_at is None else rows.filter(**{f"{column}__lte": known_at})


def _part(kind: str, rows: QuerySet[Any], *numbers: str, **named: str) -> QuerySet[Any]:
    """One kind of fact, with the same columns as every other kind: up to three `numbers`, the others `named`."""
    is_fact, is_of_person = issubclass(rows.model, DatedFact), issubclass(rows.model, (DatedFact, Event, User))
    if "moment" not in named:
        named = {"start": "valid_from", "until": "valid_until", **({"moment": "closed_at"} if is_fact else {}), **named}
    no_day = Value(None, output_field=DateField())
    empty = {
        "tag": Value(None, output_field=_NUMBER),
        "start": no_day,
        "until": no_day,
        "moment": Value(None, output_field=DateTimeField()),
        "holds_until": no_day,
        "word": Value("", output_field=_TEXT),
    }
    return rows.order_by().values_list(
        Value(kind, output_field=_TEXT),
        F("person_id") if is_of_person else _NO_NUMBER,
        *(F(name) for name in numbers),
        *[_NO_NUMBER] * (3 - len(numbers)),
        *(F(named[name]) if name in named else nothing for name, nothing in empty.items()),
    )
