"""What is to be said of one duty on a day, without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lms.core.working_days import plain_week
from lms.duties.duties import Begins, Duty
from lms.duties.reminder_plan import Moment, Recipient, ReminderPlan
from lms.duties.reminding.planning import Key, Today, still_holds, to_say
from lms.duties.rules import Words
from lms.duties.spans import State
from lms.duties.targets import Target

pytestmark = pytest.mark.once
WEEK = plain_week(range(5))
EVERY_DAY = plain_week(range(7))
DUE = date(2026, 3, 31)  # a Tuesday
PLAN = ReminderPlan()
DUTY = Duty(
    person=1,
    target=Target.any_of([5]),
    state=State.NOT_YET_DUE,
    due_on=DUE,
    holds_until=None,
    why=Words("A rule", "", ""),
    version=1,
    posts=(1,),
    since=date(2026, 3, 2),
    begins=Begins.APPOINTMENT,
    is_paused=False,
    is_recognised=False,
    renewal_is_open=False,
    competent_since=None,
)
LATE = replace(DUTY, state=State.OVERDUE)
IN_DATE = replace(DUTY, state=State.IN_DATE, begins=Begins.RENEWAL, competent_since=date(2024, 4, 1))


def said_on(day: date, duty: Duty = DUTY, *, said: tuple[Key, ...] = (), week: object = EVERY_DAY) -> str | None:
    today = Today(day, week, said)  # type: ignore[arg-type]
    found = to_say(duty, PLAN, Recipient.LEARNER, today, opens_days=60)
    return f"{found.moment.value} {found.days}" if found else None


def year_of(duty: Duty, *, week: object = EVERY_DAY) -> dict[date, str]:
    """What is said day by day from the day since which it is asked, each remembered, with the state of the day."""
    said: tuple[Key, ...] = ()
    found = {}
    for number in range(500):
        day = duty.since + timedelta(days=number)
        state = duty.state if duty.state == State.IN_DATE else State.OVERDUE if day > DUE else State.NOT_YET_DUE
        occasion = to_say(
            replace(duty, state=state), PLAN, Recipient.LEARNER, Today(day, week, said), opens_days=60  # type: ignore[arg-type]
        )  # fmt: skip
        if occasion is not None:
            found[day] = f"{occasion.moment.value} {occasion.days}"
            said = (*said, occasion.key)
    return found


def test_a_duty_left_undone_is_reminded_of_each_moment_once() -> None:
    assert year_of(DUTY) == {
        date(2026, 3, 2): "assigned 0",
        date(2026, 3, 17): "before_due 14",
        date(2026, 3, 28): "before_due 3",
        date(2026, 4, 7): "after_due 7",
        date(2026, 4, 14): "after_due 14",
        date(2026, 4, 21): "after_due 21",
        date(2026, 4, 28): "after_due 28",
    }


def test_warnings_go_on_the_working_day_before_and_the_rest_on_the_one_after() -> None:
    sunday_start = replace(DUTY, since=date(2026, 3, 1))
    said = year_of(sunday_start, week=WEEK)
    assert said[date(2026, 3, 2)] == "assigned 0"
    # 28 March is a Saturday: whoever is warned on Monday has a day less.
    assert said[date(2026, 3, 27)] == "before_due 3"
    assert all(day.weekday() < 5 for day in said)


def test_what_runs_out_is_said_when_it_opens_and_before_it_ends() -> None:
    assert year_of(replace(IN_DATE, since=date(2026, 1, 1))) == {
        date(2026, 1, 30): "window_open 0",
        date(2026, 3, 1): "before_expiry 30",
        date(2026, 3, 24): "before_expiry 7",
    }


def test_a_duty_met_long_overdue_gets_one_reminder_and_no_backlog() -> None:
    assert said_on(date(2026, 9, 1), LATE) == "after_due 28"
    assert said_on(date(2026, 9, 2), LATE, said=(Key("after_due", 28, DUE),)) is None


def test_an_old_assignment_is_no_news() -> None:
    quiet = replace(PLAN, before_due=())
    today = Today(date(2026, 3, 16), EVERY_DAY)
    assert to_say(DUTY, quiet, Recipient.LEARNER, today, opens_days=60) is not None
    assert to_say(DUTY, quiet, Recipient.LEARNER, replace(today, day=date(2026, 3, 17)), opens_days=60) is None


def test_nothing_is_said_of_what_is_done_exempt_or_paused() -> None:
    day = date(2026, 3, 17)
    assert said_on(day) == "before_due 14"
    assert said_on(day, replace(DUTY, state=State.EXEMPT)) is None
    assert said_on(day, replace(DUTY, is_paused=True)) is None
    assert said_on(day, replace(IN_DATE, due_on=None)) is None


def test_a_later_due_day_is_a_new_occasion() -> None:
    before = (Key("assigned", 0, DUTY.since), Key("before_due", 14, DUE), Key("before_due", 3, DUE))
    assert said_on(date(2026, 3, 30), said=before) is None
    extended = replace(DUTY, due_on=DUE + timedelta(days=10))
    assert said_on(date(2026, 3, 30), extended, said=before) == "before_due 14"


def test_a_short_lived_result_is_not_up_for_renewal_the_day_it_is_passed() -> None:
    short = replace(IN_DATE, competent_since=date(2026, 3, 20), since=date(2026, 3, 20))
    assert year_of(short) == {date(2026, 3, 24): "before_expiry 7"}


def test_hr_is_told_only_what_the_plan_tells_hr() -> None:
    told = replace(PLAN, recipients={Moment.AFTER_DUE: frozenset({Recipient.HR})})
    today = Today(date(2026, 4, 8), EVERY_DAY)
    assert to_say(LATE, PLAN, Recipient.HR, today, opens_days=60) is None
    found = to_say(LATE, told, Recipient.HR, today, opens_days=60)
    assert found is not None
    assert found.days == 7
    assert to_say(LATE, told, Recipient.LEARNER, today, opens_days=60) is None


def test_what_was_planned_holds_until_the_duty_is_another() -> None:
    assert still_holds(DUTY, Moment.BEFORE_DUE, DUE)
    assert not still_holds(None, Moment.BEFORE_DUE, DUE)
    assert not still_holds(IN_DATE, Moment.BEFORE_DUE, DUE)
    assert not still_holds(replace(DUTY, due_on=date(2026, 5, 1)), Moment.BEFORE_DUE, DUE)
    assert not still_holds(replace(LATE, is_paused=True), Moment.AFTER_DUE, DUE)
    assert still_holds(IN_DATE, Moment.BEFORE_EXPIRY, DUE)
