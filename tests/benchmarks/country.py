"""A synthetic country from a seed: units in five levels, people who come, move, go on leave and learn for five years.

Loaded bare, past the steps, because it is the ground of a measurement and not the thing measured. On a database of
its own: `python -m tests.benchmarks.make_country 13000` after `manage.py migrate`.
"""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from courses.models import Course, Result
from lms.core.months import last_day_of_term
from lms.duties import requiring
from lms.organisation import ancestry, posts
from lms.organisation.models import Leave, OrgUnit, Person, Post, PostHolding, UnitPlacement
from tests.duties.making import BY, make_course

_FIRST, _LAST = date(2021, 7, 1), date(2026, 6, 30)
_DAYS = (_LAST - _FIRST).days
_KNOWN = datetime(2026, 7, 1, tzinfo=UTC)
_RULE = "the country is made"
_PEOPLE_TO_A_UNIT = 260
_YEARS = 5
_FACT: dict[str, Any] = {
    "by_rule": _RULE, "known_from": _KNOWN, "closed_by_rule": "", "superseded_by_rule": "", "reason": "",
    "end_reason": "",
}  # fmt: skip


@dataclass(frozen=True)
class Country:
    """What was made: the whole, a district in it, and how many of everything."""

    root: int
    district: int
    people: int
    units: int
    holdings: int
    results: int


def make(people: int, seed: int = 20260701) -> Country:
    """Make a country of so many people in an empty, migrated database. The same seed makes the same country."""
    dice = random.Random(seed)
    units = max(people // _PEOPLE_TO_A_UNIT, 12)
    parents = _tree(units)
    kinds = ["organisation", "region", "district", "office", "section"]
    _load(OrgUnit, ("id", "uuid", "code", "kind"),
          ((u, _uuid(dice), f"U{u}", kinds[_depth(u, parents)]) for u in parents))  # fmt: skip
    _load_facts(UnitPlacement, ("unit_id", "parent_id", "name", "valid_from", "valid_until"),
                _placements(parents, dice))  # fmt: skip
    ancestry.rebuild()
    categories = [posts.category(f"C{n}", name=f"Category {n}") for n in range(5)]
    below = [u for u in parents if _depth(u, parents) >= 3]
    seats = int(people * 1.08)
    of_post = {post: (dice.choice(below), dice.choice(categories).pk) for post in range(1, seats + 1)}
    _load(Post, ("id", "uuid", "code", "title", "unit_id", "category_id", "opened_on"),
          ((p, _uuid(dice), f"P{p}", "", u, c, date(2015, 1, 1)) for p, (u, c) in of_post.items()))  # fmt: skip
    _load(Person, ("id", "uuid", "given_names", "surname", "kind", "email"),
          ((n, _uuid(dice), f"G{n}", f"S{n}", "contractor" if n % 50 == 0 else "employee", "")
           for n in range(1, people + 1)))  # fmt: skip
    holdings = list(_holdings(people, seats, dice))
    _load_facts(PostHolding, ("person_id", "post_id", "kind", "valid_from", "valid_until"), holdings)
    _load_facts(Leave, ("person_id", "valid_from", "valid_until"), _leaves(people, dice))
    courses = [make_course(f"N{n}", holds_months=24 if n else None) for n in range(6)]
    root = OrgUnit.objects.get(pk=1)
    for number, course in enumerate(courses):
        audience = requiring.Audience(root, categories[: 5 - number // 2])
        terms = requiring.Terms([course], 60)
        requiring.require(course.code, audience=audience, terms=terms, by=BY, from_day=date(2021, 7, 1))
    results = _results(people, {course.pk: course for course in courses}, dice)
    assert Course.objects.count() == len(courses)
    district = next(u for u in parents if _depth(u, parents) == 2)
    return Country(1, district, people, units, len(holdings), results)


def _tree(units: int) -> dict[int, int | None]:
    """Unit → parent: one whole, ten regions, then districts, offices and sections by shares."""
    parents: dict[int, int | None] = {1: None}
    regions = min(10, max(2, units // 12))
    districts = max(regions, units // 10)
    offices = max(districts, units // 2)
    for unit in range(2, units + 1):
        if unit <= 1 + regions:
            parents[unit] = 1
        elif unit <= 1 + regions + districts:
            parents[unit] = 2 + unit % regions
        elif unit <= 1 + regions + districts + offices:
            parents[unit] = 2 + regions + unit % districts
        else:
            parents[unit] = 2 + regions + districts + unit % offices
    return parents


def _depth(unit: int, parents: dict[int, int | None]) -> int:
    up = parents[unit]
    return 0 if up is None else 1 + _depth(up, parents)


def _placements(parents: dict[int, int | None], dice: random.Random) -> Iterator[Sequence[Any]]:
    """4 % of the units below districts move to another district, or office, once."""
    by_depth: dict[int, list[int]] = {}
    for unit in parents:
        by_depth.setdefault(_depth(unit, parents), []).append(unit)
    for unit, parent in parents.items():
        depth = _depth(unit, parents)
        if depth < 3 or dice.random() > 0.04:
            yield unit, parent, f"Unit {unit}", date(2015, 1, 1), None
        else:
            day = _day(dice)
            yield unit, parent, f"Unit {unit}", date(2015, 1, 1), day
            yield unit, dice.choice(by_depth[depth - 1]), f"Unit {unit}", day, None


def _holdings(people: int, seats: int, dice: random.Random) -> Iterator[Sequence[Any]]:
    """A tenth moves each year into an empty post, a twentieth joins; one in a hundred acts in a second post."""
    empty = [(post, _FIRST) for post in range(people + 1, seats + 1)]
    for person in range(1, people + 1):
        start = _day(dice) if dice.random() < 0.05 * _YEARS else date(2016, 1, 1)
        post = person
        while dice.random() < 0.1 * _YEARS / 1.3:
            day, place = _day(dice), dice.randrange(len(empty))
            to, free_from = empty[place]
            if day <= start or day < free_from:
                continue
            yield person, post, "substantive", start, day
            # Whoever moves leaves a post to somebody who moves later.
            empty[place], post, start = (post, day), to, day
        yield person, post, "substantive", start, None
        if person % 100 == 0:
            yield person, 1 + (person * 7) % people, "acting", date(2025, 1, 1), date(2026, 3, 1)


def _leaves(people: int, dice: random.Random) -> Iterator[Sequence[Any]]:
    for person in range(1, people + 1):
        if dice.random() < 0.1:
            day = _day(dice)
            yield person, day, day + timedelta(days=dice.randrange(40, 200))


def _results(people: int, courses: dict[int, Any], dice: random.Random) -> int:
    """Most learn within two months and again before it runs out; some late, some never."""
    made = 0

    def rows() -> Iterator[Sequence[Any]]:
        nonlocal made
        for person in range(1, people + 1):
            for course in courses.values():
                day = _FIRST + timedelta(days=dice.randrange(10, 150))
                while day <= _LAST and dice.random() < 0.93:
                    made += 1
                    months = course.current_months
                    until = None if months is None else last_day_of_term(day, months)
                    yield person, course.version_id, "imported", day, until, _uuid(dice)
                    if until is None:
                        break
                    day = until + timedelta(days=dice.randrange(-80, 30))

    for course in courses.values():
        version = course.current
        course.current_months, course.version_id = version.holds_months, version.pk
    _load_facts(Result, ("person_id", "course_version_id", "source", "valid_from", "holds_until", "uuid"), rows())
    return made


def _day(dice: random.Random) -> date:
    return _FIRST + timedelta(days=dice.randrange(1, _DAYS))


def _uuid(dice: random.Random) -> str:
    return uuid.UUID(int=dice.getrandbits(128), version=4).hex


def _load_facts(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    fixed = tuple(_FACT.values())
    has_closed = columns.index("valid_until") if "valid_until" in columns else None
    names = (*columns, *_FACT, *(("closed_at",) if has_closed is not None else ()))

    def full() -> Iterator[Sequence[Any]]:
        for row in rows:
            closed = () if has_closed is None else (_KNOWN if row[has_closed] else None,)
            yield (*row, *fixed, *closed)

    _load(model, names, full())


def _load(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY on PostgreSQL, `executemany` elsewhere."""
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as to:
                for row in rows:
                    to.write_row(row)
            if "id" in columns:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
            cursor.execute(f"ANALYZE {table}")
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row) for row in rows])
