"""One person's facts as spans: against a plain walk through the calendar, day by day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.months import add_months
from lms.core.working_days import plain_week
from lms.duties.days import OPEN, Days, merged
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.holding import Achieved
from lms.duties.reach import Rule, Seat, Tree, by_requirement, claims
from lms.duties.renewals import ExpiryBasis, Renewal
from lms.duties.spans import DutySpan, Exempted, Extended, Obligation, PersonFacts, State, obligations
from lms.duties.targets import Target
from lms.duties.year_days import YearDay

OPENS = 60
ROOT, NORTH, SOUTH = 1, 2, 3
CLERK, CASHIER = 10, 11
COC, ETH = 100, 101
ONLY_COC = Target.any_of([COC])
DAY = timedelta(days=1)
WEEKDAYS = plain_week(range(5))
TREE: Tree = {(ROOT, NORTH): [Days(date(2020, 1, 1))], (ROOT, SOUTH): [Days(date(2020, 1, 1))]} | {
    (unit, unit): [Days(date(2020, 1, 1))] for unit in (ROOT, NORTH, SOUTH)
}


def rule(number: int = 1, *, target: Target = ONLY_COC, since: date = date(2025, 1, 1), **more: object) -> Rule:
    wanted: dict[str, object] = {"requirement": number, "unit": ROOT, "due_days": 30, "days": Days(since)} | more
    return Rule(version=number, target=target, **wanted)  # type: ignore[arg-type]


def seat(start: date, until: date = OPEN, *, post: int = 50, unit: int = NORTH, category: int = CLERK) -> Seat:
    return Seat(post, unit, category, frozenset(), Days(start, until))


def duties_of(facts: PersonFacts, rules: Sequence[Rule], tree: Tree = TREE) -> list[Obligation]:
    after = {rule.due.after for rule in rules if rule.due.after is not None}
    events = facts.events(after)
    made = claims(facts.person, facts.seats, by_requirement(rules), tree, facts.pauses, events, lambda _unit: WEEKDAYS)
    return obligations(facts, made, opens_days_before=OPENS)


def story(facts: PersonFacts, *rules: Rule, tree: Tree = TREE) -> list[tuple[str, date, date | None]]:
    spans = [span for duty in duties_of(facts, rules, tree) for span in duty.spans()]
    return [(str(span.state), span.from_day, span.until_day) for span in spans]


JUNE_1 = date(2026, 6, 1)
JULY_1 = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("facts", "rules", "spans"),
    [
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)]),
            [rule()],
            [("not_yet_due", JUNE_1, date(2026, 7, 2)), ("overdue", date(2026, 7, 2), None)],
            id="thirty days from appointment, overdue from the day after",
        ),
        pytest.param(
            PersonFacts(1, [seat(date(2020, 1, 1))]),
            [rule(since=JUNE_1)],
            [("not_yet_due", JUNE_1, date(2026, 7, 2)), ("overdue", date(2026, 7, 2), None)],
            id="from the start of the rule when that is later",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], [Achieved(COC, Days(date(2026, 8, 1)), date(2026, 12, 31))]),
            [rule()],
            [
                ("not_yet_due", JUNE_1, date(2026, 7, 2)),
                ("overdue", date(2026, 7, 2), date(2026, 8, 1)),
                ("in_date", date(2026, 8, 1), date(2027, 1, 1)),
                ("overdue", date(2027, 1, 1), None),
            ],
            id="late completion, then run out: the renewal was due on the last good day",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], [Achieved(COC, Days(date(2024, 1, 1)), date(2026, 6, 10))]),
            [rule()],
            [
                ("in_date", JUNE_1, date(2026, 6, 11)),
                ("not_yet_due", date(2026, 6, 11), date(2026, 7, 2)),
                ("overdue", date(2026, 7, 2), None),
            ],
            id="brought along and run out: the days from appointment still count",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], [Achieved(COC, Days(JUNE_1, date(2026, 9, 1)))]),
            [rule()],
            [("in_date", JUNE_1, date(2026, 9, 1)), ("overdue", date(2026, 9, 1), None)],
            id="a result that was ended early",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], exempted=[Exempted(COC, Days(date(2026, 6, 20), date(2026, 9, 1)))]),
            [rule()],
            [
                ("not_yet_due", JUNE_1, date(2026, 6, 20)),
                ("exempt", date(2026, 6, 20), date(2026, 9, 1)),
                ("overdue", date(2026, 9, 1), None),
            ],
            id="an exemption beats a duty",
        ),
        pytest.param(
            PersonFacts(
                1,
                [seat(JUNE_1)],
                extended=[
                    Extended(Target.any_of([COC]), Days(date(2026, 7, 10)), date(2026, 7, 31)),
                    Extended(Target.any_of([COC]), Days(date(2026, 7, 12)), date(2026, 7, 20)),
                ],
            ),
            [rule(1), rule(2, due_days=10)],
            [
                ("not_yet_due", JUNE_1, date(2026, 6, 12)),
                ("overdue", date(2026, 6, 12), date(2026, 7, 10)),
                ("not_yet_due", date(2026, 7, 10), date(2026, 8, 1)),
                ("overdue", date(2026, 8, 1), None),
            ],
            id="more time from the day it is given, by the latest day, whichever rule asks",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)]),
            [rule(1, due_days=60), rule(2, due_days=10)],
            [("not_yet_due", JUNE_1, date(2026, 6, 12)), ("overdue", date(2026, 6, 12), None)],
            id="two rules, one duty, the earliest due day",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1, JULY_1), seat(JULY_1, post=51, unit=SOUTH)]),
            [rule(due_days=40)],
            [
                ("not_yet_due", JUNE_1, JULY_1),
                ("not_yet_due", JULY_1, date(2026, 7, 12)),
                ("overdue", date(2026, 7, 12), None),
            ],
            id="a transfer does not begin the days anew",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1, JULY_1), seat(JULY_1, post=51, category=CASHIER)]),
            [rule(categories=frozenset({CASHIER}))],
            [("not_yet_due", JULY_1, date(2026, 8, 1)), ("overdue", date(2026, 8, 1), None)],
            id="appointed to a category that the rule asks for",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], [Achieved(ETH, Days(date(2026, 6, 5)))]),
            [rule(target=Target.any_of([COC, ETH]))],
            [("not_yet_due", JUNE_1, date(2026, 6, 5)), ("in_date", date(2026, 6, 5), None)],
            id="any one of several courses will do",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], [Achieved(COC, Days(JUNE_1))]),
            [rule(1), rule(2, counts_months=1)],
            [
                ("in_date", JUNE_1, JULY_1),
                ("not_yet_due", JULY_1, date(2026, 7, 2)),
                ("overdue", date(2026, 7, 2), None),
            ],
            id="a rule that counts a result for less decides",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1)], pauses=[Days(date(2026, 6, 11), date(2026, 8, 10))]),
            [rule()],
            [
                ("not_yet_due", JUNE_1, date(2026, 6, 11)),
                ("not_yet_due", date(2026, 6, 11), date(2026, 8, 10)),
                ("not_yet_due", date(2026, 8, 10), date(2026, 8, 31)),
                ("overdue", date(2026, 8, 31), None),
            ],
            id="long leave stops the clock",
        ),
        pytest.param(
            PersonFacts(2, [seat(JUNE_1)]), [rule(people=frozenset({1}))], [], id="a rule for named people is for them"
        ),
        pytest.param(
            PersonFacts(1, [seat(date(2024, 12, 1))]),
            [rule(appointed_within_days=30)],
            [],
            id="in post for longer than the newly appointed",
        ),
        pytest.param(
            PersonFacts(1, [seat(date(2024, 12, 2))]),
            [rule(appointed_within_days=30)],
            [("not_yet_due", date(2025, 1, 1), date(2025, 2, 1)), ("overdue", date(2025, 2, 1), None)],
            id="newly appointed when the rule began",
        ),
        pytest.param(
            PersonFacts(1, [seat(JUNE_1, date(2026, 6, 10))]),
            [rule()],
            [("not_yet_due", JUNE_1, date(2026, 6, 10))],
            id="who leaves owes nothing more",
        ),
    ],
)
def test_facts_become_spans(facts: PersonFacts, rules: list[Rule], spans: list[tuple[str, date, date | None]]) -> None:
    assert story(facts, *rules) == spans


def test_a_unit_that_moves_into_the_audience_begins_its_days_with_the_move() -> None:
    moved = {(NORTH, SOUTH): [Days(JULY_1)]}
    facts = PersonFacts(1, [seat(date(2020, 1, 1), unit=SOUTH)])
    assert story(facts, rule(unit=NORTH), tree=moved)[0] == ("not_yet_due", JULY_1, date(2026, 8, 1))


def test_a_new_version_of_a_rule_keeps_the_day_from_which_it_counts() -> None:
    old = rule(1, days=Days(date(2025, 1, 1), date(2026, 6, 20)))
    new = rule(1, days=Days(date(2026, 6, 20)), due_days=60)
    assert story(PersonFacts(1, [seat(JUNE_1)]), old, new) == [
        ("not_yet_due", JUNE_1, date(2026, 8, 1)),
        ("overdue", date(2026, 8, 1), None),
    ]


# A plain reference: one calendar day after the other, counting down.

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
CALENDAR_AND_MORE = [FIRST + n * DAY for n in range(1500)]
CALENDAR = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]


def reached_on(day: date, rule: Rule, facts: PersonFacts, tree: Tree) -> list[Seat]:
    return [
        seat
        for seat in facts.seats
        if day in seat.days
        and any(day in days for days in tree.get((rule.unit, seat.unit), ()))
        and (not rule.categories or seat.category in rule.categories)
    ]


@cache
def first_such(day: date, each_year: YearDay) -> date:
    return next(d for d in CALENDAR_AND_MORE if d >= day and (d.month, d.day) == (each_year.month, each_year.day))


def counts_on(day: date, result: Achieved, rule: Rule) -> bool:
    months, each_year = rule.counts_months, rule.renewal.each_year
    if day not in result.days or day > result.holds_until:
        return False
    if each_year is not None:
        enough = add_months(result.days.start, rule.renewal.least_months) - DAY
        return day <= first_such(max(enough, result.days.start), each_year)
    return months is None or day < add_months(result.days.start, months)


def has_begun(day: date, rule: Rule, facts: PersonFacts) -> bool:
    """Whether what the days wait for has happened."""
    if rule.due.counts_from == CountsFrom.SIGN_IN:
        return facts.signed_in_on <= day
    if rule.due.counts_from == CountsFrom.RESULT:
        return any(result.course == rule.due.after and result.days.start <= day for result in facts.achieved)
    return True


def first_left(day: date, rule: Rule) -> int:
    """The days left on the day on which they begin."""
    each_year, least = rule.due.each_year, rule.due.least_days
    if each_year is not None:
        return (first_such(day + least * DAY, each_year) - day).days
    if rule.due.counts_from == CountsFrom.RULE:
        return max(rule.due_days - (day - rule.days.start).days, least)
    return rule.due_days


def clock_of(rule: Rule, seats: Sequence[Seat], facts: PersonFacts, tree: Tree) -> dict[date, int]:
    """Days left by the rule on each day on which it reaches the person in these seats; below zero: overdue."""
    left: dict[date, int] = {}
    runs = False
    for day in CALENDAR:
        if day not in rule.days or not reached_on(day, rule, replace(facts, seats=seats), tree):
            runs = False
            continue
        yesterday = day - DAY
        if not runs:
            runs = has_begun(day, rule, facts)
            left[day] = first_left(day, rule)
        elif left[yesterday] <= 0:
            left[day] = -1
        else:
            counts = not rule.due.in_working_days or day.weekday() < 5
            left[day] = left[yesterday] - (counts and not any(day in pause for pause in facts.pauses))
    return left


def clocks_of(rule: Rule, facts: PersonFacts, tree: Tree) -> list[tuple[Rule, dict[date, int]]]:
    """One clock, or where each post counts one for each."""
    if not rule.counts_each_post:
        return [(rule, clock_of(rule, facts.seats, facts, tree))]
    return [(rule, clock_of(rule, [seat], facts, tree)) for seat in facts.seats]


def renewal_left(day: date, rule: Rule, facts: PersonFacts) -> int | None:
    """Days left for a renewal of what last ran out before `day`, counted from the opening of the renewal."""
    ends = []
    for result in facts.achieved:
        if result.course not in rule.target.courses or result.days.start > day:
            continue
        good = [d for d in CALENDAR if d < day and counts_on(d, result, rule)]
        if good:
            ends.append(good[-1])
    if not ends:
        return None
    window = OPENS if rule.renewal.opens_days is None else rule.renewal.opens_days
    opens = max(ends) - window * DAY
    passed = [opens + n * DAY for n in range(1, (day - DAY - opens).days + 1)]
    return window - 1 - len([d for d in passed if not any(d in pause for pause in facts.pauses)])


def plain_state(day: date, facts: PersonFacts, clocks: list[tuple[Rule, dict[date, int]]]) -> State | None:
    asking = [(rule, left[day]) for rule, left in clocks if day in left]
    if not asking:
        return None
    if all(any(day in e.days and e.course == course for e in facts.exempted) for course in asking[0][0].target.courses):
        return State.EXEMPT
    has_more_time = any(
        day in e.days and asking[0][0].target.covers(e.target) and e.due_until >= day for e in facts.extended
    )
    states = []
    for rule, left in asking:
        relevant = [result for result in facts.achieved if result.course in rule.target.courses]
        if any(counts_on(day, result, rule) for result in relevant):
            states.append(State.IN_DATE)
            continue
        renewal = renewal_left(day, rule, facts)
        time_left = left >= 0 or (renewal is not None and renewal >= 0) or has_more_time
        states.append(State.NOT_YET_DUE if time_left else State.OVERDUE)
    for state in (State.OVERDUE, State.NOT_YET_DUE):
        if state in states:
            return state
    return State.IN_DATE


@st.composite
def some_days(draw: st.DrawFn, longest: int = 300) -> Days:
    start = FIRST + draw(st.integers(70, 500)) * DAY
    length = draw(st.none() | st.integers(1, longest))
    return Days(start) if length is None else Days(start, start + length * DAY)


some_due = st.one_of(
    st.just(Due()),
    st.builds(
        Due,
        st.sampled_from([CountsFrom.APPOINTMENT, CountsFrom.TRANSFER, CountsFrom.SIGN_IN]),
        in_working_days=st.booleans(),
    ),
    st.just(Due(CountsFrom.RESULT, after=ETH)),
    st.just(Due(CountsFrom.RULE, least_days=20)),
    st.builds(Due, st.just(CountsFrom.YEAR_DAY), least_days=st.just(30), each_year=st.just(YearDay(9, 30))),
)
some_renewal = st.sampled_from(
    [
        Renewal(),
        Renewal(),
        Renewal(opens_days=20),
        Renewal(ExpiryBasis.YEAR_DAY, YearDay(3, 31), least_months=3),
    ]
)


@st.composite
def some_rule(draw: st.DrawFn, number: int) -> Rule:
    return rule(
        number,
        days=draw(some_days()),
        due_days=draw(st.sampled_from([0, 1, 14, 30, 90])),
        unit=draw(st.sampled_from([ROOT, NORTH])),
        categories=draw(st.sampled_from([frozenset(), frozenset({CLERK})])),
        counts_months=draw(st.sampled_from([None, None, 1, 6])),
        due=draw(some_due),
        renewal=draw(some_renewal),
    )


@st.composite
def some_result(draw: st.DrawFn) -> Achieved:
    days = draw(some_days())
    holds = draw(st.sampled_from([OPEN, days.start, days.start + 40 * DAY, days.start + 200 * DAY]))
    return Achieved(draw(st.sampled_from([COC, COC, ETH])), days, holds, draw(st.booleans()))


@st.composite
def some_extension(draw: st.DrawFn) -> Extended:
    days = draw(some_days())
    target = draw(st.sampled_from([Target.any_of(some) for some in ([COC], [COC], [ETH], [COC, ETH])]))
    return Extended(target, days, days.start + draw(st.integers(0, 200)) * DAY)


@st.composite
def some_facts(draw: st.DrawFn) -> PersonFacts:
    seats = [
        Seat(50 + n, draw(st.sampled_from([NORTH, SOUTH])), draw(st.sampled_from([CLERK, CASHIER])), frozenset(), days)
        for n, days in enumerate(draw(st.lists(some_days(), min_size=1, max_size=3)))
    ]
    return PersonFacts(
        person=1,
        seats=seats,
        achieved=draw(st.lists(some_result(), max_size=3)),
        exempted=[Exempted(COC, days) for days in draw(st.lists(some_days(60), max_size=1))],
        extended=draw(st.lists(some_extension(), max_size=2)),
        pauses=merged(draw(st.lists(some_days(80), max_size=2))),
        signed_in_on=draw(st.just(OPEN) | some_days().map(lambda days: days.start)),
    )


some_rules = st.integers(1, 3).flatmap(lambda n: st.tuples(*[some_rule(number) for number in range(1, n + 1)]))


@settings(max_examples=80)
@given(some_facts(), some_rules)
def test_spans_say_the_same_as_a_walk_through_the_calendar(facts: PersonFacts, rules: tuple[Rule, ...]) -> None:
    clocks = [clock for rule in rules for clock in clocks_of(rule, facts, TREE)]
    spans = [span for duty in duties_of(facts, rules) for span in duty.spans()]
    for day in CALENDAR:
        told = {
            span.state for span in spans if span.from_day <= day and (span.until_day is None or day < span.until_day)
        }
        expected = plain_state(day, facts, clocks)
        assert told == ({expected} if expected else set()), day


@settings(max_examples=150)
@given(some_facts(), some_rules)
def test_spans_of_a_post_never_overlap_and_are_as_long_as_can_be(facts: PersonFacts, rules: tuple[Rule, ...]) -> None:
    for duty in duties_of(facts, rules):
        by_post: dict[int, list[DutySpan]] = {}
        for span in duty.spans():
            assert span.until_day is None or span.from_day < span.until_day
            by_post.setdefault(span.post, []).append(span)
        for spans in by_post.values():
            for earlier, later in pairwise(sorted(spans, key=lambda span: span.from_day)):
                assert earlier.until_day is not None
                assert earlier.until_day <= later.from_day
                if earlier.until_day == later.from_day:
                    assert (earlier.state, earlier.is_paused, earlier.is_recognised) != (
                        later.state,
                        later.is_paused,
                        later.is_recognised,
                    )


@settings(max_examples=100)
@given(some_facts(), some_rules, st.sampled_from(CALENDAR))
def test_spans_cover_every_post_through_which_a_rule_asks(
    facts: PersonFacts, rules: tuple[Rule, ...], day: date
) -> None:
    spans = [span for duty in duties_of(facts, rules) for span in duty.spans()]
    told = {s.post for s in spans if s.from_day <= day and (s.until_day is None or day < s.until_day)}
    asked = {seat.post for rule in rules if day in rule.days for seat in reached_on(day, rule, facts, TREE)}
    assert told == asked
