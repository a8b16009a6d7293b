"""For how long a rule counts what somebody has achieved, and what renews it. Pure: results in, last good days out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.core.months import last_day_of_term
from lms.duties.days import OPEN, Days
from lms.duties.due_dates import last_good_day
from lms.duties.reach import Claim, Rule
from lms.duties.renewals import ExpiryBasis
from lms.duties.targets import Target

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Achieved:
    """A result: the course, the days from competence to an early end, and the course's own last good day.

    Or a document that somebody put their name to. `gaps` (merged) are days on which it did not count, because what
    changed was not read in time.
    """

    course: int
    days: Days
    holds_until: date = OPEN
    is_recognised: bool = False
    result: int = 0
    document: int | None = None
    gaps: tuple[Days, ...] = ()

    @property
    def last_good(self) -> date:
        """The last good day by the course itself."""
        return last_good_day(self.holds_until, self.days.until)

    def is_unread_on(self, day: date) -> bool:
        """Whether something changed that is not read by then."""
        return any(day in gap for gap in self.gaps)

    def does(self, target: Target) -> bool:
        """Whether it is what a target asks for."""
        return self.document == target.document if self.document is not None else self.course in target.courses


@dataclass(frozen=True, slots=True)
class Good:
    """A stretch in which a result counts, by its first and its last good day. `is_cut`: a change ends it."""

    achieved: Achieved
    start: date
    last: date
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A result that a rule counts, and the last day on which it does."""

    achieved: Achieved
    last: date
    is_refresher: bool = False

    @property
    def start(self) -> date:
        """The first day."""
        return self.achieved.days.start

    def good(self) -> Iterator[Good]:
        """The stretches in which it counts: one, or several with days between them on which a change was not read."""
        start = self.start
        for gap in self.achieved.gaps:
            if gap.start > self.last:
                break
            yield Good(self.achieved, start, gap.start - _ONE_DAY, is_cut=True)
            start = gap.until
        if start <= self.last and start != OPEN:
            yield Good(self.achieved, start, self.last)


def counted_by(claim: Claim, achieved: Iterable[Achieved], *, opens_days: int) -> list[Counted]:
    """What a rule counts of somebody's results, in their order. `opens_days`: the usual renewal window.

    Whatever an earlier version of the rule counted on the day it was changed counts for as long as it did:
    nobody in date loses days by a change alone.
    """
    ordered = sorted(achieved, key=lambda result: (result.days.start, result.result))
    return _counted(claim, ordered, opens_days)


def turn(rule: Rule, counted: Iterable[Counted]) -> int | None:
    """The refresher (its course) whose turn it is after these results; None where the rule has none."""
    refreshers = rule.renewal.refreshers
    if not refreshers:
        return None
    return refreshers[sum(item.is_refresher for item in counted) % len(refreshers)]


def opens_days_of(rule: Rule, usual: int) -> int:
    """How many days before its end a result can be renewed by the rule."""
    return usual if rule.renewal.opens_days is None else rule.renewal.opens_days


def _counted(claim: Claim, ordered: Sequence[Achieved], opens_days: int) -> list[Counted]:
    kept = {} if claim.before is None else dict(_kept(claim, _counted(claim.before, ordered, opens_days)))
    counting = _Counting(claim.rule, opens_days_of(claim.rule, opens_days))
    return list(counting.all_of(ordered, kept))


def _kept(claim: Claim, before: Iterable[Counted]) -> Iterator[tuple[Achieved, Counted]]:
    """What was in date by the earlier version when this one came."""
    return ((item.achieved, item) for item in before if item.start < claim.days.start <= item.last)


class _Counting:
    """One rule going through results in their order."""

    def __init__(self, rule: Rule, opens_days: int) -> None:
        self._rule, self._opens = rule, timedelta(days=opens_days)
        self._found: list[Counted] = []

    def all_of(self, ordered: Iterable[Achieved], kept: dict[Achieved, Counted]) -> list[Counted]:
        """The results that count, each for at least as long as it is kept for."""
        for result in ordered:
            own, was = self._own(result), kept.get(result)
            if own is not None or was is not None:
                last = max(item.last for item in (own, was) if item is not None)
                self._found.append(Counted(result, last, not result.does(self._rule.target)))
        return self._found

    def _own(self, result: Achieved) -> Counted | None:
        if result.does(self._rule.target):
            return Counted(result, self._last(result))
        if not self._is_renewal(result):
            return None
        return Counted(result, min(self._last(result), self._stands_until(result.days.start)))

    def _is_renewal(self, result: Achieved) -> bool:
        """Whether it is the refresher whose turn it is, of something that stands, and not before its window."""
        if not self._found or result.course != turn(self._rule, self._found):
            return False
        start = result.days.start
        return self._stands_until(start) >= start >= _minus(self._previous(), self._opens)

    def _stands_until(self, day: date) -> date:
        """A refresher counts only while a whole result behind it has not been ended, however long ago it ran out."""
        whole = (item.achieved.days for item in self._found if not item.is_refresher and item.start <= day)
        return max((days.until if days.until == OPEN else days.until - _ONE_DAY for days in whole), default=date.min)

    def _previous(self) -> date:
        return max(item.last for item in self._found)

    def _last(self, result: Achieved) -> date:
        return min(self._last_by_rule(result.days.start), result.last_good)

    def _last_by_rule(self, start: date) -> date:
        """The last good day of what is achieved on a day, whatever the course says."""
        rule = self._rule
        if rule.renewal.each_year is not None:
            return rule.renewal.each_year.first_from(max(start, last_day_of_term(start, rule.renewal.least_months)))
        if rule.counts_months is None:
            return OPEN
        if rule.renewal.basis == ExpiryBasis.PREVIOUS and self._found:
            previous = self._previous()
            if previous != OPEN and previous - self._opens <= start <= previous:
                return last_day_of_term(previous + _ONE_DAY, rule.counts_months)
        return last_day_of_term(start, rule.counts_months)


def _minus(day: date, span: timedelta) -> date:
    return day if day == OPEN else day - span
