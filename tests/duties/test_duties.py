"""What people owe on a day, from the facts in the database."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from courses import enrolling, results
from courses.models import Result
from lms.core import clock, dated
from lms.core.actors import columns
from lms.duties import exempting
from lms.duties.duties import Begins, Duty, duties_of, duties_of_people
from lms.duties.spans import State
from lms.organisation import hiring, posts, units
from lms.organisation.models import Leave, Person, PostHolding, User
from tests.cast import Office, person
from tests.duties.making import BY, TODAY, make_course, make_rule, noon, pass_course
from tests.plugins.time import SetClock


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


def only(duties: list[Duty]) -> Duty:
    assert len(duties) == 1
    return duties[0]


def test_somebody_new_has_the_days_of_the_rule_from_appointment(office: Office) -> None:
    newcomer = person(office.hire("Nadia", "Nkosi", "brook-clerk", from_day=TODAY - timedelta(days=26)))
    make_rule(office, make_course("COC"), title="Everybody knows the code")
    duty = only(duties_of(newcomer, TODAY))
    assert (duty.state, duty.due_on) == (State.NOT_YET_DUE, TODAY + timedelta(days=4))
    assert (duty.why.title, duty.begins) == ("Everybody knows the code", Begins.APPOINTMENT)
    assert duty.posts == (office.posts["brook-clerk"].pk,)


def test_somebody_in_post_for_long_has_the_days_from_the_start_of_the_rule(office: Office, learner: User) -> None:
    make_rule(office, make_course("COC"), from_day=date(2026, 3, 1))
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.state, duty.due_on, duty.begins) == (State.NOT_YET_DUE, date(2026, 3, 31), Begins.RULE)


def test_a_result_holds_until_its_last_good_day_and_is_overdue_the_day_after(office: Office, learner: User) -> None:
    course = make_course("COC", holds_months=12)
    make_rule(office, course, from_day=date(2024, 1, 1))
    pass_course(person(learner), course, date(2025, 3, 17))
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.state, duty.holds_until, duty.renewal_is_open) == (State.IN_DATE, TODAY, True)
    tomorrow = only(duties_of(person(learner), TODAY + timedelta(days=1)))
    assert (tomorrow.state, tomorrow.due_on, tomorrow.begins) == (State.OVERDUE, TODAY, Begins.RENEWAL)


def test_a_result_that_was_ended_counts_until_the_day_before(office: Office, learner: User) -> None:
    course = make_course("COC")
    make_rule(office, course, from_day=date(2024, 1, 1))
    result = pass_course(person(learner), course, date(2025, 12, 1))
    results.end(result, on=date(2026, 3, 10), by=BY, reason="Somebody else sat the paper.")
    assert only(duties_of(person(learner), date(2026, 3, 9))).state == State.IN_DATE
    assert only(duties_of(person(learner), date(2026, 3, 10))).state == State.OVERDUE


def test_an_exemption_beats_the_duty_for_its_days(office: Office, learner: User, hr: User) -> None:
    course = make_course("COC")
    make_rule(office, course, from_day=date(2024, 1, 1))
    exempting.exempt(
        person(learner),
        course,
        from_day=date(2026, 3, 1),
        until=TODAY,
        reason="Same course abroad.",
        approver=hr,
        by=BY,
    )
    assert only(duties_of(person(learner), TODAY - timedelta(days=1))).state == State.EXEMPT
    assert only(duties_of(person(learner), TODAY)).state == State.OVERDUE


def test_rules_for_one_course_are_one_duty_by_the_earliest_day(office: Office, learner: User) -> None:
    course = make_course("COC")
    make_rule(office, course, due_days=90, from_day=date(2026, 3, 1), title="All")
    make_rule(office, course, due_days=14, categories=("CLERK",), from_day=date(2026, 3, 5), title="Clerks")
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.why.title, duty.due_on) == ("Clerks", date(2026, 3, 19))


def test_a_rule_asks_only_its_categories_units_tags_and_people(
    office: Office, learner: User, stranger: User, her_manager: User
) -> None:
    cash = posts.tag("cash", name="Cash")
    office.posts["quay-clerk"].tags.add(cash)
    make_rule(office, make_course("A"), categories=("LEAD",))
    make_rule(office, make_course("B"), unit="hill")
    tagged = make_rule(office, make_course("C"))
    tagged.versions.get().tags.add(cash)
    make_rule(office, make_course("D"), people=(person(learner),))
    asked = duties_of_people(Person.objects.all(), TODAY)
    titles = {who: sorted(duty.why.title[-1] for duty in found) for who, found in asked.items()}
    assert titles == {person(learner).pk: ["B", "D"], person(stranger).pk: ["C"], person(her_manager).pk: ["A", "B"]}


def test_who_acts_in_a_post_owes_what_the_post_asks(office: Office, learner: User) -> None:
    make_rule(office, make_course("LEADING"), categories=("LEAD",), due_days=10)
    hiring.act(person(learner), office.posts["brook-lead"], from_day=date(2026, 3, 10), by=BY)
    duty = only(duties_of(person(learner), TODAY))
    assert duty.due_on == date(2026, 3, 20)


def test_a_transfer_keeps_the_days_that_have_run(office: Office, learner: User) -> None:
    make_rule(office, make_course("COC"), from_day=date(2026, 2, 1))
    hiring.transfer(person(learner), to=office.posts["quay-clerk"], on=date(2026, 2, 20), by=BY)
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.state, duty.due_on) == (State.OVERDUE, date(2026, 3, 3))
    assert duty.posts == (office.posts["quay-clerk"].pk,)


def test_a_unit_moved_under_a_rule_has_the_days_from_the_move(office: Office, stranger: User) -> None:
    make_rule(office, make_course("COC"), unit="hill", from_day=date(2025, 1, 1))
    assert duties_of(person(stranger), TODAY) == []
    units.move(office.units["quay"], parent=office.units["hill"], on=date(2026, 3, 10), by=BY)
    assert only(duties_of(person(stranger), TODAY)).due_on == date(2026, 4, 9)
    assert duties_of(person(stranger), date(2026, 3, 9)) == []


def test_long_leave_stops_the_clock_and_is_shown(office: Office, learner: User) -> None:
    make_rule(office, make_course("COC"), from_day=date(2026, 3, 1))
    Leave.objects.create(
        person=person(learner), valid_from=date(2026, 3, 11), valid_until=date(2026, 5, 10), **columns(BY)
    )
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.state, duty.is_paused, duty.due_on) == (State.NOT_YET_DUE, True, date(2026, 5, 30))


def test_leave_of_thirty_days_stops_nothing(office: Office, learner: User) -> None:
    make_rule(office, make_course("COC"), from_day=date(2026, 3, 1))
    Leave.objects.create(
        person=person(learner), valid_from=date(2026, 3, 11), valid_until=date(2026, 4, 10), **columns(BY)
    )
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.is_paused, duty.due_on) == (False, date(2026, 3, 31))


def test_any_one_of_several_courses_will_do(office: Office, learner: User) -> None:
    one, other = make_course("COC-A"), make_course("COC-B")
    make_rule(office, one, other, from_day=date(2025, 1, 1))
    assert only(duties_of(person(learner), TODAY)).state == State.OVERDUE
    pass_course(person(learner), other, TODAY, source=Result.Source.RECOGNISED)
    duty = only(duties_of(person(learner), TODAY))
    assert (duty.state, duty.is_recognised) == (State.IN_DATE, True)


def test_a_holder_begins_again_when_a_rule_asks_for_it_before_the_course_does(office: Office, learner: User) -> None:
    course = make_course("COC", holds_months=24)
    make_rule(office, course, from_day=date(2024, 1, 1), counts_months=6)
    pass_course(person(learner), course, TODAY - timedelta(days=100))
    assert "You can renew it from" in enrolling.why_not_yet(person(learner), course)
    with clock.at(noon(date(2026, 5, 1))):
        assert only(duties_of(person(learner), clock.today())).renewal_is_open
        assert not enrolling.why_not_yet(person(learner), course)


def test_what_was_known_then_leaves_out_what_came_to_be_known_later(
    office: Office, learner: User, at: SetClock
) -> None:
    course = make_course("COC")
    make_rule(office, course, from_day=date(2025, 1, 1))
    then = at("2026-03-20")
    at("2026-03-21")
    pass_course(person(learner), course, date(2026, 3, 2))
    holding = PostHolding.objects.get(person=person(learner))
    dated.close(holding, until=date(2026, 3, 18), by=BY)
    assert only(duties_of(person(learner), date(2026, 3, 16))).state == State.IN_DATE
    assert duties_of(person(learner), date(2026, 3, 19)) == []
    assert only(duties_of(person(learner), date(2026, 3, 19), known_at=then)).state == State.OVERDUE


@pytest.mark.parametrize("how_many", [1, 12])
def test_four_queries_however_many_people_and_rules(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    for number in range(how_many):
        office.hire(f"Ann{number}", "Other", office.seat(f"extra-{number}", unit="ridge"))
        make_rule(office, make_course(f"C{number}"))
    with django_assert_num_queries(4):
        found = duties_of_people(Person.objects.all(), TODAY)
    assert {len(duties) for duties in found.values()} == {how_many}
