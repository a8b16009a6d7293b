"""The demo's last two years: who came, left, moved and was away, and what everybody has learnt.

`learnt` says who learnt what and when; here it becomes rows, by the rooms' own steps, many at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random

from courses import past_results
from courses.models import Course, CourseVersion
from courses.past_results import PastResult
from lms.core.actors import MachineRule
from lms.demo import learnt, ministry, people
from lms.duties import exempting
from lms.organisation import hiring, leaves
from lms.organisation.models import Employer, Person, Post, User

BY = MachineRule("demo")
RECORD = "From the training office's own list"
WHY_EXEMPT = "Wrote the ministry's own guide to the code, and teaches it"
MOVED, AWAY_ONCE, AWAY_NOW = 8, 14, 3
_SEED = 3011
# Leavers' staff numbers follow those of the 521 who are there.
_FIRST_NUMBER = 521


@dataclass(frozen=True, slots=True)
class Stage:
    """What the history is written onto: the day, and posts and people by the code of the seat."""

    day: date
    posts: dict[str, Post]
    people: dict[str, Person]
    users: dict[str, User]
    days: dict[str, int]
    employer: Employer

    def ago(self, days: int) -> date:
        """So many days before the demo's day."""
        return self.day - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Before:
    """Somebody who held a seat before its present holder; `moved_to` is the seat of one who is still there."""

    seat: str
    came: date
    left: date
    moved_to: str = ""


def write(stage: Stage) -> None:
    """Write two years onto a ministry that is there. Without the curriculum nobody has learnt anything."""
    chance = Random(_SEED)
    before = _before(stage, chance)
    left = _enter(stage, before)
    courses = Course.objects.filter(code__in=learnt.MONTHS)
    versions = {course.code: version for course in courses if (version := course.current)}
    plans = list(_learnt(stage, versions, chance))
    plans += list(_learnt_by_leavers(stage, left, versions, chance))
    past_results.bring_in(plans, by=BY, reason=RECORD)
    _send_away(stage, chance)
    _exempt(stage)


def _before(stage: Stage, chance: Random) -> list[Before]:
    """Predecessors of all who came within the two years; a few of them hold another seat now."""
    new = sorted((seat for seat, days in stage.days.items() if days < learnt.DAYS and seat not in people.PARTS))
    found = []
    for seat in new:
        left = stage.ago(stage.days[seat] + chance.randrange(0, 40))
        found.append(Before(seat, left - timedelta(days=chance.randrange(500, 2500)), left))
    seats = iter(sorted(new, key=lambda seat: -stage.days[seat]))
    # Of two who came one after the other, the first had the seat of the second until then.
    for moved_to, seat in islice(zip(seats, seats, strict=False), MOVED):
        place = next(place for place, item in enumerate(found) if item.seat == seat)
        found[place] = Before(seat, found[place].came, stage.ago(stage.days[moved_to]), moved_to)
    return found


def _enter(stage: Stage, before: Sequence[Before]) -> list[tuple[Before, Person]]:
    """Enter who has left, with the seats that they and those who moved had."""
    gone = [item for item in before if not item.moved_to]
    plans = [
        hiring.NewPerson(given_names, surname, item.came, stage.employer, people.staff_number(_FIRST_NUMBER + place))
        for place, (item, (given_names, surname)) in enumerate(zip(gone, people.names_of_others(), strict=False))
    ]
    left = list(zip(gone, hiring.enter_people(plans, by=BY), strict=True))
    held = [(item, person) for item, person in left]
    held += [(item, stage.people[item.moved_to]) for item in before if item.moved_to]
    appointments = [hiring.Appointment(person, stage.posts[item.seat], item.came, item.left) for item, person in held]
    hiring.appoint_all(appointments, by=BY)
    for item, person in left:
        hiring.end_service(person, on=item.left, by=BY)
    return left


def _learnt(stage: Stage, versions: dict[str, CourseVersion], chance: Random) -> Iterator[PastResult]:
    seats = {seat.code: seat for seat in ministry.seats()}
    holders = [learnt.Holder(seats[code], days, code in people.PARTS) for code, days in sorted(stage.days.items())]
    newest = {people.THANDI} | {holder.seat.code for holder in holders if holder.days < 30}
    for holder, course, day in learnt.days_learnt(holders, stage.day, newest):
        if course in versions:
            yield PastResult(stage.people[holder.seat.code], versions[course], day, _percent(chance))


def _learnt_by_leavers(
    stage: Stage, left: Sequence[tuple[Before, Person]], versions: dict[str, CourseVersion], chance: Random
) -> Iterator[PastResult]:
    for item, person in left:
        for course, day in learnt.before_leaving(item.came, item.left, stage.day, chance):
            if course in versions:
                yield PastResult(person, versions[course], day, _percent(chance))


def _send_away(stage: Stage, chance: Random) -> None:
    """Long leaves of people who hold everything: most are back."""
    settled = sorted(code for code, days in stage.days.items() if days > learnt.DAYS and code not in people.PARTS)
    for place, code in enumerate(chance.sample(settled, AWAY_ONCE + AWAY_NOW)):
        is_back = place < AWAY_ONCE
        from_day = stage.ago(chance.randrange(200, 600) if is_back else chance.randrange(35, 60))
        until = from_day + timedelta(days=chance.randrange(45, 120)) if is_back else None
        leaves.record_leave(stage.people[code], from_day=from_day, until=until, by=BY)


def _exempt(stage: Stage) -> None:
    """The integrity unit's second officer and the second customer-care manager teach the code themselves."""
    course = Course.objects.filter(code=learnt.CONDUCT).first()
    if course is None:
        return
    for code in ("HO-INT-P15-2", "HO-CARE-P04-2"):
        exempting.exempt(
            stage.people[code],
            course,
            from_day=stage.ago(400),
            reason=WHY_EXEMPT,
            approver=stage.users[people.INTEGRITY],
            by=BY,
        )


def _percent(chance: Random) -> Decimal:
    return Decimal(chance.randrange(70, 100))
