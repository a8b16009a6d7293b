"""Working days, spans, chunks and ports."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.chunks import in_chunks
from lms.core.ports import Registry
from lms.core.spans import Span, covers, merged, overlap
from lms.core.working_days import add_working_days, plain_week

WEEK = (0, 1, 2, 3, 4)
FRIDAY = date(2026, 3, 6)
_days = st.integers(0, 30).map(lambda n: FRIDAY + timedelta(days=n))
_spans = st.tuples(_days, st.one_of(st.none(), st.integers(1, 10))).map(
    lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]) if pair[1] else None)
)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 3, 2), 3, date(2026, 3, 5)),
        (FRIDAY, 1, date(2026, 3, 9)),
        (FRIDAY, 3, date(2026, 3, 11)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (FRIDAY, 0, FRIDAY),
    ],
)
def test_working_days_are_counted_from_the_next_one_over_weekends(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days, calendar=plain_week(WEEK)) == end


def test_holidays_and_other_weeks_count_as_they_are() -> None:
    assert add_working_days(FRIDAY, 1, calendar=plain_week(WEEK, [date(2026, 3, 9)])) == date(2026, 3, 10)
    assert add_working_days(date(2026, 3, 5), 1, calendar=plain_week((6, 0, 1, 2, 3))) == date(2026, 3, 8)


@pytest.mark.parametrize(("week", "days"), [((), 1), ((7,), 1), (WEEK, -1)])
def test_a_week_without_days_and_counting_backwards_are_mistakes(week: tuple[int, ...], days: int) -> None:
    with pytest.raises(ValueError, match=r"days are|needs at least"):
        add_working_days(FRIDAY, days, calendar=plain_week(week))


@given(one=_spans, other=_spans)
def test_an_overlap_is_the_days_that_both_spans_have(one: Span, other: Span) -> None:
    assert _as_days([shared] if (shared := overlap(one, other)) else []) == _as_days([one]) & _as_days([other])


@given(one=_spans, other=_spans)
def test_a_span_covers_another_when_it_has_all_its_days(one: Span, other: Span) -> None:
    assert covers(one, other) == (_as_days([other]) <= _as_days([one]))


@given(st.lists(_spans, max_size=6))
def test_merged_spans_are_the_same_days_and_do_not_touch(spans: list[Span]) -> None:
    result = merged(spans)
    assert _as_days(result) == _as_days(spans)
    assert all(one[1] is not None and one[1] < two[0] for one, two in zip(result, result[1:], strict=False))


def test_a_list_comes_in_pieces_and_nothing_is_left_out() -> None:
    assert [list(part) for part in in_chunks(list(range(5)), 2)] == [[0, 1], [2, 3], [4]]


def test_a_port_takes_each_name_once_and_gives_entries_in_order() -> None:
    port: Registry[str] = Registry("ports")
    port.register("b", "two")
    port.register("a", "one")
    port.register("a", "one")
    assert list(port) == [("a", "one"), ("b", "two")]
    with pytest.raises(ValueError, match="registered twice"):
        port.register("a", "other")
    with pytest.raises(LookupError, match="nothing is registered for 'c'"):
        port["c"]


def _as_days(spans: list[Span]) -> set[date]:
    horizon = FRIDAY + timedelta(days=60)
    return {start + timedelta(days=n) for start, until in spans for n in range(((until or horizon) - start).days)}
