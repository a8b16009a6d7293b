"""Counting working days. Pure: the week and the holidays are given."""

from collections.abc import Collection
from datetime import date, timedelta


def add_working_days(start: date, days: int, *, week: Collection[int], holidays: Collection[date] = ()) -> date:
    """The day on which `days` whole working days after `start` have passed; counting begins on the next one.

    `week` holds the weekdays on which people work, Monday is 0. Raises ValueError when it is empty.
    """
    if not week:
        raise ValueError("A working week needs at least one day.")
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() in week and day not in holidays:
            days -= 1
    return day
