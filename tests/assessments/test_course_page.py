"""What the learner's course page says about the paper."""

from assessments import course_page, starting, submitting
from assessments.models import Attempt, Submission
from courses.models import CourseVersion, Enrolment
from courses.ports import CourseStep
from lms.organisation.models import User
from tests.assessments import making
from tests.assessments.conftest import Answer
from tests.cast import person
from tests.plugins.time import SetClock


def _paper(enrolment: Enrolment) -> CourseStep:
    return course_page.steps(enrolment)[0]


def test_the_lessons_come_first(monday: None, learner: User) -> None:
    version = making.make_course(lessons=2)
    step = _paper(making.enrol(person(learner), version, lessons_done=False))
    assert step.detail == "Opens when the 2 lessons still open are done."
    assert not step.is_open
    assert step.minutes == 30


def test_it_is_open_once_they_are_done(enrolment: Enrolment) -> None:
    step = _paper(enrolment)
    assert step == CourseStep(
        "The paper", "3 tries left.", "/learn/DUTY/paper/", is_done=False, minutes=30, is_open=True
    )


def test_a_paper_that_was_begun_can_be_gone_on_with(attempt: Attempt, enrolment: Enrolment) -> None:
    assert _paper(enrolment).detail.startswith("Begun.")
    assert _paper(enrolment).is_open


def test_after_a_try_it_says_when_it_opens_again(
    attempt: Attempt, enrolment: Enrolment, learner: User, at: SetClock
) -> None:
    submitting.submit(attempt, by=learner)
    assert "opens again on 5 March 2026" in _paper(enrolment).detail
    assert not _paper(enrolment).is_open
    at("2026-03-05")
    assert _paper(enrolment).detail == "2 tries left."
    assert _paper(enrolment).is_open
    second = starting.start(enrolment, by=learner)
    assert _paper(enrolment).detail.startswith("Begun.")
    submitting.submit(second, by=learner)
    assert Submission.objects.count() == 2
    assert "10 March 2026" in _paper(enrolment).detail


def test_a_met_paper_is_done(attempt: Attempt, enrolment: Enrolment, learner: User, answer: Answer) -> None:
    answer(attempt)
    submitting.submit(attempt, by=learner)
    step = _paper(enrolment)
    assert step.is_done
    assert step.detail == "Every criterion of the paper is met."


def test_the_paper_and_the_page_say_the_same(course: CourseVersion, enrolment: Enrolment, learner: User) -> None:
    submitting.submit(starting.start(enrolment, by=learner), by=learner)
    paper = starting.paper_of(enrolment)
    assert paper is not None
    view = starting.outlook_now(enrolment, paper, starting.attempts_of(enrolment))
    assert _paper(enrolment).detail == view.refusal
