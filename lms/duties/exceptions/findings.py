"""What is out of the ordinary about one person's duties on a day. Pure: obligations and a few facts in, findings out."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations
from math import ceil

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lms.duties.days import OPEN
from lms.duties.reach import Claim
from lms.duties.spans import Obligation, Standing, State
from lms.duties.targets import ANYTHING, Target

_OPEN_STATES = {State.NOT_YET_DUE, State.OVERDUE}


class Kind(TextChoices):
    """Why something is an exception."""

    MORE_TIME = "more_time", _("More time asked for")
    TOO_LITTLE_TIME = "too_little_time", _("Too little time")
    UNKNOWN_DATE = "unknown_date", _("No date yet")
    HELD = "held", _("Already held")
    TWO_WAYS = "two_ways", _("Pulls two ways")
    EXEMPTION_ENDS = "exemption_ends", _("Exemption ends")


@dataclass(frozen=True, slots=True)
class Finding:
    """One exception. `told` is what its sentence says; `uuid` is of the request for more time, where it is one."""

    kind: Kind
    person: int
    target: Target
    told: tuple[object, ...] = ()
    uuid: str = ""

    @property
    def says(self) -> str:
        """What it says, in short: different once the facts are."""
        said = "|".join(str(item) for item in [self.kind.value, self.target.key, *self.told, self.uuid])
        return said if len(said) <= 250 else sha256(said.encode()).hexdigest()

    @property
    def slug(self) -> str:
        """The same for addresses."""
        return sha256(self.says.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Background:
    """What is needed beside a person's obligations.

    `posts_known` and `rules_known` say when an appointment (post and first day) and a version were recorded, `minutes`
    how long courses take, `hours_a_week` how much of a week there is for training. `brought` are results (their ids)
    from elsewhere, `begun` courses under way.
    """

    minutes: Mapping[int, int]
    hours_a_week: int
    posts_known: Mapping[tuple[int, date], date] = field(default_factory=dict)
    rules_known: Mapping[int, date] = field(default_factory=dict)
    brought: Collection[int] = ()
    begun: Collection[int] = ()


def of_duty(obligation: Obligation, day: date, background: Background) -> Iterator[Finding]:
    """Whatever is out of the ordinary about one duty on a day."""
    standing = obligation.standing(day)
    if standing is None or standing.state == State.EXEMPT:
        return
    for kind, told in (
        (Kind.TOO_LITTLE_TIME, too_little_time(obligation, standing, background)),
        (Kind.UNKNOWN_DATE, _unknown_date(standing)),
        (Kind.HELD, _held(obligation, standing, day, background)),
        (Kind.TWO_WAYS, _two_ways(obligation, day)),
    ):
        if told:
            yield Finding(kind, obligation.facts.person, obligation.target, told)


def too_little_time(obligation: Obligation, standing: Standing, background: Background) -> tuple[object, ...]:
    """The due day and the day from which anybody could act, if there are fewer days between them than it takes."""
    is_first = standing.run_out is None and standing.extended is None
    if standing.state not in _OPEN_STATES or standing.due_on == OPEN or not is_first:
        return ()
    known = known_on(standing.claim, background)
    days = (standing.due_on - known).days
    minutes = min((background.minutes[c] for c in obligation.target.courses if c in background.minutes), default=0)
    needed = ceil(minutes / 60 / background.hours_a_week * 7)
    return (standing.due_on, known, days, minutes) if days < needed else ()


def known_on(claim: Claim, background: Background) -> date:
    """The day from which a claim could be acted on: it had begun, and appointment and rule were on record."""
    first = min(claim.places, key=lambda place: (place.days.start, place.post))
    asked = claim
    while asked.before is not None:
        asked = asked.before
    appointed = [
        day for (post, start), day in background.posts_known.items() if post == first.post and start <= first.days.start
    ]
    return max(
        [claim.since, background.rules_known.get(asked.rule.version, date.min), min(appointed, default=date.min)]
    )


def _unknown_date(standing: Standing) -> tuple[object, ...]:
    if standing.state != State.NOT_YET_DUE or standing.due_on != OPEN:
        return ()
    if standing.claim.since == OPEN:
        return (standing.claim.rule.due.counts_from.value,)
    return ("leave",)


def _held(obligation: Obligation, standing: Standing, day: date, background: Background) -> tuple[object, ...]:
    """Brought from elsewhere and about to run out; or held, while another course for the same is under way."""
    result = standing.achieved
    if standing.state != State.IN_DATE or result is None:
        return ()
    others = sorted(course for course in background.begun if course in obligation.target.courses - {result.course})
    if others:
        return ("another", result.course, others[0])
    opens = timedelta(days=obligation.opens_days(standing.claim))
    runs_out = standing.due_on != OPEN and day >= standing.due_on - opens
    return ("brought", standing.due_on) if runs_out and result.result in background.brought else ()


def _two_ways(obligation: Obligation, day: date) -> tuple[object, ...]:
    """Two posts of which each has its own day, or an exemption from some of the courses that would do."""
    alone = [standing for standing in obligation.standings(day) if standing.state in _OPEN_STATES]
    exempt = {item.course for item in obligation.facts.exempted if day in item.days} & obligation.target.courses
    if alone and exempt:
        return ("exempt", *sorted(exempt))
    for one, other in combinations(sorted(alone, key=lambda standing: standing.due_on), 2):
        here, there = _posts(one.claim, day), _posts(other.claim, day)
        if one.due_on != other.due_on and here and there and here.isdisjoint(there):
            return ("posts", min(here), one.due_on, min(there), other.due_on)
    return ()


def _posts(claim: Claim, day: date) -> set[int]:
    return {place.post for place in claim.places if day in place.days}


def exemption_ending(person: int, course: int, last: date, *, is_review: bool) -> Finding:
    """An exemption that ends soon, or is to be looked at again."""
    return Finding(
        Kind.EXEMPTION_ENDS,
        person,
        Target.any_of([course]) if course else ANYTHING,
        ("review" if is_review else "end", last),
    )


def more_time(person: int, target: Target, until: date, uuid: str) -> Finding:
    """A request that waits."""
    return Finding(Kind.MORE_TIME, person, target, (until,), uuid)
