"""Who is reminded of a rule, and when."""

from lms.duties.reminder_plan import Moment, Recipient, ReminderPlan


def test_a_plan_comes_out_of_its_store_as_it_went_in() -> None:
    plan = ReminderPlan(
        {Moment.AFTER_DUE: frozenset({Recipient.HR, Recipient.SUPERVISOR})},
        before_due=(30, 7),
        after_due_every=5,
        after_due_times=3,
        before_expiry=(),
    )
    assert plan.after_due == (5, 10, 15)
    assert plan.who(Moment.ASSIGNED) == frozenset()
    again = ReminderPlan.of(plan.stored())
    assert [again.who(moment) for moment in Moment] == [plan.who(moment) for moment in Moment]
    assert (again.before_due, again.after_due, again.before_expiry) == ((30, 7), (5, 10, 15), ())


def test_nothing_stored_is_the_usual_plan() -> None:
    usual = ReminderPlan()
    assert ReminderPlan.of(usual.stored()) == usual == ReminderPlan.of({})
    assert all(Recipient.LEARNER in usual.who(moment) for moment in Moment)


def test_days_out_of_bounds_make_no_sense() -> None:
    assert ReminderPlan().makes_sense()
    assert not ReminderPlan(before_due=(0,)).makes_sense()
    assert not ReminderPlan(after_due_every=0).makes_sense()
    assert not ReminderPlan(after_due_times=21).makes_sense()
