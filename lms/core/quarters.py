"""Quarters of a year that begins in any month. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from lms.core.months import add_months


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months, from the first of a month."""

    first: date
    # Which of the year's, 1 to 4, and the calendar year in which that year began.
    number: int
    year: int

    @property
    def until(self) -> date:
        """The first day after it."""
        return add_months(self.first, 3)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def last_month(self) -> date:
        """The first day of its last month."""
        return add_months(self.first, 2)

    def shifted(self, quarters: int, *, year_starts_in: int = 1) -> Self:
        """So many quarters later."""
        found = quarter_of(add_months(self.first, 3 * quarters), year_starts_in=year_starts_in)
        return type(self)(found.first, found.number, found.year)


def quarter_of(day: date, *, year_starts_in: int = 1) -> Quarter:
    """The quarter in which a day lies, of a year that begins in this month."""
    months = (day.month - year_starts_in) % 12
    begins = add_months(day.replace(day=1), -(months % 3))
    year = day.year if day.month >= year_starts_in else day.year - 1
    return Quarter(begins, months // 3 + 1, year)


def quarters_before(quarter: Quarter, count: int, *, year_starts_in: int = 1) -> Iterator[Quarter]:
    """The quarter and those before it, newest first, `count` in all."""
    return (quarter.shifted(-back, year_starts_in=year_starts_in) for back in range(count))
