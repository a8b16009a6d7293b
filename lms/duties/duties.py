"""What people owe on a day: the question that every page asks. Three queries for any number of people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from courses.models import Course
from lms.core import clock
from lms.duties import facts
from lms.duties.days import OPEN, or_none
from lms.duties.due_rules import CountsFrom
from lms.duties.holding import Achieved
from lms.duties.reach import Place
from lms.duties.rules import Rulebook, Words
from lms.duties.spans import Obligation, Standing, State
from lms.duties.targets import Target
from lms.organisation.models import Person


class Begins(StrEnum):
    """The event from which the days of a duty are counted."""

    APPOINTMENT = "appointment"
    TRANSFER = "transfer"
    RULE = "rule"
    SIGN_IN = "sign_in"
    RESULT = "result"
    SAME_FOR_ALL = "same_for_all"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Duty:
    """What rules ask of a person on a day: to know any one of some courses.

    `due_on` is the last good day, to do it or to renew it; None while the clock stands still or nothing ends.
    `holds_until` is set where it is in date with an end. `why` is the rule that decides, `version` its id,
    `posts` those through which rules reach the person, `since` the day from which the days are counted, and `begins`
    what happened then; it has not happened yet where `is_waiting`, and so there is no due day yet. `asks` are the
    courses of which any one would do next: the target's, or the refresher whose turn it is. `unread` is the course
    (its id) of which reading what changed is enough.
    """

    person: int
    target: Target
    state: State
    due_on: date | None
    holds_until: date | None
    why: Words
    version: int
    posts: tuple[int, ...]
    since: date
    begins: Begins
    is_paused: bool
    is_recognised: bool
    renewal_is_open: bool
    competent_since: date | None
    is_waiting: bool = False
    asks: frozenset[int] = frozenset()
    unread: int | None = None

    @property
    def courses(self) -> frozenset[int]:
        """The courses of which any one will do (their ids)."""
        return self.target.courses

    @property
    def asks_for_something(self) -> bool:
        """Whether there is something to do: not in date, or in the days in which one may renew."""
        return self.state in {State.OVERDUE, State.NOT_YET_DUE} or self.renewal_is_open


class Record(NamedTuple):
    """What is known of a person: what they owe, and all that they have achieved, whether it was asked or not."""

    duties: list[Duty]
    achieved: Sequence[Achieved]


def record_of(person: Person, on: date) -> Record:
    """One person's duties on a day, the most urgent first, and their results, in three queries."""
    known = facts.load([person.pk], on)
    achieved = known.people[person.pk].achieved if person.pk in known.people else []
    return Record(sorted(_duties(known, person.pk, on), key=urgency), achieved)


def duties_of(person: Person, on: date, *, known_at: datetime | None = None) -> list[Duty]:
    """What one person owes on a day, the most urgent first."""
    return duties_of_people([person.pk], on, known_at=known_at).get(person.pk, [])


def are_asking(person: Person, course: Course) -> bool:
    """Whether a rule asks the person to take the course now: for the first time, to renew it, or as a refresher."""
    return any(duty.asks_for_something and course.pk in duty.asks for duty in duties_of(person, clock.today()))


def duties_of_people(
    people: facts.People, on: date, *, known_at: datetime | None = None, rulebook: Rulebook | None = None
) -> dict[int, list[Duty]]:
    """The same for many, by person; somebody who owes nothing may be missing. Rules at hand need not be read again."""
    known = facts.load(people, on, known_at=known_at, rulebook=rulebook)
    return {person: sorted(_duties(known, person, on), key=urgency) for person in known.people}


def urgency(duty: Duty) -> tuple[int, date, date]:
    """For sorting: overdue, not yet due, open to renewal, in date, exempt; the earliest first."""
    order = {State.OVERDUE: 0, State.NOT_YET_DUE: 1, State.IN_DATE: 3, State.EXEMPT: 4}
    return 2 if duty.renewal_is_open else order[duty.state], duty.due_on or date.max, duty.since


def places_on(obligation: Obligation, day: date) -> set[Place]:
    """The posts through which rules ask for it on a day."""
    return {place for claim in obligation.claims if day in claim.days for place in claim.places if day in place.days}


def _duties(known: facts.Facts, person: int, on: date) -> Iterator[Duty]:
    for obligation in known.obligations_of(person):
        standing = obligation.standing(on)
        if standing is not None:
            posts = sorted({place.post for place in places_on(obligation, on)})
            yield _duty(obligation, standing, tuple(posts), known.rulebook.words[standing.claim.rule.version], on)


def _duty(obligation: Obligation, standing: Standing, posts: tuple[int, ...], why: Words, on: date) -> Duty:
    in_date = standing.state == State.IN_DATE
    due = or_none(standing.due_on)
    opens = timedelta(days=obligation.opens_days(standing.claim))
    begins = _begins(standing)
    return Duty(
        person=obligation.facts.person,
        target=obligation.target,
        state=standing.state,
        due_on=due,
        holds_until=due if in_date else None,
        why=why,
        version=standing.claim.rule.version,
        posts=posts,
        since=standing.claim.start if standing.claim.since == OPEN else standing.claim.since,
        begins=begins,
        is_paused=standing.is_paused,
        is_recognised=standing.is_recognised,
        renewal_is_open=in_date and due is not None and on >= due - opens,
        competent_since=standing.achieved.days.start if standing.achieved else None,
        is_waiting=begins != Begins.RENEWAL and standing.claim.since == OPEN,
        asks=obligation.asks(standing.claim, on),
        unread=standing.unread.course if standing.unread else None,
    )


def _begins(standing: Standing) -> Begins:
    if standing.state == State.IN_DATE or standing.run_out is not None:
        return Begins.RENEWAL
    found = _BEGINS.get(standing.claim.rule.due.counts_from, Begins.APPOINTMENT)
    if found not in {Begins.APPOINTMENT, Begins.TRANSFER} or not standing.claim.is_from_rule:
        return found
    return Begins.RULE


_BEGINS = {
    CountsFrom.TRANSFER: Begins.TRANSFER,
    CountsFrom.RULE: Begins.SAME_FOR_ALL,
    CountsFrom.YEAR_DAY: Begins.SAME_FOR_ALL,
    CountsFrom.SIGN_IN: Begins.SIGN_IN,
    CountsFrom.RESULT: Begins.RESULT,
}
