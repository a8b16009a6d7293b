"""Codes of jurisdictions: countries by ISO 3166-1, from the table that the time zone data bring."""

from functools import cache
from importlib.resources import files


@cache
def codes() -> frozenset[str]:
    """Every two-letter code."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if line and not line.startswith("#"))
