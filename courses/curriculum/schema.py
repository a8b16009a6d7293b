"""What a file of a pack may hold. Each field takes parsed YAML and a spot, and gives plain, complete content.

Every problem is added to the spot and reading goes on, so that an author sees all of them at once.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from courses.curriculum import yaml_lines
from courses.curriculum.problems import Spot
from courses.drafts import tidy


class Field(Protocol):
    """One kind of value."""

    def clean(self, value: Any, spot: Spot) -> Any:
        """The value as plain content; a problem at `spot` and something harmless where it is wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text; `one_line` for plain words, where line breaks are blanks."""

    limit: int = 20_000
    one_line: bool = False
    pattern: str = ""
    hint: str = ""

    def clean(self, value: Any, spot: Spot) -> str:
        """Tidied text."""
        if not isinstance(value, str):
            spot.refuse(_("Text is expected, not %s. Put words in quotes.") % _kind(value))
            return ""
        text = " ".join(value.split()) if self.one_line else tidy(value)
        if not text:
            spot.refuse(_("Text is expected; this is empty."))
        if len(text) > self.limit:
            spot.refuse(_("This is longer than %s characters.") % self.limit)
        if self.pattern and not re.fullmatch(self.pattern, text):
            spot.refuse(_("“%(text)s” will not do: %(hint)s.") % {"text": text[:60], "hint": self.hint})
        return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words; `hint` says which where they are too many to list."""

    words: Collection[str]
    hint: str = ""

    def clean(self, value: Any, spot: Spot) -> str:
        """The word."""
        if not isinstance(value, str) or value not in self.words:
            names = {"value": value, "words": self.hint or ", ".join(sorted(self.words))}
            spot.refuse(_("“%(value)s” is not known here. Known: %(words)s.") % names)
            return ""
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds."""

    least: float = 0
    most: float = 1_000_000
    whole: bool = True

    def clean(self, value: Any, spot: Spot) -> int | float:
        """The number, an int where it is whole."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            spot.refuse(_("A number is expected, not %s.") % _kind(value))
            return 0
        if not self.least <= value <= self.most:
            bounds = {"least": self.least, "most": self.most}
            spot.refuse(_("A number from %(least)g to %(most)g is expected.") % bounds)
        return int(value) if value == int(value) else float(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A date such as 2027-05-22."""

    def clean(self, value: Any, spot: Spot) -> date | None:
        """The date."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        spot.refuse(_("A date such as 2027-05-22 is expected, not %s.") % _kind(value))
        return None


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def clean(self, value: Any, spot: Spot) -> bool:
        """The answer."""
        if not isinstance(value, bool):
            spot.refuse(_("true or false is expected, not %s.") % _kind(value))
        return value is True


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, of at least so many items; `unique` names what may not repeat."""

    item: Field
    least: int = 0
    unique: str = ""

    def clean(self, value: Any, spot: Spot) -> list[Any]:
        """The items."""
        if not isinstance(value, list):
            spot.refuse(_("A list is expected, not %s.") % _kind(value))
            return []
        if len(value) < self.least:
            spot.refuse(_("At least %s are needed here.") % self.least)
        spots = [spot.at(_line(value, index, spot)) for index in range(len(value))]
        items = [self.item.clean(part, at) for part, at in zip(value, spots, strict=True)]
        self._refuse_repeats(items, spots)
        return items

    def _refuse_repeats(self, items: list[Any], spots: list[Spot]) -> None:
        seen: set[str] = set()
        for item, spot in zip(items, spots, strict=True):
            name = str(item.get(self.unique) if isinstance(item, Mapping) else item)
            if self.unique and name in seen:
                spot.refuse(_("“%s” stands in this list twice.") % name)
            seen.add(name)


@dataclass(frozen=True, slots=True)
class Absent:
    """A field that may be left out, and what it then is."""

    field: Field
    default: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known names. `others` are names that somebody else reads."""

    fields: Mapping[str, Field | Absent]
    others: frozenset[str] = frozenset()

    def clean(self, value: Any, spot: Spot) -> dict[str, Any]:
        """Every field, with defaults where absent."""
        if not isinstance(value, dict):
            spot.refuse(_("Named fields are expected, not %s.") % _kind(value))
            value = {}
            return {name: _default(field) for name, field in self.fields.items()}
        for name in value:
            if name not in self.fields and name not in self.others:
                known = ", ".join(self.fields)
                at = spot.at(_line(value, name, spot))
                at.refuse(_("“%(name)s” is not known here. Known: %(known)s.") % {"name": name, "known": known})
        return {name: self._field(name, field, value, spot) for name, field in self.fields.items()}

    def _field(self, name: str, field: Field | Absent, value: dict[str, Any], spot: Spot) -> Any:
        given = value.get(name)
        if isinstance(field, Absent):
            if given is None or given == "":
                return field.default
            return field.field.clean(given, spot.at(_line(value, name, spot)))
        if given is None:
            spot.at(_line(value, name, spot)).refuse(_("“%s” is missing.") % name)
            return _default(field)
        return field.clean(given, spot.at(_line(value, name, spot)))


@dataclass(frozen=True, slots=True)
class ByKind:
    """A mapping whose `kind` says which record it is."""

    kinds: Mapping[str, Record]

    def clean(self, value: Any, spot: Spot) -> dict[str, Any]:
        """The record, with its kind."""
        if not isinstance(value, dict):
            spot.refuse(_("Named fields are expected, not %s.") % _kind(value))
            return {}
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in self.kinds:
            names = {"kind": kind, "known": ", ".join(self.kinds)}
            spot.at(_line(value, "kind", spot)).refuse(_("Kind “%(kind)s” is not known. Known: %(known)s.") % names)
            return {}
        record = self.kinds[kind]
        return {"kind": kind, **Record(record.fields, record.others | {"kind"}).clean(value, spot)}


def sparse(content: dict[str, Any], record: Record) -> dict[str, Any]:
    """A cleaned record as people write it: fields that have their default are left out, here and deeper."""
    known = record.fields
    return {
        name: _sparse(value, known.get(name))
        for name, value in content.items()
        if not (isinstance(field := known.get(name), Absent) and value == field.default)
    }


def _sparse(value: Any, field: Field | Absent | None) -> Any:
    if isinstance(field, Absent):
        return _sparse(value, field.field)
    if isinstance(field, ListOf):
        return [_sparse(item, field.item) for item in value]
    if isinstance(field, ByKind):
        return sparse(value, field.kinds[value["kind"]])
    return sparse(value, field) if isinstance(field, Record) else value


def _default(field: Field | Absent) -> Any:
    if isinstance(field, Absent):
        return field.default
    return {Text: "", ListOf: [], Number: 0, Flag: False, OneOf: ""}.get(type(field))


def _line(value: Any, key: Any, spot: Spot) -> int:
    if isinstance(value, yaml_lines.Mapping | yaml_lines.Sequence):
        return value.line_of(key)
    return spot.line


def _kind(value: Any) -> str:
    names = {
        bool: _("true or false"),
        int: _("a number"),
        float: _("a number"),
        str: _("text"),
        type(None): _("nothing"),
    }
    if isinstance(value, dict):
        return _("named fields")
    if isinstance(value, list):
        return _("a list")
    if isinstance(value, date):
        return _("a date")
    return names.get(type(value), _("something else"))
