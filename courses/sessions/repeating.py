"""On which days a series comes. Pure: the working calendar is given."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from lms.core.months import add_months
from lms.core.working_days import WorkDays


def days_between(
    months: Collection[int], usual_day: int, *, start: date, end: date, calendar: WorkDays
) -> Iterator[tuple[str, date]]:
    """Each time that a series comes from `start` to `end`, both included: the name of the month ("2026-06"), the day."""
    month = start.replace(day=1)
    while month <= end:
        if month.month in months:
            day = working_day_in(month, usual_day, calendar=calendar)
            if start <= day <= end:
                yield f"{month:%Y-%m}", day
        month = add_months(month, 1)


def working_day_in(month: date, usual_day: int, *, calendar: WorkDays) -> date:
    """The usual day of a month if people work then, else the next day on which they do, within the month.

    After the last working day of the month it is that one; in a month without any, the usual day.
    """
    length = monthrange(month.year, month.month)[1]
    days = [month.replace(day=number + 1) for number in range(length)]
    usual = days[min(usual_day, length) - 1]
    later = [day for day in days if day >= usual and calendar.works_on(day)]
    earlier = [day for day in days if day < usual and calendar.works_on(day)]
    return later[0] if later else earlier[-1] if earlier else usual


def same_length(first: date, last: date, *, start: date) -> date:
    """The last day of something as long as from `first` to `last`, begun on `start`."""
    return start + timedelta(days=(last - first).days)
