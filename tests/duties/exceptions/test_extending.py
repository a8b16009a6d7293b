"""More time: who may ask and decide, and what it moves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from courses.models import Course
from lms.core import clock
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.duties import recounting, upkeep
from lms.duties.coverage import count
from lms.duties.duties import duties_of
from lms.duties.exceptions import extending
from lms.duties.models import Extension, ExtensionRequest
from lms.duties.spans import State
from lms.duties.targets import Target
from lms.organisation.models import User
from tests.cast import Office, person
from tests.duties.making import TODAY, make_course, make_rule
from tests.plugins.time import SetClock

WANTED = date(2026, 4, 30)


@pytest.fixture(autouse=True)
def _held(at: SetClock) -> None:
    """Before anything is made, so that all is known from here on."""
    at(TODAY)


@pytest.fixture
def course(office: Office) -> Course:
    """Overdue since January for whoever is in post."""
    course = make_course("COC", is_integrity=True)
    make_rule(office, course, due_days=10)
    return course


def _ask(learner: User, course: Course, *, by: User | None = None, until: date = WANTED) -> ExtensionRequest:
    return extending.ask(person(learner), Target.any_of([course.pk]), until=until, reason="Flood.", by=by or learner)


def test_more_time_moves_the_due_day_from_its_decision_on(
    office: Office, learner: User, hr: User, course: Course, at: SetClock
) -> None:
    who = person(learner)
    [duty] = duties_of(who, TODAY)
    assert (duty.state, duty.due_on) == (State.OVERDUE, date(2026, 1, 11))
    before = clock.now()
    at(datetime(2026, 3, 16, 15, tzinfo=ZoneInfo("UTC")))
    extending.grant(_ask(learner, course), until=WANTED, by=hr)
    [duty] = duties_of(who, TODAY)
    assert (duty.state, duty.due_on) == (State.NOT_YET_DUE, WANTED)
    # Yesterday was what it was, and an hour ago nobody knew.
    assert duties_of(who, TODAY - timedelta(days=1))[0].state == State.OVERDUE
    assert duties_of(who, TODAY, known_at=before)[0].state == State.OVERDUE
    # HR herself is overdue all the same.
    upkeep.work_off()
    figures = count(office.root, TODAY).rows()
    assert (figures[0].not_yet_due, figures[0].overdue) == (1, 1)
    assert figures == recounting.count(office.root, TODAY).rows()
    at("2026-05-01")
    assert duties_of(who, date(2026, 5, 1))[0].state == State.OVERDUE


def test_the_latest_of_several_days_stands_and_may_be_taken_back(learner: User, hr: User, course: Course) -> None:
    first = extending.grant(_ask(learner, course), until=WANTED, by=hr)
    later = extending.grant(_ask(learner, course, until=date(2026, 5, 31)), until=date(2026, 5, 20), by=hr)
    assert duties_of(person(learner), TODAY)[0].due_on == date(2026, 5, 20)
    extending.take_back(later, reason="The flood is over.", by=hr)
    assert duties_of(person(learner), TODAY)[0].due_on == WANTED
    extending.take_back(first, reason="The flood is over.", by=hr)
    assert duties_of(person(learner), TODAY)[0].state == State.OVERDUE


def test_asking_and_deciding_twice_changes_nothing(learner: User, hr: User, course: Course) -> None:
    assert _ask(learner, course) == _ask(learner, course)
    request = _ask(learner, course)
    with pytest.raises(Refused, match="asked for already"):
        _ask(learner, course, until=date(2026, 6, 1))
    assert extending.grant(request, until=WANTED, by=hr) == extending.grant(request, until=WANTED, by=hr)
    assert Extension.objects.count() == 1
    assert AuditEntry.objects.filter(action="more time given").count() == 1
    with pytest.raises(Refused, match="decided on this already"):
        extending.decline(request, reason="No.", by=hr)


def test_nobody_decides_for_themselves_nor_without_the_role(
    office: Office, learner: User, her_manager: User, stranger: User, hr: User, course: Course
) -> None:
    request = _ask(learner, course, by=her_manager)
    for user in (learner, her_manager, stranger):
        with pytest.raises(Refused, match="Nobody decides for themselves"):
            extending.grant(request, until=WANTED, by=user)
    own = _ask(hr, course, by=hr)
    with pytest.raises(Refused, match="Nobody decides for themselves"):
        extending.grant(own, until=WANTED, by=hr)
    with pytest.raises(Refused, match="ask for this person"):
        _ask(her_manager, course, by=stranger)
    with pytest.raises(Refused, match="Say why"):
        extending.decline(request, reason=" ", by=hr)
    assert extending.decline(request, reason="There was time.", by=hr).outcome == "declined"


def test_the_integrity_unit_decides_on_its_courses_only(
    office: Office, learner: User, integrity_officer: User, course: Course
) -> None:
    other = make_course("DESK")
    make_rule(office, other, due_days=10)
    extending.grant(_ask(learner, course), until=WANTED, by=integrity_officer)
    with pytest.raises(Refused, match="does not let you decide"):
        extending.grant(_ask(learner, other), until=WANTED, by=integrity_officer)


def test_the_owner_of_the_rule_decides(office: Office, learner: User, stranger: User, course: Course) -> None:
    rule = make_rule(office, make_course("DESK"), due_days=10)
    rule.owner = stranger
    rule.save()
    desk = Course.objects.get(code="DESK")
    assert extending.grant(_ask(learner, desk), until=WANTED, by=stranger).due_until == WANTED
    with pytest.raises(Refused, match="does not let you decide"):
        extending.grant(_ask(learner, course), until=WANTED, by=stranger)


def test_a_day_that_gives_no_more_time_is_refused(learner: User, course: Course) -> None:
    with pytest.raises(Refused, match="16 March 2026"):
        _ask(learner, course, until=TODAY)
    with pytest.raises(Refused, match="ten years"):
        _ask(learner, course, until=date(2040, 1, 1))
    with pytest.raises(Refused, match="nothing to extend"):
        _ask(learner, make_course("ELSE"))
