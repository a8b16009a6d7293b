"""One person's facts turned into what they owe: on a day, and as spans of days. Pure.

All rules that ask one person for one target are one duty: an exemption beats it, then the earliest due day wins.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from lms.duties.days import OPEN, Days, merged, or_none
from lms.duties.due_dates import renewal_due_day
from lms.duties.due_rules import Events
from lms.duties.holding import Achieved, Counted, Good, counted_by, opens_days_of, turn
from lms.duties.reach import Claim, Seat
from lms.duties.targets import Target

_ONE_DAY = timedelta(days=1)


class State(StrEnum):
    """Where somebody stands with a duty. Never a word about competence."""

    IN_DATE = "in_date"
    NOT_YET_DUE = "not_yet_due"
    OVERDUE = "overdue"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Exempted:
    """Somebody need not know a course for some days."""

    course: int
    days: Days


@dataclass(frozen=True, slots=True)
class Extended:
    """Known on some days: somebody has until `due_until` for a target, and for any that asks for less."""

    target: Target
    days: Days
    due_until: date


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of one person. `pauses` are the long leaves, merged and in order.

    `signed_in_on` is the first sign-in, OPEN before it; it is read where a rule asks for it.
    """

    person: int
    seats: Sequence[Seat] = ()
    achieved: Sequence[Achieved] = ()
    signed: Sequence[Achieved] = ()
    exempted: Sequence[Exempted] = ()
    extended: Sequence[Extended] = ()
    pauses: Sequence[Days] = ()
    is_contractor: bool = False
    signed_in_on: date = OPEN

    def events(self, after: Collection[int]) -> Events:
        """What begins the days of rules, `after` being the courses whose first result does."""
        first: dict[int, date] = {}
        for result in self.achieved if after else ():
            if result.course in after:
                first[result.course] = min(result.days.start, first.get(result.course, OPEN))
        return Events(self.signed_in_on, first)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands with a target on a day.

    `due_on` is the last good day: to do it for the first time, or to renew it; OPEN where there is none.
    `claim` is the rule's demand that decides. The day is that of the claim, unless `run_out` is what was to be renewed
    by then, or `extended` gives more time than either. `unread` is a result that reading what changed would keep, or
    bring back, in date.
    """

    state: State
    due_on: date
    claim: Claim
    achieved: Achieved | None = None
    is_paused: bool = False
    run_out: Achieved | None = None
    extended: Extended | None = None
    unread: Achieved | None = None

    @property
    def is_recognised(self) -> bool:
        """Whether it is in date by recognition of something learnt elsewhere."""
        return self.achieved is not None and self.achieved.is_recognised


@dataclass(frozen=True, slots=True)
class DutySpan:
    """Days on which nothing changes between a person in a post and a target. `until_day` None: no end in sight."""

    person: int
    post: int
    unit: int
    category: int
    target: Target
    state: State
    from_day: date
    until_day: date | None
    is_paused: bool = False
    is_recognised: bool = False


@dataclass(slots=True)
class Obligation:
    """All that rules ask of one person for one target, at any time."""

    facts: PersonFacts
    target: Target
    opens_days_before: int
    claims: list[Claim] = field(default_factory=list)
    _counted: dict[int, list[Counted]] = field(default_factory=dict)

    def counted(self, claim: Claim) -> list[Counted]:
        """The person's results that count for a claim, in their order, each with its last good day by that rule."""
        found = self._counted.get(id(claim))
        if found is None:
            done = self.facts.achieved if self.target.document is None else self.facts.signed
            found = counted_by(claim, done, opens_days=self.opens_days_before)
            self._counted[id(claim)] = found
        return found

    def asks(self, claim: Claim, day: date) -> frozenset[int]:
        """The courses of which any one would do next: the target's, or after a first result the refresher in turn."""
        known = [item for item in self.counted(claim) if item.start <= day]
        refresher = turn(claim.rule, known) if known else None
        return self.target.courses if refresher is None else frozenset({refresher})

    def opens_days(self, claim: Claim) -> int:
        """How many days before its end a result can be renewed."""
        return opens_days_of(claim.rule, self.opens_days_before)

    @property
    def extended(self) -> list[Extended]:
        """What gives the person more time for it."""
        return [item for item in self.facts.extended if self.target.covers(item.target)]

    def standing(self, day: date) -> Standing | None:
        """Where the person stands on `day`; None when no rule asks."""
        asking = self.standings(day)
        if asking and self._is_exempt(day):
            return Standing(State.EXEMPT, OPEN, asking[0].claim, is_paused=self._is_paused(day))
        return min(asking, key=_urgency, default=None)

    def standings(self, day: date) -> list[Standing]:
        """Where the person would stand on `day` by each rule alone, if there were no exemption."""
        return [self._standing_by(claim, day) for claim in self.claims if day in claim.days]

    def spans(self) -> list[DutySpan]:
        """The whole story, per post: spans that do not overlap and are as long as can be."""
        return [span for place in self._places() for span in _joined(self._pieces(*place))]

    def _standing_by(self, claim: Claim, day: date) -> Standing:
        known = [piece for item in self.counted(claim) for piece in item.good() if piece.start <= day]
        good = [item for item in known if item.last >= day]
        paused = self._is_paused(day)
        if good:
            best = max(good, key=lambda item: item.last)
            unread = best.achieved if best.is_cut else None
            return Standing(State.IN_DATE, best.last, claim, best.achieved, paused, unread=unread)
        due, run_out = self._or_renewal(claim, known)
        extended = self._more_time(day, due)
        due = extended.due_until if extended else due
        state = State.OVERDUE if day > due else State.NOT_YET_DUE
        return Standing(state, due, claim, None, paused, run_out, extended, self._unread(claim, day))

    def _unread(self, claim: Claim, day: date) -> Achieved | None:
        """The result that holds longest of those that would be in date, had what changed been read."""
        lapsed = [item for item in self.counted(claim) if item.achieved.is_unread_on(day) and item.last >= day]
        newest = max(lapsed, key=lambda item: item.last, default=None)
        return newest.achieved if newest else None

    def _or_renewal(self, claim: Claim, known: Iterable[Good]) -> tuple[date, Achieved | None]:
        """The later of a claim's day and that by which the newest of what has run out was to be renewed, if any has."""
        newest = max(known, key=lambda item: item.last, default=None)
        renewal = claim.due_on if newest is None else self._renewal_due(claim, newest.last)
        return (renewal, newest.achieved) if newest and renewal > claim.due_on else (claim.due_on, None)

    def _renewal_due(self, claim: Claim, last: date) -> date:
        return renewal_due_day(last, self.facts.pauses, opens_days_before=self.opens_days(claim))

    def _more_time(self, day: date, due: date) -> Extended | None:
        """What gives, as known on a day, the most time beyond a due day."""
        more = [item for item in self.extended if day in item.days and item.due_until > due]
        return max(more, key=lambda item: item.due_until, default=None)

    def _is_exempt(self, day: date) -> bool:
        exempt = {item.course for item in self.facts.exempted if day in item.days}
        return self.target.document is None and self.target.courses <= exempt

    def _is_paused(self, day: date) -> bool:
        return any(day in pause for pause in self.facts.pauses)

    def _places(self) -> list[tuple[int, int, int, list[Days]]]:
        reached: dict[tuple[int, int, int], list[Days]] = {}
        for claim in self.claims:
            for place in claim.places:
                reached.setdefault((place.post, place.unit, place.category), []).append(place.days)
        return [(*place, merged(days)) for place, days in reached.items()]

    def _pieces(self, post: int, unit: int, category: int, reached: Sequence[Days]) -> Iterator[DutySpan]:
        """Spans between all days on which anything may change."""
        for days in reached:
            turns = sorted({days.start, days.until, *(day for day in self._turns() if day in days)})
            for start, until in pairwise(turns):
                standing = self.standing(start)
                if standing is not None:
                    yield DutySpan(
                        person=self.facts.person,
                        post=post,
                        unit=unit,
                        category=category,
                        target=self.target,
                        state=standing.state,
                        from_day=start,
                        until_day=or_none(until),
                        is_paused=standing.is_paused,
                        is_recognised=standing.is_recognised,
                    )

    def _turns(self) -> set[date]:
        stretches = [claim.days for claim in self.claims] + [item.days for item in self.facts.exempted]
        stretches += [item.days for item in self.extended] + list(self.facts.pauses)
        last_days = {claim.due_on for claim in self.claims} | {item.due_until for item in self.extended}
        for claim in self.claims:
            for item in self.counted(claim):
                stretches.append(item.achieved.days)
                for piece in item.good():
                    stretches.append(Days(piece.start))
                    last_days.add(piece.last)
                    if piece.last != OPEN:
                        last_days.add(self._renewal_due(claim, piece.last))
        turns = {day for days in stretches for day in (days.start, days.until)}
        return turns | {day + _ONE_DAY for day in last_days if day != OPEN}


def obligations(facts: PersonFacts, claims: Iterable[Claim], *, opens_days_before: int) -> list[Obligation]:
    """One per target, from all that rules ask of the person."""
    by_target: dict[Target, Obligation] = {}
    for claim in claims:
        target = claim.rule.target
        obligation = by_target.setdefault(target, Obligation(facts, target, opens_days_before))
        obligation.claims.append(claim)
    return list(by_target.values())


def _urgency(standing: Standing) -> tuple[bool, date]:
    return standing.state == State.IN_DATE, standing.due_on


def _joined(pieces: Iterable[DutySpan]) -> list[DutySpan]:
    joined: list[DutySpan] = []
    for piece in pieces:
        if joined and joined[-1].until_day == piece.from_day and _same(joined[-1], piece):
            joined[-1] = replace(joined[-1], until_day=piece.until_day)
        else:
            joined.append(piece)
    return joined


def _same(one: DutySpan, other: DutySpan) -> bool:
    return (one.state, one.is_paused, one.is_recognised) == (other.state, other.is_paused, other.is_recognised)
