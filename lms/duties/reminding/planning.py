"""What is to be said about one duty on a day. Pure: a duty, its rule's plan, a calendar and what was said before.

Of all moments that have come, only the latest counts, so that whoever is met late gets one reminder and no backlog.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from lms.core.working_days import WorkDays, next_working_day, previous_working_day
from lms.duties.duties import Begins, Duty
from lms.duties.reminder_plan import Moment, Recipient, ReminderPlan
from lms.duties.spans import State

# That something is newly asked for is no news any more after so many days.
NEWS_DAYS = 14
_ORDER = [Moment.ASSIGNED, Moment.WINDOW_OPEN, Moment.BEFORE_DUE, Moment.BEFORE_EXPIRY, Moment.AFTER_DUE]
_WARNINGS = {Moment.BEFORE_DUE, Moment.BEFORE_EXPIRY}


class Key(NamedTuple):
    """What makes an occasion one and the same: about which moment, how many days, of which day."""

    moment: str
    days: int
    occasion_on: date


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to be said for `on`, which may be a day on which nobody is at work."""

    moment: Moment
    days: int
    occasion_on: date
    on: date

    @property
    def key(self) -> Key:
        """By which the log knows it."""
        return Key(self.moment.value, self.days, self.occasion_on)

    def goes_on(self, calendar: WorkDays) -> date:
        """The working day on which it is said: what warns of a day to come goes earlier, all else later."""
        move = previous_working_day if self.moment in _WARNINGS else next_working_day
        return move(self.on, calendar=calendar)


@dataclass(frozen=True, slots=True)
class Today:
    """The day, when the recipient works, and what was said before to the same recipient about the same duty."""

    day: date
    calendar: WorkDays
    said: Collection[Key] = ()


def to_say(duty: Duty, plan: ReminderPlan, recipient: Recipient, today: Today, *, opens_days: int) -> Occasion | None:
    """What is to be said to somebody today, if anything. A renewal opens `opens_days` before the last good day."""
    if not speaks(duty) or not today.calendar.works_on(today.day):
        return None
    occasions = (one for one in _occasions(duty, plan, opens_days) if recipient in plan.who(one.moment))
    come = [one for one in occasions if one.goes_on(today.calendar) <= today.day]
    latest = max(come, key=lambda one: (one.on, _ORDER.index(one.moment)), default=None)
    if latest is None or latest.key in today.said or _is_stale(latest, today.day):
        return None
    return latest


def speaks(duty: Duty) -> bool:
    """Whether anything at all is said of a duty: not where somebody is exempt, its clock stands or has not begun."""
    return duty.state != State.EXEMPT and not duty.is_paused and not duty.is_waiting


def still_holds(duty: Duty | None, moment: Moment, occasion_on: date) -> bool:
    """Whether what was planned is still true: not done, exempt or paused since, and the day is the same."""
    if duty is None or not speaks(duty):
        return False
    if moment == Moment.ASSIGNED:
        return duty.state != State.IN_DATE
    states = {Moment.BEFORE_DUE: State.NOT_YET_DUE, Moment.AFTER_DUE: State.OVERDUE}
    return duty.state == states.get(moment, State.IN_DATE) and duty.due_on == occasion_on


def _is_stale(occasion: Occasion, day: date) -> bool:
    return occasion.moment == Moment.ASSIGNED and day > occasion.on + timedelta(days=NEWS_DAYS)


def _occasions(duty: Duty, plan: ReminderPlan, opens_days: int) -> Iterator[Occasion]:
    if duty.state == State.IN_DATE:
        yield from _of_renewal(duty, plan, opens_days)
        return
    if duty.begins != Begins.RENEWAL:
        yield Occasion(Moment.ASSIGNED, 0, duty.since, duty.since)
    if duty.due_on is None:
        return
    if duty.state == State.OVERDUE:
        yield from (_after(duty.due_on, days) for days in plan.after_due)
    else:
        yield from (_before(Moment.BEFORE_DUE, duty.due_on, days) for days in plan.before_due)


def _of_renewal(duty: Duty, plan: ReminderPlan, opens_days: int) -> Iterator[Occasion]:
    if duty.due_on is None:
        return
    opening = Occasion(Moment.WINDOW_OPEN, 0, duty.due_on, duty.due_on - timedelta(days=opens_days))
    for occasion in (opening, *(_before(Moment.BEFORE_EXPIRY, duty.due_on, days) for days in plan.before_expiry)):
        # What holds for a short time only is not reminded of on the day it was passed.
        if duty.competent_since is None or occasion.on > duty.competent_since:
            yield occasion


def _before(moment: Moment, day: date, days: int) -> Occasion:
    return Occasion(moment, days, day, day - timedelta(days=days))


def _after(day: date, days: int) -> Occasion:
    return Occasion(Moment.AFTER_DUE, days, day, day + timedelta(days=days))
