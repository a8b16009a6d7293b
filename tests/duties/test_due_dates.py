"""By when something is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.duties.days import OPEN, Days, merged
from lms.duties.due_dates import due_after_change, due_day, last_good_day, pauses_from, renewal_due_day

MARCH_1 = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("start", "days", "pauses", "due"),
    [
        (MARCH_1, 30, [], date(2026, 3, 31)),
        (MARCH_1, 0, [], MARCH_1),
        (date(2028, 1, 30), 30, [], date(2028, 2, 29)),
        (date(2027, 1, 30), 30, [], date(2027, 3, 1)),
        (date(2028, 2, 29), 365, [], date(2029, 2, 28)),
        # ten days away are ten days more
        (MARCH_1, 30, [Days(date(2026, 3, 11), date(2026, 3, 21))], date(2026, 4, 10)),
        # away before it began
        (MARCH_1, 30, [Days(date(2026, 1, 1), date(2026, 2, 1))], date(2026, 3, 31)),
        # away from before until 10 March: the clock begins on the first day back
        (MARCH_1, 30, [Days(date(2026, 1, 1), date(2026, 3, 11))], date(2026, 4, 9)),
        # away from the day after the due day: too late to matter
        (MARCH_1, 30, [Days(date(2026, 4, 1), date(2026, 6, 1))], date(2026, 3, 31)),
        # away from the due day itself on
        (MARCH_1, 30, [Days(date(2026, 3, 31), date(2026, 5, 1))], date(2026, 5, 1)),
        # a second leave that only the first one brings into play
        (
            MARCH_1,
            30,
            [Days(date(2026, 3, 11), date(2026, 4, 21)), Days(date(2026, 5, 1), date(2026, 7, 1))],
            date(2026, 7, 11),
        ),
        # nobody knows until when
        (MARCH_1, 30, [Days(date(2026, 3, 11))], OPEN),
    ],
)
def test_the_due_day_counts_days_at_work(start: date, days: int, pauses: list[Days], due: date) -> None:
    assert due_day(start, days, pauses) == due


days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def stretches(draw: st.DrawFn) -> Days:
    start = draw(days_of_2026)
    return Days(start, start + timedelta(days=draw(st.integers(1, 90))))


@given(days_of_2026, st.integers(0, 120), st.lists(stretches(), max_size=4))
def test_between_start_and_due_day_lie_exactly_so_many_days_at_work(start: date, days: int, away: list[Days]) -> None:
    pauses = merged(away)
    due = due_day(start, days, pauses)
    counted = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    at_work = [day for day in counted if not any(day in pause for pause in pauses)]
    assert len(at_work) == days
    assert not at_work or at_work[-1] == due


@pytest.mark.parametrize(
    ("days_before", "days", "changed_on", "due"),
    [
        # more time counts from the beginning
        (30, 60, date(2026, 3, 10), date(2026, 4, 30)),
        # less time counts from the change
        (90, 30, date(2026, 4, 1), date(2026, 5, 1)),
        # but never gives more than there was
        (30, 20, date(2026, 3, 20), date(2026, 3, 31)),
        # what was overdue stays overdue
        (30, 20, date(2026, 6, 1), date(2026, 3, 31)),
        # no change of time, no change of day
        (30, 30, date(2026, 6, 1), date(2026, 3, 31)),
    ],
)
def test_a_changed_rule_makes_nobody_overdue_by_itself(
    days_before: int, days: int, changed_on: date, due: date
) -> None:
    told = due_after_change(
        from_beginning=due_day(MARCH_1, days),
        from_change=due_day(changed_on, days),
        due_before=due_day(MARCH_1, days_before),
    )
    assert told == due


@pytest.mark.parametrize(
    ("away", "due"),
    [
        ([], date(2026, 8, 2)),
        ([Days(date(2025, 1, 1), date(2025, 6, 1))], date(2026, 8, 2)),
        ([Days(date(2026, 7, 4), date(2026, 9, 1))], date(2026, 9, 30)),
    ],
)
def test_a_renewal_is_due_on_the_last_good_day_unless_its_days_were_spent_away(away: list[Days], due: date) -> None:
    assert renewal_due_day(date(2026, 8, 2), away, opens_days_before=60) == due


@pytest.mark.parametrize(
    ("holds_until", "ended_on", "last"),
    [
        (OPEN, OPEN, OPEN),
        (date(2028, 2, 29), OPEN, date(2028, 2, 29)),
        (date(2027, 6, 30), date(2027, 5, 1), date(2027, 4, 30)),
        (date(2027, 6, 30), date(2027, 8, 1), date(2027, 6, 30)),
    ],
)
def test_a_result_holds_until_the_earliest_of_its_ends(holds_until: date, ended_on: date, last: date) -> None:
    assert last_good_day(holds_until, ended_on) == last


def test_only_long_leave_stops_the_clock_and_leaves_that_touch_are_one() -> None:
    short = Days(date(2026, 1, 1), date(2026, 1, 31))
    first, second = Days(date(2026, 3, 1), date(2026, 3, 20)), Days(date(2026, 3, 20), date(2026, 4, 10))
    for_good = Days(date(2026, 11, 1))
    assert pauses_from([second, for_good, short, first], longer_than=30) == [
        Days(date(2026, 3, 1), date(2026, 4, 10)),
        for_good,
    ]
