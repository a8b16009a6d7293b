"""Why a duty is as it is, out of the very objects that decide it: what moved its day, and what comes. Pure.

Nothing is worked out a second time: a page that is told from this says the same as every list and figure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from lms.duties.days import OPEN, Days, or_none
from lms.duties.reach import Claim, Place
from lms.duties.spans import Exempted, Extended, Obligation, Standing

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """A long leave that stopped the clock of a claim: the day is `added` days later.

    None while nobody knows how many, and where working days are counted: the leave had days off in it.
    """

    days: Days
    added: int | None


@dataclass(frozen=True, slots=True)
class Demand:
    """What one rule asks, where the person would stand by it alone, and what moved its day."""

    claim: Claim
    standing: Standing
    is_deciding: bool
    stops: Sequence[Stop]
    places: Sequence[Place]
    moved_on: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Turn:
    """From a day on the person stands elsewhere, if nothing is done; nowhere (None) where nothing is asked then."""

    from_day: date
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Explained:
    """All that decides where somebody stands with a target on a day."""

    day: date
    obligation: Obligation
    standing: Standing
    demands: Sequence[Demand]
    exempted: Sequence[Exempted]
    extended: Sequence[Extended]
    turns: Sequence[Turn]


def explain(obligation: Obligation, day: date) -> Explained | None:
    """Why somebody stands where they stand on a day; None when no rule asks."""
    standing = obligation.standing(day)
    if standing is None:
        return None
    alone = obligation.standings(day)
    return Explained(
        day=day,
        obligation=obligation,
        standing=standing,
        demands=[_demand(obligation, one, day, is_deciding=one.claim is standing.claim) for one in alone],
        exempted=[item for item in obligation.facts.exempted if item.course in obligation.target.courses],
        extended=obligation.extended,
        turns=list(_turns(obligation, day)),
    )


def stops(claim: Claim, pauses: Sequence[Days]) -> list[Stop]:
    """The leaves that made the day of a claim later, each by how many days."""
    if claim.since == OPEN:
        return []
    counted = Days(claim.since + _ONE_DAY, OPEN if claim.due_on == OPEN else claim.due_on + _ONE_DAY)
    met = [(pause, pause.overlap(counted)) for pause in pauses]
    is_plain = not claim.rule.due.in_working_days
    return [Stop(pause, _length(together) if is_plain else None) for pause, together in met if together is not None]


def paused(obligation: Obligation, day: date) -> tuple[Standing, list[Stop]] | None:
    """Where somebody stands and which leaves moved or hold the day; None where no leave has to do with it."""
    told = explain(obligation, day)
    deciding = next((demand for demand in told.demands if demand.is_deciding), None) if told else None
    if told is None or deciding is None or not deciding.stops:
        return None
    return told.standing, list(deciding.stops)


def _demand(obligation: Obligation, standing: Standing, day: date, *, is_deciding: bool) -> Demand:
    claim = standing.claim
    return Demand(
        claim=claim,
        standing=standing,
        is_deciding=is_deciding,
        stops=stops(claim, obligation.facts.pauses),
        places=[place for place in claim.places if day in place.days],
        moved_on=_moved_on(claim, day),
    )


def _moved_on(claim: Claim, day: date) -> list[Place]:
    """Posts that the rule reaches and that were taken up after it began to ask: no new appointment."""
    if claim.rule.counts_each_post:
        return []
    return [place for place in claim.places if claim.start < place.days.start <= day]


def _turns(obligation: Obligation, day: date) -> Iterator[Turn]:
    """What is different later, if nothing is done: where a stored span ends, too."""
    spans = obligation.spans()
    ends = {span.from_day for span in spans} | {span.until_day for span in spans if span.until_day is not None}
    days = [day, *sorted(end for end in ends if end > day)]
    for before, after in pairwise(days):
        was, becomes = obligation.standing(before), obligation.standing(after)
        if _seen(was) != _seen(becomes):
            yield Turn(after, becomes)


def _seen(standing: Standing | None) -> tuple[object, ...]:
    return () if standing is None else (standing.state, standing.is_paused)


def _length(days: Days) -> int | None:
    return None if or_none(days.until) is None else (days.until - days.start).days
