"""Levels at the starts of months: what spans add to them (pure), and writing the differences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from django.db import connection

from lms.core.chunks import in_chunks
from lms.duties.days import OPEN
from lms.duties.models import SpanState

NUMBERS = (
    "in_date",
    "not_yet_due",
    "overdue",
    "exempt",
    "vacant",
    "people",
    "recognised",
    "paused",
    "contractors",
)


class Key(NamedTuple):
    """By what levels are counted."""

    unit: int
    target: int
    category: int
    is_joint: bool


class Kept(NamedTuple):
    """A span as its row in the database has it, without its id."""

    person: int | None
    post: int | None
    unit: int
    target: int
    category: int
    is_joint: bool
    state: int
    weight: int
    is_recognised: bool
    is_paused: bool
    is_contractor: bool
    from_day: date
    until_day: date

    @property
    def key(self) -> Key:
        return Key(self.unit, self.target, self.category, self.is_joint)


Change: TypeAlias = tuple[Key, date, Sequence[int]]


def changes(spans: Iterable[tuple[Kept, int]], levels_until: date) -> list[Change]:
    """What levels change by when spans come (+1) and go (-1): key, month and what is added to each number."""
    last = _index(levels_until)
    steps: dict[Key, dict[int, list[int]]] = defaultdict(dict)
    for span, sign in spans:
        for day, factor in ((span.from_day, sign), (span.until_day, -sign)):
            month = _first_at_or_after(day)
            if month <= last:
                numbers = steps[span.key].setdefault(month, [0] * len(NUMBERS))
                for index in _counted_in(span):
                    numbers[index] += factor * span.weight
    return [change for key in sorted(steps) for change in _running(key, steps[key], last)]


def write(found: Sequence[Change]) -> None:
    """Add the changes to the levels, in one order so that nobody waits in a circle."""
    columns = ", ".join(NUMBERS)
    added = ", ".join(f"{name} = duties_unitmonth.{name} + excluded.{name}" for name in NUMBERS)
    marks = "(" + ", ".join(["%s"] * (len(Key._fields) + 1 + len(NUMBERS))) + ")"
    with connection.cursor() as cursor:
        for some in in_chunks(found):
            values: list[Any] = [value for key, month, numbers in some for value in (*key, month, *numbers)]
            cursor.execute(
                f"INSERT INTO duties_unitmonth (unit_id, target, category, is_joint, month, {columns})"
                f" VALUES {', '.join([marks] * len(some))}"
                f" ON CONFLICT (month, unit_id, target, category, is_joint) DO UPDATE SET {added}",
                values,
            )


def _running(key: Key, steps: Mapping[int, Sequence[int]], last: int) -> Iterator[Change]:
    level = [0] * len(NUMBERS)
    for month in range(min(steps), last + 1):
        if month in steps:
            level = [before + step for before, step in zip(level, steps[month], strict=True)]
        if any(level):
            yield key, date(month // 12, month % 12 + 1, 1), tuple(level)


def _counted_in(span: Kept) -> Iterator[int]:
    yield span.state - SpanState.IN_DATE
    if span.is_recognised:
        yield 6
    if span.is_paused:
        yield 7
    if span.is_contractor:
        yield 8


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_at_or_after(day: date) -> int:
    """The first month whose first day is `day` or later."""
    return _index(day) + (day.day > 1) if day != OPEN else 12 * 10_000
