"""The worked examples in docs/due-dates.md are computed row by row."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from _pytest.mark.structures import ParameterSet
from pytest_django import Settings

from lms.core import clock
from lms.core.months import last_day_of_term
from lms.core.working_days import plain_week
from lms.duties.days import OPEN, Days
from lms.duties.due_rules import Counting, CountsFrom, Due, Events
from lms.duties.holding import Achieved
from lms.duties.reach import Rule, Seat, Tree, by_requirement, claims
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.spans import Obligation, PersonFacts, obligations
from lms.duties.targets import Target
from lms.duties.year_days import YearDay

_PAGE = Path(__file__).parents[2] / "docs" / "due-dates.md"
_COURSE, _NAMED = 1, {"A": 2, "B": 3}
_WAY_BACK = date(2020, 1, 1)
_TREE: Tree = {(1, 1): [Days(_WAY_BACK)]}
_RULE = Rule(1, 1, Target.any_of([_COURSE]), Days(_WAY_BACK), unit=1, due_days=30)
_WORDS = {
    "appointment": CountsFrom.APPOINTMENT,
    "new post": CountsFrom.TRANSFER,
    "rule start": CountsFrom.RULE,
    "first sign-in": CountsFrom.SIGN_IN,
    "result": CountsFrom.RESULT,
    "day of the year": CountsFrom.YEAR_DAY,
}


def rows(heading: str) -> list[ParameterSet]:
    """The rows of the first table below a heading, by the names of their columns."""
    part = _PAGE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [[cell.strip() for cell in line[1:-1].split("|")] for line in part.splitlines() if line[:1] == "|"]
    found = [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]
    return [pytest.param(row, id=row["case"]) for row in found]


def _day(text: str) -> date:
    return date.fromisoformat(text) if text else OPEN


def _number(text: str) -> int | None:
    return int(text) if text else None


def _leaves(text: str) -> list[Days]:
    return [Days(*map(_day, text.split()))] if text else []


def _events(row: dict[str, str]) -> Events:
    happens = _day(row["happens on"])
    return Events(happens, {_NAMED["A"]: happens})


@pytest.mark.parametrize("row", rows("When something is first due"))
def test_when_something_is_first_due(row: dict[str, str]) -> None:
    words, _in, _working = row["counted from"].partition(" in working days")
    kind = next(word for word in _WORDS if words.startswith(word))
    value = words.removeprefix(kind).strip()
    due = Due(
        _WORDS[kind],
        in_working_days=bool(_in),
        after=_NAMED["A"] if kind == "result" else None,
        least_days=_number(row["least"]) or 0,
        each_year=YearDay.parse(value) if kind == "day of the year" else None,
    )
    since = _day(row["since"])
    count = Counting(
        due,
        _number(row["days"]) or 0,
        began=_day(value) if kind == "rule start" else since,
        pauses=_leaves(row["long leave"]),
        events=_events(row),
        calendar=plain_week(range(5)) if _in else None,
    )
    assert count.due_on(since) == _day(row["due"].replace("open", ""))


def _obligation(rules: list[Rule], facts: PersonFacts, window: int = 60) -> Obligation:
    made = claims(1, facts.seats, by_requirement(rules), _TREE, facts.pauses)
    return obligations(facts, made, opens_days_before=window)[0]


def _seated(since: date, achieved: list[Achieved] | None = None) -> PersonFacts:
    return PersonFacts(1, [Seat(1, 1, 1, frozenset(), Days(since))], achieved or [])


@pytest.mark.parametrize("row", rows("When a rule changes"))
def test_when_a_rule_changes(row: dict[str, str]) -> None:
    changed = _day(row["changed on"])
    old = replace(_RULE, days=Days(_WAY_BACK, changed), due_days=int(row["days before"]))
    new = replace(_RULE, version=2, days=Days(changed), due_days=int(row["days after"]))
    standing = _obligation([old, new], _seated(_day(row["since"]))).standing(changed)
    assert standing is not None
    assert standing.due_on == _day(row["due"])


@pytest.mark.parametrize("row", rows("For how long a result counts"))
def test_for_how_long_a_result_counts(row: dict[str, str]) -> None:
    rule = replace(_RULE, counts_months=_number(row["months"]), renewal=_renewal(row))
    obligation = _obligation([rule], _seated(_WAY_BACK, list(_achieved(row))))
    counted = obligation.counted(obligation.claims[0])
    last = max((item.last for item in counted), default=None)
    assert str(last or "nothing") == row["counts until"]


def _renewal(row: dict[str, str]) -> Renewal:
    has_refreshers = any(name in row["completed"] for name in _NAMED)
    is_fixed = row["basis"] not in {basis.value for basis in ExpiryBasis}
    return Renewal(
        ExpiryBasis.YEAR_DAY if is_fixed else ExpiryBasis(row["basis"]),
        YearDay.parse(row["basis"]) if is_fixed else None,
        _number(row["least"]) or 0,
        int(row["window"]),
        RenewalAsks.REFRESHER if has_refreshers else RenewalAsks.WHOLE,
        tuple(_NAMED.values()) if has_refreshers else (),
    )


def _achieved(row: dict[str, str]) -> Iterator[Achieved]:
    for number, text in enumerate(row["completed"].split(","), start=1):
        *name, day = text.split()
        on, holds = _day(day), _number(row["course"])
        until = last_day_of_term(on, holds) if holds else OPEN
        yield Achieved(_NAMED[name[0]] if name else _COURSE, Days(on), until, result=number)


def test_a_changed_rule_takes_no_days_from_whoever_is_in_date() -> None:
    changed = date(2027, 1, 1)
    old = replace(_RULE, days=Days(_WAY_BACK, changed), counts_months=24)
    new = replace(_RULE, version=2, days=Days(changed), counts_months=12)
    in_date = [Achieved(_COURSE, Days(date(2025, 6, 1)))]
    standing = _obligation([old, new], _seated(_WAY_BACK, in_date)).standing(date(2027, 5, 31))
    assert standing is not None
    assert (standing.state, standing.due_on) == ("in_date", date(2027, 5, 31))
    # What is achieved after the change counts by it, and what had run out before it does not come back.
    later = [Achieved(_COURSE, Days(date(2027, 2, 1)))]
    assert _last([old, new], later) == date(2028, 1, 31)
    long_ago = [Achieved(_COURSE, Days(date(2024, 1, 1)))]
    assert _last([old, new], long_ago) < changed
    # A longer rule counts what stands for longer.
    assert _last([replace(old, counts_months=12), replace(new, counts_months=24)], in_date) == date(2027, 5, 31)


def _last(rules: list[Rule], achieved: list[Achieved]) -> date:
    obligation = _obligation(rules, _seated(_WAY_BACK, achieved))
    return max(item.last for item in obligation.counted(obligation.claims[-1]))


def test_a_refresher_counts_no_longer_than_the_result_behind_it_stands() -> None:
    rule = replace(
        _RULE, counts_months=12, renewal=Renewal(asks=RenewalAsks.REFRESHER, refreshers=tuple(_NAMED.values()))
    )
    fraud = date(2027, 8, 1)
    whole = Achieved(_COURSE, Days(date(2026, 3, 10), fraud), result=1)
    refresher = Achieved(_NAMED["A"], Days(date(2027, 2, 1)), result=2)
    obligation = _obligation([rule], _seated(_WAY_BACK, [whole, refresher]))
    assert max(item.last for item in obligation.counted(obligation.claims[0])) == date(2027, 7, 31)
    assert obligation.asks(obligation.claims[0], date(2026, 1, 1)) == {_COURSE}
    assert obligation.asks(obligation.claims[0], date(2026, 12, 1)) == {_NAMED["A"]}
    assert obligation.asks(obligation.claims[0], date(2027, 3, 1)) == {_NAMED["B"]}


@pytest.mark.parametrize(
    ("moment", "due"), [("2026-03-28T22:59", date(2026, 3, 30)), ("2026-03-28T23:01", date(2026, 3, 31))]
)
def test_daylight_saving_moves_no_day(moment: str, due: date, settings: Settings) -> None:
    """In Berlin the clock goes forward in the night to 29 March 2026; there 23:00 UTC is midnight before, not after."""
    settings.TIME_ZONE = "Europe/Berlin"
    signed_in = clock.day_of(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC")))
    count = Counting(Due(CountsFrom.SIGN_IN), 2, began=_WAY_BACK, events=Events(signed_in))
    assert count.due_on(_WAY_BACK) == due
