"""By when something is due. Pure: dates in, dates out.

A due day is the last good day; what is not done by then is overdue from the day after. `days.OPEN` stands for a
due day that is not known, because the clock stands still without an end in sight.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from lms.core.months import last_day_of_term
from lms.duties.days import OPEN, Days, merged

_ONE_DAY = timedelta(days=1)


def due_day(start: date, days: int, pauses: Sequence[Days] = ()) -> date:
    """The day on which `days` days after `start` have passed, not counting those in `pauses` (merged, in order).

    30 days from 1 March end on 31 March; 30 from 30 January 2028 on 29 February. With a pause from 11 to 20 March
    the first becomes 10 April.
    """
    due = start + timedelta(days=days)
    for pause in pauses:
        first = max(pause.start, start + _ONE_DAY)
        if first > due:
            break
        if pause.until == OPEN:
            return OPEN
        due += max(pause.until - first, timedelta())
    return due


def due_after_change(since: date, days: int, *, changed_on: date, due_before: date, pauses: Sequence[Days]) -> date:
    """The due day once a rule that has reached somebody since `since` asks for it within `days` from `changed_on` on.

    More time counts from the beginning. Less time counts from the change at the earliest, so that nobody is
    overdue by a change alone, and never gives more time than there was.
    """
    shortened = min(due_before, due_day(changed_on, days, pauses))
    return max(due_day(since, days, pauses), shortened)


def renewal_due_day(last_good: date, pauses: Sequence[Days], *, opens_days_before: int) -> date:
    """By when something that is good until `last_good` must be renewed: that day.

    The clock of a renewal runs from its opening, so that a pause which falls into those days is added.
    """
    return due_day(last_good - timedelta(days=opens_days_before), opens_days_before, pauses)


def last_good_day(competent_on: date, holds_until: date, ended_on: date, counts_months: int | None) -> date:
    """The last day on which a result counts for a rule that may count it for fewer months than the course says.

    `holds_until` is the course's last good day, `ended_on` the first day without it if somebody ended it early;
    OPEN stands for none. Competent on 1 March 2027 and counted for 12 months is good until 29 February 2028.
    """
    last = holds_until if ended_on == OPEN else min(holds_until, ended_on - _ONE_DAY)
    return last if counts_months is None else min(last, last_day_of_term(competent_on, counts_months))


def pauses_from(leaves: Iterable[Days], *, longer_than: int) -> list[Days]:
    """The leaves that stop the clock: longer than so many days, or without an end. Those that touch are one leave."""
    return [leave for leave in merged(leaves) if leave.until == OPEN or (leave.until - leave.start).days > longer_than]
