"""Whom a rule reaches, through which posts and since when. Pure: facts in, claims out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TypeAlias

from lms.duties.days import Days, merged
from lms.duties.due_dates import due_after_change, due_day
from lms.duties.targets import Target

# When `unit` stood in the subtree of `ancestor`: (ancestor, unit) → stretches of days. A unit stands in its own.
Tree: TypeAlias = Mapping[tuple[int, int], Sequence[Days]]


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a post for some days."""

    post: int
    unit: int
    category: int
    tags: frozenset[int]
    days: Days


@dataclass(frozen=True, slots=True)
class Rule:
    """A version of a requirement. Empty categories, tags or people ask for nothing."""

    version: int
    requirement: int
    target: Target
    days: Days
    unit: int
    due_days: int
    categories: frozenset[int] = frozenset()
    tags: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    appointed_within_days: int | None = None
    counts_months: int | None = None

    def asks_for(self, category: int, tags: frozenset[int]) -> bool:
        """Whether it asks for posts of this category with these tags."""
        return (not self.categories or category in self.categories) and (
            not self.tags or not self.tags.isdisjoint(tags)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A post through which a rule reaches somebody, and when."""

    post: int
    unit: int
    category: int
    days: Days


@dataclass(frozen=True, slots=True)
class Claim:
    """What one rule asks of one person for some days: its target by `due_on`, in the first place.

    `since` is the day from which the days are counted: the later of appointment and the start of the rule, and
    `is_from_rule` says which of them it was.
    """

    rule: Rule
    days: Days
    since: date
    is_from_rule: bool
    due_on: date
    places: tuple[Place, ...]


def by_requirement(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Rules in groups that follow each other: the versions of one requirement that ask for the same target."""
    ordered = sorted(rules, key=lambda rule: (rule.requirement, rule.target.key, rule.days.start))
    return [list(group) for _key, group in groupby(ordered, key=lambda rule: (rule.requirement, rule.target))]


def claims(
    person: int, seats: Sequence[Seat], groups: Iterable[Sequence[Rule]], tree: Tree, pauses: Sequence[Days]
) -> list[Claim]:
    """All that the rules ask of somebody in these seats, at any time."""
    return [claim for group in groups for claim in _claims_of_group(person, seats, group, tree, pauses)]


def _claims_of_group(
    person: int, seats: Sequence[Seat], group: Sequence[Rule], tree: Tree, pauses: Sequence[Days]
) -> list[Claim]:
    made: list[Claim] = []
    for rule in group:
        places = _places(rule, seats, tree) if not rule.people or person in rule.people else []
        for holding in _holdings(rule, places):
            days = holding.overlap(rule.days)
            if days is not None:
                first = Claim(
                    rule=rule,
                    days=days,
                    since=days.start,
                    is_from_rule=holding.start < days.start,
                    due_on=due_day(days.start, rule.due_days, pauses),
                    places=_within(days, places),
                )
                made.append(_continued(first, made[-1] if made else None, pauses))
    return made


def _places(rule: Rule, seats: Sequence[Seat], tree: Tree) -> list[Place]:
    """Where and when a person sits in a post for which the rule asks, whether or not the rule was there yet."""
    return [
        Place(seat.post, seat.unit, seat.category, together)
        for seat in seats
        if rule.asks_for(seat.category, seat.tags)
        for below in tree.get((rule.unit, seat.unit), ())
        if (together := seat.days.overlap(below))
    ]


def _holdings(rule: Rule, places: Sequence[Place]) -> list[Days]:
    """From appointment to leaving: a move from one post that the rule reaches to the next is no new appointment."""
    holdings = merged(place.days for place in places)
    if rule.appointed_within_days is None:
        return holdings
    earliest = rule.days.start - timedelta(days=rule.appointed_within_days)
    return [days for days in holdings if days.start >= earliest]


def _within(days: Days, places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(
        Place(place.post, place.unit, place.category, together)
        for place in places
        if (together := place.days.overlap(days))
    )


def _continued(claim: Claim, before: Claim | None, pauses: Sequence[Days]) -> Claim:
    """The claim, counted from where the rule's previous version began to reach the person without a break."""
    if before is None or before.days.until < claim.days.start:
        return claim
    due = due_after_change(
        before.since, claim.rule.due_days, changed_on=claim.days.start, due_before=before.due_on, pauses=pauses
    )
    return replace(claim, since=before.since, is_from_rule=before.is_from_rule, due_on=due)
