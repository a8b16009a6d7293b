"""What is stored of a person's duties: spans with weights that add up. Pure.

Somebody with posts in several units counts once in each of them and once in each unit above, and once in each
category. So that sums over any subtree come out right, corrections stand at the units where the ways up meet: of the
ways from some units to the root, all nodes less all edges are 1 in every subtree that holds any of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import NamedTuple, TypeAlias

from lms.duties.days import OPEN, Days, merged, until_or_open
from lms.duties.models.stored import SpanState
from lms.duties.reach import Rule, Tree
from lms.duties.spans import DutySpan, Obligation, State
from lms.duties.targets import ANYTHING, Target

# For each unit: who stood above it, so many steps, on which days; itself at 0.
Above: TypeAlias = Mapping[int, Sequence[tuple[int, int, Days]]]

STATES = {
    State.IN_DATE: SpanState.IN_DATE,
    State.NOT_YET_DUE: SpanState.NOT_YET_DUE,
    State.OVERDUE: SpanState.OVERDUE,
    State.EXEMPT: SpanState.EXEMPT,
}


class Weighed(NamedTuple):
    """A span as stored, its target not yet as a number; see `models.DutySpan`."""

    person: int | None
    post: int | None
    unit: int
    target: Target
    category: int
    is_joint: bool
    state: SpanState
    weight: int
    is_recognised: bool
    is_paused: bool
    is_contractor: bool
    from_day: date
    until_day: date


class _Kind(NamedTuple):
    """What is the same of a person's spans with a target on a day, wherever they are."""

    target: Target
    state: SpanState
    is_recognised: bool = False
    is_paused: bool = False
    is_contractor: bool = False


class _Piece(NamedTuple):
    """Somebody's days in a place."""

    kind: _Kind
    post: int | None
    unit: int
    category: int
    start: date
    until: date


def of_person(person: int, obligations: Iterable[Obligation], above: Above) -> list[Weighed]:
    """All spans of a person: for each target, and one story of having any duty at all."""
    rows: list[Weighed] = []
    places: dict[int, list[Days]] = defaultdict(list)
    for obligation in obligations:
        contractor = obligation.facts.is_contractor
        pieces = [_piece(span, is_contractor=contractor) for span in obligation.spans()]
        rows += _weighed(person, pieces, above)
        for piece in pieces:
            if piece.kind.state != SpanState.EXEMPT:
                places[piece.unit].append(Days(piece.start, piece.until))
    kind = _Kind(ANYTHING, SpanState.PERSON)
    anywhere = [
        _Piece(kind, None, unit, 0, days.start, days.until) for unit, some in places.items() for days in merged(some)
    ]
    return rows + _weighed(person, anywhere, above)


def of_empty_post(
    post: int, seat: tuple[int, int, frozenset[int]], free: Sequence[Days], rules: Iterable[Rule], tree: Tree
) -> list[Weighed]:
    """The days on which nobody held a post (`free`) for which rules ask; a rule for named people asks for no post."""
    unit, category, tags = seat
    asked: dict[Target, list[Days]] = defaultdict(list)
    for rule in rules:
        if not rule.people and rule.asks_for(category, tags):
            for below in tree.get((rule.unit, unit), ()):
                asked[rule.target] += [together for days in free if (together := _all_three(days, below, rule.days))]
    return [
        Weighed(
            None, post, unit, target, category, False, SpanState.VACANT, 1, False, False, False, days.start, days.until
        )
        for target, some in asked.items()
        for days in merged(some)
    ]


def free_days(opened_on: date, closed_on: date | None, held: Iterable[Days]) -> list[Days]:
    """The days on which a post was open and nobody held it."""
    free, start, end = [], opened_on, until_or_open(closed_on)
    for days in merged(held):
        if start < min(days.start, end):
            free.append(Days(start, min(days.start, end)))
        start = max(start, days.until)
    return [*free, Days(start, end)] if start < end else free


def nodes_less_edges(units: Iterable[int], above: Above, day: date) -> Counter[int]:
    """A number for each unit such that those of any subtree add up to 1 where it holds one of `units`, else to 0."""
    children: dict[int, set[int]] = defaultdict(set)
    for unit in units:
        way = sorted((depth, node) for node, depth, days in above.get(unit, ()) if day in days)
        path = [node for _depth, node in way] or [unit]
        for node in path:
            children[node] |= set()
        for child, parent in pairwise(path):
            children[parent].add(child)
    return Counter({node: 1 - len(below) for node, below in children.items()})


def _piece(span: DutySpan, *, is_contractor: bool) -> _Piece:
    # Of who is exempt nothing else is counted.
    counts = span.state != State.EXEMPT
    kind = _Kind(
        span.target,
        STATES[span.state],
        counts and span.is_recognised,
        counts and span.is_paused,
        counts and is_contractor,
    )
    return _Piece(kind, span.post, span.unit, span.category, span.from_day, until_or_open(span.until_day))


def _all_three(one: Days, other: Days, third: Days) -> Days | None:
    both = one.overlap(other)
    return both.overlap(third) if both else None


def _weighed(person: int, pieces: Sequence[_Piece], above: Above) -> list[Weighed]:
    ordered = sorted(pieces, key=lambda piece: piece.start)
    if all(one.until <= other.start for one, other in pairwise(ordered)):
        rows: Iterable[Weighed] = (_row(person, piece, piece.start, piece.until) for piece in ordered)
    else:
        rows = _in_slices(person, ordered, above)
    return _joined(rows)


def _in_slices(person: int, pieces: Sequence[_Piece], above: Above) -> Iterator[Weighed]:
    """Between all days on which a piece or the tree changes, each place by itself and the corrections."""
    tree_days = {
        day for unit in {piece.unit for piece in pieces} for _n, _d, days in above.get(unit, ()) for day in _ends(days)
    }
    first, last = pieces[0].start, max(piece.until for piece in pieces)
    ends = chain.from_iterable((piece.start, piece.until) for piece in pieces)
    turns = sorted({*ends, *(day for day in tree_days if first < day < last)})
    for start, until in pairwise(turns):
        active = [piece for piece in pieces if piece.start <= start < piece.until]
        if len(active) == 1:
            yield _row(person, active[0], start, until)
        elif active:
            yield from _slice(person, active, above, start, until)


def _slice(person: int, active: Sequence[_Piece], above: Above, start: date, until: date) -> Iterator[Weighed]:
    by_place = {(piece.unit, piece.category): piece for piece in sorted(active, key=lambda p: -(p.post or 0))}
    for piece in by_place.values():
        yield _row(person, piece, start, until)
    kind = active[0].kind
    for (unit, category, is_joint), weight in _corrections(set(by_place), above, start).items():
        if weight:
            yield Weighed(
                person, None, unit, kind.target, category, is_joint, kind.state, weight, *kind[2:], start, until
            )


def _corrections(places: set[tuple[int, int]], above: Above, day: date) -> Counter[tuple[int, int, bool]]:
    """What to add, by unit, category and whether it is joint, to one for each place."""
    found: Counter[tuple[int, int, bool]] = Counter()
    categories: dict[int, set[int]] = defaultdict(set)
    units: Counter[int] = Counter()
    for unit, category in places:
        categories[category].add(unit)
        units[unit] += 1
    for category, of_category in categories.items():
        for unit, number in _beyond_one_each(of_category, above, day).items():
            found[unit, category, True] += number
            found[unit, 0, True] -= number
    for unit, number in _beyond_one_each(units, above, day).items():
        found[unit, 0, True] += number
    for unit, number in units.items():
        found[unit, 0, False] += 1 - number
    return found


def _beyond_one_each(units: Iterable[int], above: Above, day: date) -> Counter[int]:
    numbers = nodes_less_edges(units, above, day)
    numbers.subtract(dict.fromkeys(units, 1))
    return numbers


def _ends(days: Days) -> Iterator[date]:
    yield days.start
    if days.until != OPEN:
        yield days.until


def _row(person: int, piece: _Piece, start: date, until: date) -> Weighed:
    kind = piece.kind
    return Weighed(
        person, piece.post, piece.unit, kind.target, piece.category, False, kind.state, 1, *kind[2:], start, until
    )


def _joined(rows: Iterable[Weighed]) -> list[Weighed]:
    """Rows that follow each other and are the same in all else become one."""
    latest: dict[tuple[object, ...], Weighed] = {}
    done: list[Weighed] = []
    for row in rows:
        before = latest.get(row[:-2])
        if before is not None and before.until_day == row.from_day:
            latest[row[:-2]] = before._replace(until_day=row.until_day)
        else:
            done += [before] if before is not None else []
            latest[row[:-2]] = row
    return [*done, *latest.values()]
