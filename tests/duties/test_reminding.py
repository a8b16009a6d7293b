"""The day's run: who is written to, once, and what becomes of it."""

from collections.abc import Iterable
from datetime import date
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from courses.models import Course
from lms.core import clock
from lms.core.dated import close
from lms.duties.exceptions.extending import ask
from lms.duties.exempting import exempt
from lms.duties.models import (
    Channel,
    MessageOutcome,
    MessageState,
    Moment,
    Reminder,
    ReminderMessage,
    ReminderWalk,
    RequirementVersion,
    Told,
    WaitingMail,
)
from lms.duties.reminder_plan import Moment as When
from lms.duties.reminder_plan import Recipient, ReminderPlan
from lms.duties.reminding import daily, digest, sending, walking
from lms.duties.reminding.surroundings import Surroundings
from lms.duties.targets import Target
from lms.organisation.models import Person, PostHolding, User
from tests.cast import Office, person
from tests.duties.making import BY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

MONDAY = date(2026, 3, 16)


@pytest.fixture(autouse=True)
def _monday(at: SetClock) -> None:
    at(MONDAY)


@pytest.fixture
def coc(office: Office) -> Course:
    """The code of conduct, asked of the clerks at Brook since 2 March within 28 days: 14 are left on Monday."""
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, unit="brook", categories=("CLERK",), due_days=28, from_day=date(2026, 3, 2))
    return course


def told_hr() -> None:
    plan = ReminderPlan(recipients=dict.fromkeys(When, frozenset({Recipient.HR})))
    RequirementVersion.objects.update(reminders=plan.stored())


def subjects() -> list[tuple[str, str]]:
    return [(message.to[0], str(message.subject)) for message in mail.outbox]


def states() -> list[str]:
    return list(MessageOutcome.objects.order_by("pk").values_list("state", flat=True))


def without_address(user: User) -> None:
    """Nobody can write to them."""
    Person.objects.filter(pk=person(user).pk).update(email="")
    User.objects.filter(pk=user.pk).update(email="")


def test_a_learner_is_written_to_once_however_often_it_runs(coc: Course, learner: User) -> None:
    account = daily.run()
    assert account.planned == {Told.LEARNER: 1}
    assert account.sent == {MessageState.SENT: 1}
    assert subjects() == [("lindiwe@kopw.example", "Due in 14 days: Code of conduct")]
    body = mail.outbox[0].body
    assert "Dear Lindiwe Okoro," in body
    assert "Code of conduct is due by 30 March 2026, in 14 days." in body
    assert "/my/" in body
    again = daily.run()
    assert (again.planned, again.sent) == ({}, {})
    assert len(mail.outbox) == 1
    reminder = Reminder.objects.get()
    assert (reminder.person, reminder.moment, reminder.days) == (person(learner), Moment.BEFORE_DUE, 14)
    assert reminder.is_integrity
    assert reminder.requirement is not None


def test_the_database_keeps_it_to_once(coc: Course, learner: User) -> None:
    daily.run()
    reminder = Reminder.objects.get()
    reminder.pk, reminder._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        reminder.save()


def test_several_duties_of_a_day_are_one_mail(office: Office, coc: Course, learner: User) -> None:
    counter = make_course("COUNTER", title="At the counter")
    make_rule(office, counter, unit="brook", due_days=28, from_day=date(2026, 3, 2))
    daily.run()
    assert subjects() == [("lindiwe@kopw.example", "2 things to learn or renew")]
    body = mail.outbox[0].body
    assert "At the counter is due by 30 March 2026" in body
    assert "Code of conduct is due by 30 March 2026" in body


def test_nothing_goes_to_who_is_done_before_it_was_sent(coc: Course, learner: User) -> None:
    walking.walk(MONDAY)
    assert ReminderMessage.objects.count() == 1
    pass_course(person(learner), coc, MONDAY)
    assert sending.send_waiting() == {MessageState.NOT_NEEDED: 1}
    assert mail.outbox == []
    assert not WaitingMail.objects.exists()


def test_nothing_goes_to_who_is_exempt_or_done(coc: Course, learner: User, colleague: User, hr: User) -> None:
    exempt(person(learner), coc, from_day=MONDAY, review_on=date(2027, 1, 4), reason="Teaches it", approver=hr, by=hr)
    pass_course(person(colleague), coc, MONDAY)
    assert daily.run().planned == {}


def test_a_walk_that_is_killed_goes_on_where_it_stopped(
    coc: Course, learner: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_AT_A_TIME", 1)
    walking.walk(MONDAY, stop_at=clock.now())
    assert Reminder.objects.count() == 1
    assert ReminderWalk.objects.get().finished_at is None
    walking.walk(MONDAY)
    assert Reminder.objects.count() == 2
    assert ReminderWalk.objects.get().finished_at is not None
    assert walking.walk(MONDAY) == {}


def test_a_walk_made_ahead_is_made_again_on_its_day(coc: Course, learner: User, office: Office, at: SetClock) -> None:
    at("2026-03-13")
    walking.walk(MONDAY, again=True)
    office.hire("Ravi", "Pillay", "brook-clerk-2", from_day=date(2026, 3, 15))
    at(MONDAY)
    assert walking.walk(MONDAY) == {Told.LEARNER: 1}
    assert walking.walk(MONDAY) == {}


def test_who_is_killed_between_taking_a_mail_and_noting_it_sends_nothing_twice(
    coc: Course, learner: User, colleague: User, at: SetClock
) -> None:
    walking.walk(MONDAY)
    # Killed with the mail in hand: perhaps it went, perhaps not.
    assert sending._take() is not None
    assert sending.send_waiting() == {MessageState.SENT: 1}
    at("2026-03-16T12:16")
    assert sending.send_waiting() == {MessageState.UNCERTAIN: 1}
    assert sending.send_waiting() == {}
    assert len(mail.outbox) == 1


class _Broken(EmailBackend):
    """A mail server that refuses Lindiwe's mailbox."""

    def send_messages(self, messages: Iterable[EmailMessage]) -> int:
        messages = list(messages)
        if messages[0].to == ["lindiwe@kopw.example"]:
            raise SMTPRecipientsRefused({"lindiwe@kopw.example": (550, b"No such mailbox")})
        return super().send_messages(messages)


class _Away(EmailBackend):
    """A mail server that does not answer."""

    def open(self) -> bool:
        raise ConnectionRefusedError("nobody listens")


def test_a_broken_mailbox_stops_nothing_and_is_tried_a_few_times(
    coc: Course, learner: User, colleague: User, settings: Settings, at: SetClock
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}._Broken"
    account = daily.run()
    assert account.sent == {MessageState.AGAIN: 1, MessageState.SENT: 1}
    assert sending.send_waiting() == {}
    moment = clock.now()
    for wait in sending.WAITS:
        moment += wait
        at(moment)
        sending.send_waiting()
    assert states().count(MessageState.AGAIN) == len(sending.WAITS)
    assert states()[-1] == MessageState.FAILED
    assert "No such mailbox" in MessageOutcome.objects.latest("pk").detail
    assert not WaitingMail.objects.exists()


def test_a_mail_server_that_is_away_uses_up_no_tries(coc: Course, learner: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}._Away"
    daily.run()
    waiting = WaitingMail.objects.get()
    assert (waiting.tries, waiting.taken_at, states()) == (0, None, [])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sending.send_waiting() == {MessageState.SENT: 1}


def test_the_task_is_quiet_at_night_and_on_days_off(coc: Course, learner: User, at: SetClock) -> None:
    for quiet in ("2026-03-16T06:59", "2026-03-16T18:00", "2026-03-15T12:00"):
        at(quiet)
        daily.remind()
        assert mail.outbox == []
    at("2026-03-16T07:00")
    daily.remind()
    assert len(mail.outbox) == 1


def test_hr_gets_one_list_a_day_and_the_integrity_unit_its_own(
    coc: Course, learner: User, colleague: User, hr: User, integrity_officer: User
) -> None:
    told_hr()
    daily.run()
    assert sorted(subjects()) == [
        ("farid@kopw.example", "Training to follow up: 2"),
        ("odile@kopw.example", "Training to follow up: 2"),
    ]
    to_farid = next(message for message in mail.outbox if message.to == ["farid@kopw.example"])
    assert "Lindiwe Okoro: Code of conduct, due by 30 March 2026, in 14 days" in to_farid.body
    assert f"/integrity/{person(learner).uuid}/" in to_farid.body
    assert daily.run().planned == {}


def test_a_supervisor_gets_one_digest_a_week_right_at_the_time(
    office: Office, coc: Course, learner: User, colleague: User, her_manager: User, at: SetClock
) -> None:
    ask(person(learner), Target.any_of([coc.pk]), until=date(2026, 4, 10), reason="Night shifts", by=learner)
    digest.walk(MONDAY)
    # Ravi is done and Lindiwe is still there when the mail goes.
    pass_course(person(colleague), coc, MONDAY)
    assert sending.send_waiting() == {MessageState.SENT: 1}
    assert subjects() == [("bram@kopw.example", "Your team this week: what to do")]
    body = mail.outbox[0].body
    assert "Due in the next two weeks\n- Lindiwe Okoro: Code of conduct, due by 30 March 2026, in 14 days" in body
    assert "Lindiwe Okoro: Code of conduct, until 10 April 2026" in body
    assert "Ravi" not in body
    line = Reminder.objects.get(moment=Moment.DIGEST)
    assert (line.person, line.recipient) == (person(learner), person(her_manager))
    at("2026-03-17")
    assert digest.walk(date(2026, 3, 17)) == {}
    # The next week, she has left the team: nothing to do, so nothing goes.
    holding = PostHolding.objects.get(person=person(learner))
    close(holding, until=date(2026, 3, 20), by=BY)
    at("2026-03-23")
    assert digest.walk(date(2026, 3, 23)) == {}


def test_a_digest_missed_on_monday_goes_later_in_the_week(
    coc: Course, learner: User, her_manager: User, at: SetClock
) -> None:
    at("2026-03-18")
    assert digest.walk(date(2026, 3, 18)) == {Told.SUPERVISOR: 1}


def test_staff_without_an_address_get_a_slip_to_print(coc: Course, learner: User) -> None:
    without_address(learner)
    daily.run()
    assert mail.outbox == []
    assert ReminderMessage.objects.get().channel == Channel.PAPER


def test_the_command_counts_and_a_dry_run_changes_nothing(coc: Course, learner: User) -> None:
    out = StringIO()
    call_command("send_reminders", "--dry-run", stdout=out)
    assert out.getvalue() == "Would plan: learner 1.\n"
    assert not Reminder.objects.exists()
    call_command("send_reminders", "--on", "2026-03-16", stdout=out)
    assert out.getvalue().endswith("Planned: learner 1. Mails: sent 1.\n")


def test_planning_asks_as_much_for_thirty_people_as_for_three(office: Office, coc: Course) -> None:
    posts = [office.seat(f"extra-{number}", unit="brook") for number in range(30)]
    people = [person(office.hire(f"Extra{number}", "Person", post)).pk for number, post in enumerate(posts)]
    asked = []
    for some in (people[:3], people):
        with CaptureQueriesContext(connection) as caught:
            assert len(list(walking.plan(some, Surroundings(MONDAY)))) == len(some)
        asked.append(len(caught))
    assert asked[0] == asked[1]
