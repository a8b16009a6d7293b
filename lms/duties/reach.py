"""Whom a rule reaches, through which posts and since when. Pure: facts in, claims out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TypeAlias

from lms.core.working_days import WorkDays
from lms.duties.days import Days, merged
from lms.duties.due_dates import due_after_change
from lms.duties.due_rules import NOTHING_YET, Counting, CountsFrom, Due, Events
from lms.duties.renewals import Renewal
from lms.duties.targets import Target

# When `unit` stood in the subtree of `ancestor`: (ancestor, unit) → stretches of days. A unit stands in its own.
Tree: TypeAlias = Mapping[tuple[int, int], Sequence[Days]]
# When people in a unit (its id) work.
CalendarOf: TypeAlias = Callable[[int], WorkDays]


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
    due: Due = Due()
    renewal: Renewal = Renewal()

    @property
    def counts_each_post(self) -> bool:
        """Whether its days begin anew with each post."""
        return self.due.counts_from == CountsFrom.TRANSFER

    def is_recent(self, start: date) -> bool:
        """Whether it asks somebody who came on a day, if it asks newcomers only."""
        within = self.appointed_within_days
        return within is None or start >= self.days.start - timedelta(days=within)

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

    `start` is the later of appointment and the start of the rule, and `is_from_rule` says which of them it was. `since`
    is the day from which the days are counted: that day, or a later one on which what they wait for happened; OPEN
    while it has not. `before` is what an earlier version of the rule asked until this one came.
    """

    rule: Rule
    days: Days
    start: date
    since: date
    is_from_rule: bool
    due_on: date
    places: tuple[Place, ...]
    before: "Claim | None" = None


def by_requirement(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Rules in groups that follow each other: the versions of one requirement that ask for the same target."""
    ordered = sorted(rules, key=lambda rule: (rule.requirement, rule.target.key, rule.days.start))
    return [list(group) for _key, group in groupby(ordered, key=lambda rule: (rule.requirement, rule.target))]


def claims(
    person: int,
    seats: Sequence[Seat],
    groups: Iterable[Sequence[Rule]],
    tree: Tree,
    pauses: Sequence[Days],
    events: Events = NOTHING_YET,
    calendars: CalendarOf | None = None,
) -> list[Claim]:
    """All that the rules ask of somebody in these seats, at any time. `calendars`: by unit, for working days."""
    asked = _Asked(person, seats, tree, pauses, events, calendars)
    return [claim for group in groups for claim in asked.by_group(group)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One person, and what decides what is asked of them."""

    person: int
    seats: Sequence[Seat]
    tree: Tree
    pauses: Sequence[Days]
    events: Events
    calendars: CalendarOf | None

    def by_group(self, group: Sequence[Rule]) -> list[Claim]:
        """What the versions of one requirement ask."""
        made: list[Claim] = []
        last: Rule | None = None
        began = date.min
        for rule in group:
            # After a break the rule begins anew.
            began = began if last is not None and last.days.until == rule.days.start else rule.days.start
            made += [self._claim(rule, began, holding, made) for holding in self._holdings(rule)]
            last = rule
        return made

    def _claim(self, rule: Rule, began: date, holding: "_Holding", made: Sequence[Claim]) -> Claim:
        """What a rule asks through a holding, counted from where its previous version began without a break."""
        days = holding.days.overlap(rule.days)
        assert days is not None
        places = _within(days, holding.places)
        count = Counting(rule.due, rule.due_days, began, self.pauses, self.events, self._calendar(rule, places))
        before = _before(rule, holding, days, made)
        if before is None:
            start, due_on, is_from_rule = days.start, count.due_on(days.start), holding.days.start < days.start
        else:
            start = max(before.start, holding.days.start) if rule.counts_each_post else before.start
            is_from_rule = before.is_from_rule and start == before.start
            due_on = due_after_change(
                from_beginning=count.due_on(start),
                from_change=count.due_on_from_change(days.start),
                due_before=before.due_on,
            )
        since = self.events.begin(rule.due, start)
        return Claim(rule, days, start, since, is_from_rule, due_on, places, before)

    def _calendar(self, rule: Rule, places: Sequence[Place]) -> WorkDays | None:
        """The calendar of the unit in which the days begin."""
        if self.calendars is None or not rule.due.in_working_days:
            return None
        return self.calendars(min(places, key=lambda place: (place.days.start, place.post)).unit)

    def _holdings(self, rule: Rule) -> list["_Holding"]:
        """Stretches of days after whose start the rule counts its days, as far as it asks on any of them."""
        places = self._places(rule) if not rule.people or self.person in rule.people else []
        if rule.counts_each_post:
            posts = sorted({place.post for place in places})
            held = [some for post in posts for some in _held([p for p in places if p.post == post])]
        else:
            held = _held(places)
        return [one for one in held if one.days.overlap(rule.days) and rule.is_recent(one.days.start)]

    def _places(self, rule: Rule) -> list[Place]:
        """Where and when a person sits in a post for which the rule asks, whether or not the rule was there yet."""
        return [
            Place(seat.post, seat.unit, seat.category, together)
            for seat in self.seats
            if rule.asks_for(seat.category, seat.tags)
            for below in self.tree.get((rule.unit, seat.unit), ())
            if (together := seat.days.overlap(below))
        ]


@dataclass(frozen=True, slots=True)
class _Holding:
    """Days from appointment to leaving: a move from one post that the rule reaches to the next is none of both."""

    days: Days
    places: Sequence[Place]


def _held(places: Sequence[Place]) -> list[_Holding]:
    return [_Holding(days, places) for days in merged(place.days for place in places)]


def _within(days: Days, places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(
        Place(place.post, place.unit, place.category, together)
        for place in places
        if (together := place.days.overlap(days))
    )


def _before(rule: Rule, holding: _Holding, days: Days, made: Iterable[Claim]) -> Claim | None:
    """What an earlier version asked up to the day on which this one begins to; where each post counts, in this post."""
    posts = {place.post for place in holding.places}
    found = [
        claim
        for claim in made
        if claim.days.until == days.start
        and not (rule.counts_each_post and posts.isdisjoint(place.post for place in claim.places))
    ]
    return min(found, key=lambda claim: (claim.due_on, claim.start), default=None)
