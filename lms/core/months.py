"""Counting calendar months. Pure."""

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day where it is shorter."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def last_day_of_term(start: date, months: int) -> date:
    """The last good day of a term of whole months that begins on `start`: 12 from 2 August end on 1 August."""
    return add_months(start, months) - timedelta(days=1)
