"""What is said of a duty agrees with the duty, whatever the facts and rules are."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.duties.days import OPEN
from lms.duties.due_dates import due_day
from lms.duties.due_rules import CountsFrom
from lms.duties.exceptions.explaining import explain
from lms.duties.reach import Rule
from lms.duties.spans import PersonFacts, State
from tests.duties.test_spans import CALENDAR, duties_of, some_facts, some_rules

_COUNTED = {CountsFrom.APPOINTMENT, CountsFrom.TRANSFER, CountsFrom.SIGN_IN, CountsFrom.RESULT}


@settings(max_examples=80)
@given(some_facts(), some_rules, st.sampled_from(CALENDAR))
def test_what_is_told_is_what_the_duty_says(facts: PersonFacts, rules: tuple[Rule, ...], day: date) -> None:
    for duty in duties_of(facts, rules):
        told = explain(duty, day)
        spans = [span for span in duty.spans() if span.from_day <= day and (span.until_day or OPEN) > day]
        assert (told is None) == (not spans)
        if told is None:
            continue
        assert {span.state for span in spans} == {told.standing.state}
        if told.standing.state != State.EXEMPT:
            [deciding] = [demand for demand in told.demands if demand.is_deciding]
            assert deciding.standing == told.standing
        for turn in told.turns:
            states = {s.state for s in duty.spans() if s.from_day <= turn.from_day < (s.until_day or OPEN)}
            assert states == ({turn.standing.state} if turn.standing else set())


@settings(max_examples=80)
@given(some_facts(), some_rules, st.sampled_from(CALENDAR))
def test_the_days_told_of_leave_are_those_by_which_the_day_moved(
    facts: PersonFacts, rules: tuple[Rule, ...], day: date
) -> None:
    for duty in duties_of(facts, rules):
        told = explain(duty, day)
        for demand in told.demands if told else ():
            claim = demand.claim
            if claim.since == OPEN:
                assert (claim.due_on, demand.stops) == (OPEN, [])
                continue
            if claim.due_on == OPEN:
                assert any(stop.added is None for stop in demand.stops)
                continue
            # Of a day that is the same for all, and of working days, no number of days is told.
            if claim.rule.due.counts_from not in _COUNTED or claim.rule.due.in_working_days:
                continue
            added = sum(stop.added or 0 for stop in demand.stops)
            assert due_day(claim.since, claim.rule.due_days) + timedelta(days=added) == claim.due_on
            for place in demand.places:
                assert day in place.days
