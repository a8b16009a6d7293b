"""Nothing hidden can be worked out from what is shown: looked for by solving for it."""

from collections.abc import Iterator
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lms.duties import suppression
from lms.duties.coverage_rows import HIDDEN, CoverageRow
from lms.duties.suppression import LAYERS, NOTHING

LEAST = 5
_COUNT = st.one_of(st.integers(0, 6), st.integers(0, 40))


def _row(*numbers: int) -> CoverageRow:
    return CoverageRow._make(("X", *numbers[:4], None, *numbers[4:]))


@st.composite
def _rows(draw: st.DrawFn) -> CoverageRow:
    in_date, not_yet_due, overdue = draw(_COUNT), draw(_COUNT), draw(_COUNT)
    required = in_date + not_yet_due + overdue
    of_which = [draw(st.integers(0, whole)) for whole in (in_date, required, required)]
    return _row(required, in_date, not_yet_due, overdue, *of_which, draw(_COUNT), 0, required)


def _sum(rows: list[CoverageRow]) -> CoverageRow:
    numbers = [sum(column) for column in zip(*[(*row[1:5], *row[6:]) for row in rows], strict=True)]
    return _row(*numbers)


# A country: regions, their districts, and offices in these.
_OFFICES = st.lists(_rows(), min_size=1, max_size=4)
_TREES = st.lists(st.lists(_OFFICES, min_size=1, max_size=3), min_size=1, max_size=4)
_COLUMNS = ("required", "in_date", "not_yet_due", "overdue", "recognised", "paused", "contractors", "exempt")
_Found = dict[tuple[int, ...], tuple[CoverageRow, frozenset[str]]]


def _gone_down(tree: list[list[list[CoverageRow]]]) -> _Found:
    """Every unit of a tree with what is hidden of it, as somebody finds them who goes down everywhere."""
    districts = [[_sum(offices) for offices in region] for region in tree]
    regions = [_sum(rows) for rows in districts]
    whole = _sum(regions)
    found: _Found = {(): (whole, suppression.alone(whole, LEAST))}
    found |= _parts((), regions, found[()][1])
    for r, region in enumerate(tree):
        found |= _parts((r,), districts[r], found[(r,)][1])
        for d, offices in enumerate(region):
            found |= _parts((r, d), offices, found[(r, d)][1])
    return found


def _parts(where: tuple[int, ...], rows: list[CoverageRow], whole: frozenset[str]) -> _Found:
    hidden = suppression.of_parts(rows, whole, LEAST)
    return {(*where, at): pair for at, pair in enumerate(zip(rows, hidden, strict=True))}


@given(_TREES)
def test_no_hidden_figure_follows_from_totals_rows_and_levels(tree: list[list[list[CoverageRow]]]) -> None:
    found = _gone_down(tree)
    for columns in (("required", "in_date", "not_yet_due", "overdue"), *((name,) for name in _COLUMNS[4:])):
        shown = {where: suppression.shown(row, hidden)._asdict() for where, (row, hidden) in found.items()}
        unknown = [(where, name) for where, row in shown.items() for name in columns if row[name] == HIDDEN]
        assert not _determined(_equations(found, columns), unknown)


def _equations(found: _Found, columns: tuple[str, ...]) -> Iterator[dict[tuple[tuple[int, ...], str], int]]:
    """Sums known to everybody: a unit is the sum of its parts, required that of the three states."""
    for where in found:
        below = [other for other in found if len(other) == len(where) + 1 and other[: len(where)] == where]
        for name in columns:
            if below:
                yield {(where, name): -1, **{(other, name): 1 for other in below}}
        if "required" in columns:
            yield {(where, name): -1 if name == "required" else 1 for name in columns}


def _determined(equations: Iterator[dict], hidden: list) -> set:  # type: ignore[type-arg]
    """Those of the unknowns that have one solution only, found by elimination: unknowns alone in an equation."""
    rows = [{key: Fraction(n) for key, n in equation.items() if key in set(hidden)} for equation in equations]
    done: list[tuple[object, dict]] = []  # type: ignore[type-arg]
    for row in rows:
        for pivot, other in done:
            _take_out(row, pivot, other)
        if row:
            pivot = next(iter(row))
            scale = row[pivot]
            scaled = {key: n / scale for key, n in row.items()}
            for _pivot, other in done:
                _take_out(other, pivot, scaled)
            done.append((pivot, scaled))
    return {pivot for pivot, row in done if len(row) == 1}


def _take_out(row: dict, pivot: object, other: dict) -> None:  # type: ignore[type-arg]
    factor = row.get(pivot, 0)
    if factor:
        for key, n in other.items():
            row[key] = row.get(key, 0) - factor * n
            if not row[key]:
                del row[key]


@given(_TREES)
def test_whatever_is_under_the_least_number_is_hidden(tree: list[list[list[CoverageRow]]]) -> None:
    for row, hidden in _gone_down(tree).values():
        shown = suppression.shown(row, hidden)._asdict()
        assert not [name for name in _COLUMNS if shown[name] in range(1, LEAST)]
        for whole, part in (("required", "in_date"), ("in_date", "recognised"), ("required", "paused")):
            if HIDDEN not in {shown[whole], shown[part]}:
                assert shown[whole] - shown[part] not in range(1, LEAST)


@given(_TREES)
def test_a_layer_is_hidden_with_the_one_it_stands_on(tree: list[list[list[CoverageRow]]]) -> None:
    for _row, hidden in _gone_down(tree).values():
        assert all(layer.name in hidden for layer in LAYERS if layer.under in hidden)


def test_one_small_office_takes_the_smallest_other_with_it() -> None:
    rows = [CoverageRow("X", n, n, 0, 0, None, 0, 0, 0, 0, 0, n) for n in (3, 40, 20, 0)]
    hidden = suppression.of_parts(rows, NOTHING, LEAST)
    assert [bool(of) for of in hidden] == [True, False, True, False]
    assert suppression.shown(rows[0], hidden[0])[:6] == ("X", "*", "*", "*", "*", "*")


def test_large_figures_are_all_shown() -> None:
    rows = [CoverageRow("X", 30, 20, 5, 5, None, 0, 0, 6, 0, 0, 30)] * 3
    assert suppression.of_parts(rows, NOTHING, LEAST) == [NOTHING] * 3


def test_parts_of_one_number_by_age() -> None:
    assert suppression.of_counts([7, 0, 2, 9], whole_is_hidden=False, least=LEAST) == [True, False, True, False]
    assert suppression.of_counts([7, 9], whole_is_hidden=True, least=LEAST) == [True, False]
    assert suppression.of_counts([7, 9], whole_is_hidden=False, least=LEAST) == [False, False]
