"""Counting working days. Pure: the week and the holidays are given."""

from collections.abc import Collection
from datetime import date, timedelta


def add_working_days(start: date, days: int, *, week: Collection[int], holidays: Collection[date] = ()) -> date:
    """The day on which `days` whole working days after `start` have passed; counting begins on the next one.

    `week` holds the weekdays on which people work, Monday is 0. Raises ValueError when it is empty or `days` is negative.
    """
    if not set(week) & set(range(7)):
        raise ValueError("A working week needs at least one day.")
    if days < 0:
        raise ValueError("Working days are counted forwards only.")
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() in week and day not in holidays:
            days -= 1
    return day
