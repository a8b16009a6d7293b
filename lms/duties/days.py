"""Stretches of days, from the first to the first no longer in it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

# Stands for an end that is not known, so that days compare and the earlier of two is simply `min`.
OPEN = date.max


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `start` on; `until` is the first that no longer counts."""

    start: date
    until: date = OPEN

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.until

    def overlap(self, other: "Days") -> "Days | None":
        """The days in both, if there are any."""
        start, until = max(self.start, other.start), min(self.until, other.until)
        return Days(start, until) if start < until else None


def until_or_open(until: date | None) -> date:
    """An end as stored, where empty means none."""
    return OPEN if until is None else until


def until_as_known(until: date | None, closed_at: datetime | None, known_at: datetime | None) -> date:
    """An end as it was known at an instant: a closing that came later had not happened yet."""
    not_yet = known_at is not None and closed_at is not None and closed_at > known_at
    return OPEN if not_yet else until_or_open(until)


def or_none(day: date) -> date | None:
    """A day for the world outside, where no end is None."""
    return None if day == OPEN else day


def merged(stretches: Iterable[Days]) -> list[Days]:
    """The same days in as few stretches as possible, in order: what overlaps or touches becomes one."""
    joined: list[Days] = []
    for days in sorted(stretches, key=lambda days: days.start):
        if joined and days.start <= joined[-1].until:
            joined[-1] = Days(joined[-1].start, max(joined[-1].until, days.until))
        else:
            joined.append(days)
    return joined
