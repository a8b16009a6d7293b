"""When whom has learnt what in the demo's two years: days only, the same at every call. No database.

Drawn so that today's figures come out by computing: how many do not hold a course, how many of them have run out in
the last weeks, and how many end in one month. Everybody else holds it, by a day that is spread over the time.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lms.core.months import add_months, last_day_of_term
from lms.demo import ministry

DAYS = 730
# Those who do not hold it today, beside Thandi and those who came lately: 83 of 521 for ethics, 110 of 500 for care.
LONG_OVERDUE, OF_THEM_IN_TWO_REGIONS = 41, 25
LATE_IN_BOTH, LATE_IN_ETHICS = 14, 11  # the other 16 in care alone
ETHICS_JUST_RUN_OUT, CARE_JUST_RUN_OUT = 33, 55
CAME_LATELY = 24
END_IN_JANUARY = 96
FIRST_IN_THESE_WEEKS = 60
LATE_REGIONS = ("RL", "GH")
ASKED_TO_CARE = {"P02", "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10", "P11", "P13"}
ETHICS, CARE, CONDUCT = "ETH-1", "CCF-1", "COC-ZA"
MONTHS = {ETHICS: 12, CARE: 24, CONDUCT: 12}
_SEED = 2811


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a seat for so many days. The named have a part in the stories, and so hold everything."""

    seat: ministry.Seat
    days: int
    is_named: bool

    @property
    def is_asked_to_care(self) -> bool:
        return self.seat.category in ASKED_TO_CARE

    @property
    def is_where_it_is_late(self) -> bool:
        return self.seat.code.startswith(LATE_REGIONS)


@dataclass
class Groups:
    """Who stands how, by the code of the seat."""

    never: set[tuple[str, str]] = field(default_factory=set)  # seat and course
    long_run_out: set[tuple[str, str]] = field(default_factory=set)
    just_run_out: set[tuple[str, str]] = field(default_factory=set)
    ends_in_january: set[str] = field(default_factory=set)
    first_time: set[str] = field(default_factory=set)


def came_lately(seats: Iterable[tuple[ministry.Seat, bool]]) -> dict[str, int]:
    """Days in post of those who came in the last weeks; `seats` with whether somebody named holds it."""
    chance = Random(_SEED)
    codes = [seat.code for seat, is_named in seats if not is_named and seat.category in {"P06", "P07", "P10", "P13"}]
    return {code: chance.randrange(6, 25) for code in chance.sample(codes, CAME_LATELY)}


def days_learnt(holders: Sequence[Holder], day: date, newest: Collection[str]) -> Iterator[tuple[Holder, str, date]]:
    """Holder, course and day of each result. `newest` are the seats of those who have learnt nothing yet."""
    chance = Random(_SEED + 1)
    settled = [holder for holder in holders if holder.seat.code not in newest]
    groups = _groups(settled, day, chance)
    for holder in settled:
        for course in MONTHS:
            if course != CARE or holder.is_asked_to_care:
                for learnt_on in _days(holder, course, groups, day, chance):
                    yield holder, course, learnt_on


def before_leaving(came: date, left: date, day: date, chance: Random) -> Iterator[tuple[str, date]]:
    """What somebody had learnt who left on a day: most of it, within the demo's two years."""
    for course, months in MONTHS.items():
        learnt_on = left - timedelta(days=chance.randrange(20, 300))
        while learnt_on > max(came, day - timedelta(days=DAYS)):
            if chance.random() < 0.8:
                yield course, learnt_on
            learnt_on = add_months(learnt_on, -months)


def january(day: date) -> date:
    """The first of the next January by which results of twelve months that are held on `day` can end."""
    return date(day.year if (day.month, day.day) < (1, 3) else day.year + 1, 1, 1)


def _groups(settled: Sequence[Holder], day: date, chance: Random) -> Groups:
    groups, drawn = Groups(), list(settled)
    chance.shuffle(drawn)

    def draw(number: int, fits: Callable[[Holder], bool]) -> list[Holder]:
        found = [holder for holder in drawn if not holder.is_named and holder.days > 400 and fits(holder)][:number]
        for holder in found:
            drawn.remove(holder)
        return found

    late = draw(OF_THEM_IN_TWO_REGIONS, lambda h: _may_be_late(h) and h.is_where_it_is_late)
    late += draw(LONG_OVERDUE - len(late), lambda h: _may_be_late(h) and not h.is_where_it_is_late)
    chance.shuffle(late)
    _be_late(groups, late)
    groups.just_run_out |= {
        (h.seat.code, CARE) for h in draw(CARE_JUST_RUN_OUT, lambda h: h.is_asked_to_care and h.days > 800)
    }
    groups.just_run_out |= {(h.seat.code, ETHICS) for h in draw(ETHICS_JUST_RUN_OUT, lambda h: h.days > 430)}
    in_january = january(day)
    groups.ends_in_january = {
        h.seat.code for h in draw(END_IN_JANUARY, lambda h: _days_of_january(in_january, day, h) != [])
    }
    groups.first_time = {h.seat.code for h in draw(FIRST_IN_THESE_WEEKS, lambda _h: True)}
    return groups


def _may_be_late(holder: Holder) -> bool:
    return holder.is_asked_to_care and holder.days > 560


def _be_late(groups: Groups, late: Sequence[Holder]) -> None:
    for place, holder in enumerate(late):
        courses = [ETHICS] if place < LATE_IN_BOTH + LATE_IN_ETHICS else []
        courses += [] if LATE_IN_BOTH <= place < LATE_IN_BOTH + LATE_IN_ETHICS else [CARE]
        for course in courses:
            group = groups.never if place % 2 or (course == CARE and holder.days < 1000) else groups.long_run_out
            group.add((holder.seat.code, course))


def _days(holder: Holder, course: str, groups: Groups, day: date, chance: Random) -> list[date]:
    """The days on which somebody came to a result in a course, the last one first."""
    key, months = (holder.seat.code, course), MONTHS[course]
    if key in groups.never:
        return []
    if key in groups.long_run_out:
        return [_ending(day - timedelta(days=chance.randrange(40, 160)), months)]
    if key in groups.just_run_out:
        return [_ending(day - timedelta(days=chance.randrange(3, 27)), months)]
    if course == ETHICS and holder.seat.code in groups.first_time:
        return [_some_day(holder, course, day, chance, within=28)]
    if course == ETHICS and holder.seat.code in groups.ends_in_january:
        last = chance.choice(_days_of_january(january(day), day, holder))
    else:
        last = _some_day(holder, course, day, chance)
    return [last, *_renewed_before(last, holder, months, day, chance)]


def _some_day(holder: Holder, course: str, day: date, chance: Random, within: int = DAYS) -> date:
    """A day by which it still holds, and for ethics not one that ends in the January of the others."""
    longest = min(holder.days - 2, 340 if MONTHS[course] == 12 else 715, within)
    days = [day - timedelta(days=number) for number in range(1, longest)]
    if course == ETHICS:
        days = [learnt_on for learnt_on in days if not _ends_in_january(learnt_on, day)]
    # In January itself those of the last weeks came a little earlier.
    return chance.choice(days) if days else _some_day(holder, course, day, chance, within + 20)


def _ends_in_january(learnt_on: date, day: date) -> bool:
    ends = last_day_of_term(learnt_on, MONTHS[ETHICS])
    return (ends.year, ends.month) == (january(day).year, 1)


def _renewed_before(last: date, holder: Holder, months: int, day: date, chance: Random) -> list[date]:
    before = add_months(last, -months) + timedelta(days=chance.randrange(0, 40))
    first = day - timedelta(days=min(DAYS - 5, holder.days - 2))
    return [before] if months == 12 and before > first and chance.random() < 0.85 else []


def _days_of_january(first: date, day: date, holder: Holder) -> list[date]:
    """The days on which somebody could have come to a result of twelve months that ends in this January."""
    ends = [first + timedelta(days=number) for number in range(31)]
    days = [_ending(last_good, 12) for last_good in ends if last_good >= day]
    return [learnt_on for learnt_on in days if day - timedelta(days=holder.days - 1) < learnt_on <= day]


def _ending(last_good: date, months: int) -> date:
    """The day on which a result came about that is good until a day, or until the day before where months are short."""
    return add_months(last_good + timedelta(days=1), -months)
