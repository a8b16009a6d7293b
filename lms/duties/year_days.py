"""A day that comes every year, such as 31 March. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True, order=True)
class YearDay:
    """A day of the year; 29 February is the 28th where a year has no 29th. Raises ValueError for 30 February."""

    month: int
    day: int

    def __post_init__(self) -> None:
        date(_LEAP_YEAR, self.month, self.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From month and day as stored: 02-29. Raises ValueError."""
        month, _dash, day = text.partition("-")
        return cls(int(month), int(day))

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    def in_year(self, year: int) -> date:
        """That day in a year."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def first_from(self, day: date) -> date:
        """The first such day that is `day` or later."""
        this_year = self.in_year(day.year)
        return this_year if this_year >= day else self.in_year(day.year + 1)
