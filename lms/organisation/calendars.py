"""The working calendars of many offices at once: two queries, however many there are. For one office: `working_calendar`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple, TypeAlias

from django.conf import settings
from django.db.models import CharField, DateTimeField, IntegerField, Value

from lms.core import working_days
from lms.core.spans import Span, overlap
from lms.core.working_days import Differing, Regime, WorkCalendar
from lms.organisation import chains
from lms.organisation.models import DifferentDay, UnitAncestry, UnitPlacement, WorkingWeek
from lms.organisation.public_holidays import PublicHolidays

# For each unit: who stood above it, so many steps, on which days; itself at 0.
_Above: TypeAlias = Mapping[int, Iterable[tuple[int, int, Span]]]


class Remembering:
    """A calendar that works out each day once."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._known: dict[date, bool] = {}

    def works_on(self, day: date) -> bool:
        """Whether people work on that day."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._calendar.works_on(day)
        return known


class Calendars:
    """When each of some units works (all by default), by the tree of each day; read when it is first asked.

    Offices with the same days share one calendar, so that a country needs few.
    """

    def __init__(self, units: Collection[int] | None = None, *, known_at: datetime | None = None) -> None:
        self._units, self._known_at = units, known_at
        self._by_unit: dict[int, Remembering] = {}
        self._by_days: dict[tuple[Differing, ...], Remembering] = {}

    def of_unit(self, unit: int) -> Remembering:
        """When a unit (its id) works."""
        found = self._by_unit.get(unit)
        if found is None:
            differing = tuple(self._differing(unit))
            found = self._by_days.get(differing)
            if found is None:
                found = self._by_days[differing] = Remembering(WorkCalendar(self._regimes, differing))
            self._by_unit[unit] = found
        return found

    def _differing(self, unit: int) -> Iterator[Differing]:
        """What is otherwise in a unit, the nearest unit's first: an office may work while the rest is closed."""
        found = [
            (steps, row.pk, days, row.word == DifferentDay.Kind.WORKING)
            for above, steps, span in self._above.get(unit, ())
            for row in self._by_place.get(above, ())
            if (days := overlap(span, row.span))
        ]
        return (Differing(days, works) for _steps, _pk, days, works in sorted(found, key=lambda one: one[:2]))

    @cached_property
    def _rows(self) -> list["_Row"]:
        days, no_word = ["pk", "valid_from", "valid_until", "closed_at"], Value("", output_field=CharField())
        no_unit = Value(0, output_field=IntegerField())
        weeks = WorkingWeek.objects.held(self._known_at).order_by()
        differing = DifferentDay.objects.held(self._known_at).order_by()
        never = Value(None, output_field=DateTimeField())
        rows = weeks.values_list(no_unit, *days, "weekdays", "country", "region").union(
            differing.values_list("unit_id", *days[:3], never, "kind", no_word, no_word), all=True
        )
        found = []
        for row in (_Row(*values) for values in rows):
            # A closing that came to be known later had not happened yet.
            unknown = self._known_at is not None and row.closed_at is not None and row.closed_at > self._known_at
            found.append(row._replace(until=None) if unknown else row)
        return found

    @cached_property
    def _by_place(self) -> dict[int, list["_Row"]]:
        found: dict[int, list[_Row]] = defaultdict(list)
        for row in self._rows:
            if row.unit:
                found[row.unit].append(row)
        return found

    @cached_property
    def _regimes(self) -> list[Regime]:
        weeks = sorted((row for row in self._rows if not row.unit), key=lambda row: row.start)
        regimes = [
            Regime(row.span, frozenset(map(int, row.word)), PublicHolidays(row.country, row.region)) for row in weeks
        ]
        return regimes or list(working_days.plain_week(settings.WORKING_WEEK).regimes)

    @cached_property
    def _above(self) -> _Above:
        if not self._by_place:
            return {}
        if self._known_at is not None:
            return _above_as_known(self._known_at)
        rows = UnitAncestry.objects.filter(ancestor__in=list(self._by_place))
        if self._units is not None:
            rows = rows.filter(unit__in=self._units)
        above: dict[int, list[tuple[int, int, Span]]] = defaultdict(list)
        columns = ("unit_id", "ancestor_id", "depth", "valid_from", "valid_until")
        for unit, ancestor, depth, start, until in rows.values_list(*columns):
            above[unit].append((ancestor, depth, (start, until)))
        return above


class _Row(NamedTuple):
    """A working week (of no unit), or days that differ in a unit, as the one query returns them."""

    unit: int
    pk: int
    start: date
    until: date | None
    closed_at: datetime | None
    word: str
    country: str
    region: str

    @property
    def span(self) -> Span:
        """Its days."""
        return self.start, self.until


def _above_as_known(known_at: datetime) -> _Above:
    placements = UnitPlacement.objects.held(known_at).values_list(
        "unit_id", "parent_id", "valid_from", "valid_until", "closed_at"
    )
    edges = chains.by_child(
        chains.Edge(unit, parent, (start, None if closed is not None and closed > known_at else until))
        for unit, parent, start, until, closed in placements
    )
    return {
        unit: [(above.node, above.depth, (above.start, above.until)) for above in chains.chain(unit, edges)]
        for unit in edges
    }
