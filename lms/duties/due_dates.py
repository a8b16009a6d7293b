"""By when something is due. Pure: dates in, dates out.

A due day is the last good day; what is not done by then is overdue from the day after. `days.OPEN` stands for a
due day that is not known, because the clock stands still without an end in sight.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from lms.core.working_days import WorkDays
from lms.duties.days import OPEN, Days, merged

_ONE_DAY = timedelta(days=1)


def due_day(start: date, days: int, pauses: Sequence[Days] = (), *, calendar: WorkDays | None = None) -> date:
    """The day on which `days` days after `start` have passed, not counting those in `pauses` (merged, in order).

    30 days from 1 March end on 31 March; 30 from 30 January 2028 on 29 February. With a pause from 11 to 20 March
    the first becomes 10 April. With a calendar only days on which people work are counted.
    """
    if calendar is not None:
        return _working_due_day(start, days, pauses, calendar)
    due = start + timedelta(days=days)
    for pause in pauses:
        first = max(pause.start, start + _ONE_DAY)
        if first > due:
            break
        if pause.until == OPEN:
            return OPEN
        due += max(pause.until - first, timedelta())
    return due


def _working_due_day(start: date, days: int, pauses: Sequence[Days], calendar: WorkDays) -> date:
    day, left = start, days
    while left > 0:
        day += _ONE_DAY
        pause = next((pause for pause in pauses if day in pause), None)
        if pause is None:
            left -= calendar.works_on(day)
        elif pause.until == OPEN:
            return OPEN
        else:
            day = pause.until - _ONE_DAY
    return day


def due_after_change(*, from_beginning: date, from_change: date, due_before: date) -> date:
    """The due day once a rule has changed, out of those by the new rule from the two days, and the one before.

    More time counts from the beginning. Less time counts from the change at the earliest, so that nobody is
    overdue by a change alone, and never gives more time than there was.
    """
    return max(from_beginning, min(due_before, from_change))


def renewal_due_day(last_good: date, pauses: Sequence[Days], *, opens_days_before: int) -> date:
    """By when something that is good until `last_good` must be renewed: that day.

    The clock of a renewal runs from its opening, so that a pause which falls into those days is added.
    """
    return due_day(last_good - timedelta(days=opens_days_before), opens_days_before, pauses)


def last_good_day(holds_until: date, ended_on: date) -> date:
    """The last day of a result that its course lets hold until a day, and that somebody may have ended early.

    `ended_on` is the first day without it; OPEN stands for none of either.
    """
    return holds_until if ended_on == OPEN else min(holds_until, ended_on - _ONE_DAY)


def pauses_from(leaves: Iterable[Days], *, longer_than: int) -> list[Days]:
    """The leaves that stop the clock: longer than so many days, or without an end. Those that touch are one leave."""
    return [leave for leave in merged(leaves) if leave.until == OPEN or (leave.until - leave.start).days > longer_than]
