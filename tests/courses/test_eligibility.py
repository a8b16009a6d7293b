"""Whether a person may begin: the table of cases, without a database."""

from dataclasses import replace
from datetime import date

import pytest

from courses.eligibility import Audience, Door, Known, Need, State, Waiver, judge

COURSE, OTHER, ENGLISH, SUMS = 1, 2, 11, 12
EARLY, LATE = date(2026, 1, 5), date(2026, 2, 5)
EVERYBODY = Audience(is_open=True)
LEADS = Audience(is_open=False, categories={7: "Office leads"})
ENGLISH_3 = Need(None, ENGLISH, 3, is_conditional=False, name="English")
OTHER_HELD = Need(OTHER, None, 0, is_conditional=False, name="Other")
NOTHING = Known()


def waiver(need: Need, level: int = 3, for_course: int = COURSE) -> Waiver:
    """A waiver of that need."""
    return Waiver(for_course, need.course, need.subject, level if need.subject else 0, EARLY)


@pytest.mark.parametrize(
    ("need", "known", "state", "since"),
    [
        (ENGLISH_3, NOTHING, State.OPEN, None),
        (ENGLISH_3, Known(evidence=[(ENGLISH, 2, EARLY)]), State.OPEN, None),
        (ENGLISH_3, Known(evidence=[(SUMS, 5, EARLY)]), State.OPEN, None),
        (ENGLISH_3, Known(evidence=[(ENGLISH, 3, EARLY)]), State.MET, EARLY),
        (ENGLISH_3, Known(evidence=[(ENGLISH, 5, LATE)]), State.MET, LATE),
        (ENGLISH_3, Known(evidence=[(ENGLISH, 2, EARLY), (ENGLISH, 4, LATE)]), State.MET, LATE),
        (ENGLISH_3, Known(evidence=[(ENGLISH, 3, LATE), (ENGLISH, 4, EARLY)]), State.MET, EARLY),
        (ENGLISH_3, Known(waivers=[waiver(ENGLISH_3)]), State.WAIVED, EARLY),
        (ENGLISH_3, Known(waivers=[waiver(ENGLISH_3, level=2)]), State.OPEN, None),
        (ENGLISH_3, Known(waivers=[waiver(ENGLISH_3, level=4)]), State.WAIVED, EARLY),
        (ENGLISH_3, Known(waivers=[waiver(ENGLISH_3, for_course=OTHER)]), State.OPEN, None),
        (ENGLISH_3, Known(waivers=[waiver(OTHER_HELD)]), State.OPEN, None),
        (ENGLISH_3, Known({}, [(ENGLISH, 3, LATE)], [waiver(ENGLISH_3)]), State.MET, LATE),
        (OTHER_HELD, NOTHING, State.OPEN, None),
        (OTHER_HELD, Known(held={COURSE: EARLY}), State.OPEN, None),
        (OTHER_HELD, Known(held={OTHER: EARLY}), State.MET, EARLY),
        (OTHER_HELD, Known(waivers=[waiver(OTHER_HELD)]), State.WAIVED, EARLY),
    ],
)
def test_a_need_is_met_waived_or_open(need: Need, known: Known, state: State, since: date | None) -> None:
    (judged,) = judge(COURSE, [need], EVERYBODY, known).needs
    assert (judged.state, judged.since) == (state, since)


@pytest.mark.parametrize(
    ("audience", "known", "door", "passes"),
    [
        (EVERYBODY, NOTHING, Door.EVERYBODY, True),
        (LEADS, NOTHING, Door.CLOSED, False),
        (LEADS, Known(categories={8}), Door.CLOSED, False),
        (LEADS, Known(categories={7, 8}), Door.POST, True),
        (LEADS, Known(nominations={COURSE: ""}), Door.AWAITING, False),
        (LEADS, Known(nominations={COURSE: "confirmed"}), Door.NOMINATED, True),
        (LEADS, Known(nominations={COURSE: "declined"}), Door.DECLINED, False),
        (LEADS, Known(nominations={OTHER: "confirmed"}), Door.CLOSED, False),
        (LEADS, Known(categories={7}, nominations={COURSE: "declined"}), Door.POST, True),
        (Audience(is_open=False), Known(categories={7}), Door.CLOSED, False),
    ],
)
def test_the_door_opens_by_post_or_nomination(audience: Audience, known: Known, door: Door, passes: bool) -> None:
    found = judge(COURSE, [], audience, known)
    assert (found.door, found.may_begin) == (door, passes)


def test_what_is_conditional_holds_the_result_back_and_nothing_else() -> None:
    later = replace(ENGLISH_3, is_conditional=True)
    found = judge(COURSE, [later, OTHER_HELD], EVERYBODY, Known(held={OTHER: LATE}))
    assert found.may_begin
    assert found.holds_back == (later,)
    assert found.conditions_met_on is None
    found = judge(COURSE, [later, OTHER_HELD], EVERYBODY, Known({OTHER: LATE}, [(ENGLISH, 3, EARLY)]))
    assert (found.holds_back, found.conditions_met_on) == ((), EARLY)


def test_what_is_required_before_stops_and_holds_nothing_back_later() -> None:
    found = judge(COURSE, [ENGLISH_3, OTHER_HELD], EVERYBODY, NOTHING)
    assert not found.may_begin
    assert found.stops == (ENGLISH_3, OTHER_HELD)
    assert found.holds_back == ()


def test_whoever_has_begun_goes_on() -> None:
    found = judge(COURSE, [ENGLISH_3], LEADS, Known(under_way={COURSE}))
    assert found.may_begin
    assert found.stops == (ENGLISH_3,)
    assert not judge(COURSE, [ENGLISH_3], LEADS, Known(under_way={OTHER})).may_begin
