"""Counting working days. Pure: the week, the holidays and the days that differ are given."""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from lms.core.spans import Span, ends_by


class WorkDays(Protocol):
    """Whatever knows on which days people work."""

    def works_on(self, day: date) -> bool:
        """Whether people work on that day."""
        ...


@dataclass(frozen=True, slots=True)
class Regime:
    """For a span of days: the weekdays on which people work, Monday is 0, and the public holidays."""

    days: Span
    week: Collection[int]
    holidays: Container[date] = ()

    def __post_init__(self) -> None:
        if not set(self.week) & set(range(7)):
            raise ValueError("A working week needs at least one day.")


@dataclass(frozen=True, slots=True)
class Differing:
    """Days on which it is otherwise: closed although people would work, or working although they would not."""

    days: Span
    works: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When one office works. `differing` goes before the regimes, and of two that differ the earlier in the list."""

    regimes: Sequence[Regime]
    differing: Sequence[Differing] = field(default=())

    def works_on(self, day: date) -> bool:
        """Whether people work there on that day. Before the first regime its week and holidays hold, too."""
        for exception in self.differing:
            if _covers(exception.days, day):
                return exception.works
        regime = next((regime for regime in self.regimes if _covers(regime.days, day)), self.regimes[0])
        return day.weekday() in regime.week and day not in regime.holidays


def plain_week(week: Collection[int], holidays: Container[date] = ()) -> WorkCalendar:
    """A calendar that was always so."""
    return WorkCalendar([Regime((date.min, None), week, holidays)])


def add_working_days(start: date, days: int, *, calendar: WorkDays) -> date:
    """The day on which `days` whole working days after `start` have passed; counting begins on the next one.

    Raises ValueError when `days` is negative.
    """
    if days < 0:
        raise ValueError("Working days are counted forwards only.")
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.works_on(day)
    return day


def next_working_day(day: date, *, calendar: WorkDays) -> date:
    """That day if people work on it, else the next one on which they do."""
    while not calendar.works_on(day):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, *, calendar: WorkDays) -> date:
    """That day if people work on it, else the last one before on which they do."""
    while not calendar.works_on(day):
        day -= timedelta(days=1)
    return day


def _covers(days: Span, day: date) -> bool:
    return days[0] <= day and not ends_by(days[1], day)
