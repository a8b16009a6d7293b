"""Planning sessions, places and waiting, the sign-in list."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.models import Arrangement, Attendance, Booking, ListSigned, SessionCancelled
from courses.sessions import nightly, places, planning, signing_in
from lms.core.errors import Refused
from lms.organisation.models import User
from tests.cast import BY, Office, person
from tests.courses.meeting import DAY, session, setting, when

pytestmark = pytest.mark.django_db
At = Callable[[str], datetime]
State = Attendance.State


@pytest.fixture(autouse=True)
def _in_may(at: At) -> None:
    at("2026-05-04T08:00")


def _now(arrangement: Arrangement) -> Arrangement:
    return Arrangement.objects.named().with_taken().get(session=arrangement.session)


def test_the_last_place_goes_to_whoever_came_first_and_the_next_one_waits(
    office: Office, learner: User, colleague: User
) -> None:
    workshop = session(office, capacity=1)
    first = places.sign_up(workshop, person(learner), by=learner)
    second = places.sign_up(workshop, person(colleague), by=colleague)
    assert (first.was_waiting, second.was_waiting) == (False, True)
    row = places.row_of(workshop)
    assert ([b.person for b in row.with_place], [b.person for b in row.waiting]) == (
        [person(learner)],
        [person(colleague)],
    )


def test_signing_up_twice_is_one_place(office: Office, learner: User) -> None:
    workshop = session(office)
    assert places.sign_up(workshop, person(learner), by=learner) == places.sign_up(
        workshop, person(learner), by=learner
    )


def test_a_place_given_up_goes_to_the_first_who_waits(
    office: Office, learner: User, colleague: User, her_manager: User
) -> None:
    workshop = session(office, capacity=1)
    mine = places.sign_up(workshop, person(learner), by=learner)
    places.sign_up(workshop, person(colleague), by=colleague)
    places.sign_up(workshop, person(her_manager), by=her_manager)
    places.give_up(mine, by=learner)
    places.give_up(mine, by=learner)
    row = places.row_of(workshop)
    assert [b.person for b in row.with_place] == [person(colleague)]
    assert [b.person for b in row.waiting] == [person(her_manager)]
    assert row.with_place[0].was_waiting
    again = places.sign_up(workshop, person(learner), by=learner)
    assert places.standing_of(person(learner), [workshop.session_id])[workshop.session_id].rank == 3
    assert again.number == 4


def test_no_number_in_the_row_is_given_twice(office: Office, learner: User, colleague: User) -> None:
    workshop = session(office, capacity=1)
    places.sign_up(workshop, person(learner), by=learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(session=workshop.session, person=person(colleague), number=1, by_rule="a race")


def test_nobody_is_signed_up_for_two_sessions_at_one_time(office: Office, learner: User) -> None:
    places.sign_up(session(office), person(learner), by=learner)
    meanwhile = session(office, title="Forms", when=when(starts=time(11), ends=time(13)))
    with pytest.raises(Refused, match="at the same time"):
        places.sign_up(meanwhile, person(learner), by=learner)
    afternoon = session(office, title="Letters", when=when(starts=time(12), ends=time(13)))
    assert places.sign_up(afternoon, person(learner), by=learner)


def test_a_session_is_for_those_who_are_invited(office: Office, learner: User, stranger: User) -> None:
    in_hill = session(office, unit="hill", categories=[office.categories["CLERK"]])
    assert places.is_invited(in_hill, person(learner))
    with pytest.raises(Refused, match="does not belong"):
        places.sign_up(in_hill, person(stranger), by=stranger)
    assert places.sign_up(in_hill, person(stranger), by=BY, needs_invitation=False)
    leads = session(
        office, unit="hill", title="Leads", categories=[office.categories["LEAD"]], when=when(date(2026, 7, 1))
    )
    assert not places.is_invited(leads, person(learner))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (when(starts=time(12), ends=time(9)), "ends before it begins"),
        (when(date(2026, 5, 3)), "is past"),
        (when(last=DAY - timedelta(days=1)), "last day is before"),
        (when(date(2030, 1, 1)), "years ahead"),
        (when(last=DAY + timedelta(days=40)), "Plan several"),
    ],
)
def test_hours_that_make_no_sense_are_refused(office: Office, days: planning.When, words: str) -> None:
    with pytest.raises(Refused, match=words):
        session(office, when=days)


def test_a_session_never_has_fewer_places_than_people_have(office: Office, learner: User, colleague: User) -> None:
    workshop = session(office, capacity=2)
    for user in (learner, colleague):
        places.sign_up(workshop, person(user), by=user)
    with pytest.raises(Refused, match="2 people have a place"):
        planning.rearrange(workshop, setting(office, capacity=1), reason="Small room", by=BY)
    moved = planning.rearrange(workshop, setting(office, when=when(date(2026, 6, 18))), reason="Room taken", by=BY)
    assert (moved.first_day, _now(moved).taken) == (date(2026, 6, 18), 2)
    assert planning.rearrange(moved, nightly.setting_of(moved), reason="", by=BY).pk == moved.pk


def test_a_cancelled_session_frees_everybody(office: Office, learner: User, colleague: User) -> None:
    workshop = session(office)
    places.sign_up(workshop, person(learner), by=learner)
    with pytest.raises(Refused, match="Say why"):
        planning.cancel(workshop, reason=" ", by=BY)
    planning.cancel(workshop, reason="Flood", by=BY)
    planning.cancel(workshop, reason="Twice", by=BY)
    assert SessionCancelled.objects.get().reason == "Flood"
    assert places.sign_up(session(office, title="Instead"), person(learner), by=learner)
    with pytest.raises(Refused, match="cancelled"):
        places.sign_up(workshop, person(colleague), by=colleague)


def test_a_list_is_signed_once_and_whoever_is_not_ticked_was_absent(
    office: Office, learner: User, colleague: User, at: At
) -> None:
    workshop = session(office)
    for user in (learner, colleague):
        places.sign_up(workshop, person(user), by=user)
    with pytest.raises(Refused, match="opens on the day"):
        signing_in.tick(workshop, {person(learner): State.PRESENT}, by=BY)
    at("2026-06-16T10:00")
    with pytest.raises(Refused, match="begun"):
        places.give_up(Booking.objects.all()[0], by=learner)
    with pytest.raises(Refused, match="Nobody is ticked"):
        signing_in.sign(workshop, by=BY)
    signing_in.tick(workshop, {person(learner): State.PRESENT}, by=BY)
    signed = signing_in.sign(workshop, by=BY)
    at("2026-06-17T10:00")
    assert signing_in.sign(workshop, by=learner) == signed
    assert ListSigned.objects.count() == 1
    states = {mark.person: mark.state for mark in Attendance.objects.counting()}
    assert states == {person(learner): "present", person(colleague): "absent"}
    with pytest.raises(Refused, match="signed"):
        signing_in.tick(workshop, {person(colleague): State.PRESENT}, by=BY)
    with pytest.raises(Refused, match="took place"):
        planning.cancel(workshop, reason="Late", by=BY)


def test_a_correction_needs_a_reason_and_leaves_what_stood_on_record(
    office: Office, learner: User, colleague: User, at: At
) -> None:
    workshop = session(office)
    places.sign_up(workshop, person(learner), by=learner)
    at("2026-06-16T13:00")
    signing_in.tick(workshop, {person(learner): State.PRESENT}, by=BY)
    signing_in.sign(workshop, by=BY)
    with pytest.raises(Refused, match="Say why"):
        signing_in.correct(workshop, person(learner), State.EXCUSED, reason="", by=BY)
    signing_in.correct(workshop, person(learner), State.EXCUSED, reason="Was at court", by=BY)
    signing_in.correct(workshop, person(colleague), State.PRESENT, reason="Came late", by=BY)
    marks = Attendance.objects.filter(person=person(learner)).order_by("pk")
    assert [(mark.state, mark.reason) for mark in marks] == [("present", ""), ("excused", "Was at court")]
    assert {mark.state for mark in Attendance.objects.counting()} == {"excused", "present"}


def test_people_are_added_by_their_staff_number(office: Office, learner: User, at: At) -> None:
    workshop = session(office)
    assert signing_in.person_with("k100", workshop) == person(learner)
    assert signing_in.person_with("OPW/K100", workshop) == person(learner)
    with pytest.raises(Refused, match="Nobody has the staff number"):
        signing_in.person_with("K999", workshop)
