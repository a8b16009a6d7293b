"""Jurisdictions: countries by ISO 3166-1, from the table that the time zone data bring."""

from functools import cache
from importlib.resources import files


@cache
def names() -> dict[str, str]:
    """English names by two-letter code."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: name for code, _tab, name in rows}


def codes() -> frozenset[str]:
    """Every two-letter code."""
    return frozenset(names())
