"""Public holidays of a country, computed by the library `holidays`: rules as they are known, religious days estimated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import get_language

# Every process would pay 40 MB for a library that knows all countries, so it is loaded by country and where it is asked.
_REGISTRY = "holidays.registry"
_COUNTRIES = "holidays.countries"
_LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class Country:
    """A country that the library knows."""

    code: str
    name: str


@cache
def countries() -> list[Country]:
    """All countries with known holidays, by name."""
    known = import_module(_REGISTRY).COUNTRIES
    found = [Country(names[1], _title(module)) for module, names in known.items()]
    return sorted(found, key=lambda country: country.name)


def country_name(code: str) -> str:
    """The country's name, or the code where it is not a country's."""
    return next((country.name for country in countries() if country.code == code), code)


def regions(country: str) -> list[str]:
    """Codes of the country's regions that have holidays of their own. Nothing for an unknown country."""
    known = _library_class(country)
    return sorted(known.subdivisions) if known else []


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country, maybe with those of one region. `day in holidays` works out a year at a time."""

    country: str
    region: str = ""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _named(self.country, self.region, "", day.year)

    def between(self, first: date, until: date) -> Iterator[tuple[date, str]]:
        """The holidays from a day until another, with their names in the reader's language where it is known."""
        language = get_language() or ""
        for year in range(first.year, until.year + 1):
            named = _named(self.country, self.region, language, year)
            yield from ((day, named[day]) for day in sorted(named) if first <= day < until)


@cache
def _named(country: str, region: str, language: str, year: int) -> dict[date, str]:
    known = _library_class(country)
    if known is None or year > _LAST_YEAR:
        return {}
    found = known(years=year, subdiv=region or None, language=_spoken(known, language), expand=False)
    return {day: name for day, name in found.items() if day.year == year}


@cache
def _library_class(country: str) -> Any:
    known = import_module(_REGISTRY).COUNTRIES
    for module, names in known.items():
        if names[1] == country:
            return getattr(import_module(f"{_COUNTRIES}.{module}"), names[0])
    return None


def _spoken(known: Any, language: str) -> str | None:
    """The library's name for a language that it has for this country: the reader's, else English, else the country's."""
    offered = known.supported_languages
    for wanted in (language.split("-", maxsplit=1)[0], "en"):
        fitting = [name for name in offered if wanted and name.split("_")[0] == wanted]
        if fitting:
            return str(fitting[0])
    return None


_SMALL = {"And", "Of", "The"}


def _title(module: str) -> str:
    words = module.replace("_", " ").title().split()
    return " ".join([words[0], *(word.lower() if word in _SMALL else word for word in words[1:])])
