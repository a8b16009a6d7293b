"""Months and quarters as spells of days. Pure: the month in which a year of quarters begins is given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.core.months import add_months, last_day_of_term

_WRITTEN = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))")


class SpellKind(StrEnum):
    """How long a spell is."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        """How many months it has."""
        return 3 if self == SpellKind.QUARTER else 1


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    """A month, or a quarter of the financial year."""

    first: date
    kind: SpellKind

    @property
    def last(self) -> date:
        """Its last day."""
        return last_day_of_term(self.first, self.kind.months)

    def previous(self) -> "Spell":
        """The one before it."""
        return Spell(add_months(self.first, -self.kind.months), self.kind)

    def written(self, year_starts_in: int) -> str:
        """As commands take it: 2026-10, or 2026-Q3 for the third quarter of the financial year begun in 2026."""
        if self.kind == SpellKind.MONTH:
            return f"{self.first:%Y-%m}"
        year, quarter = financial_quarter(self.first, year_starts_in)
        return f"{year}-Q{quarter}"


def spell_of(day: date, kind: SpellKind, year_starts_in: int) -> Spell:
    """The month or quarter in which a day lies."""
    first = day.replace(day=1)
    into = (day.month - year_starts_in) % 3 if kind == SpellKind.QUARTER else 0
    return Spell(add_months(first, -into), kind)


def financial_quarter(day: date, year_starts_in: int) -> tuple[int, int]:
    """The year in which the day's financial year begins, and which of its quarters it is."""
    into = (day.month - year_starts_in) % 12
    return day.year - (day.month < year_starts_in), into // 3 + 1


def read(text: str, year_starts_in: int) -> Spell:
    """A spell as it is written. Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or found[1] == "0000":
        raise ValueError(f"{text!r} is neither a month such as 2026-10 nor a quarter such as 2026-Q3")
    year, quarter, month = int(found[1]), found[2], found[3]
    if month:
        return Spell(date(year, int(month), 1), SpellKind.MONTH)
    start = date(year, year_starts_in, 1)
    return Spell(add_months(start, 3 * (int(quarter) - 1)), SpellKind.QUARTER)


def ended(since: date, today: date, year_starts_in: int) -> Iterator[Spell]:
    """Months and quarters that ended on `since` or later and before `today`, in order of their ends."""
    found = set()
    for kind in SpellKind:
        spell = spell_of(today, kind, year_starts_in).previous()
        while spell.last >= since:
            found.add(spell)
            spell = spell.previous()
    yield from sorted(found, key=lambda spell: (spell.last, spell.kind))
