"""kill -9 of the web process after a receipt: the answer that the page called saved is still there, the last of all."""

import re

import pytest
from playwright.sync_api import Page, expect

from assessments import answering
from assessments.models import AnswerStep, AttemptQuestion, Kind
from courses import enrolling, reading
from courses.models import CourseVersion
from lms.organisation.models import User
from tests.journeys import walking
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser]


def test_an_answer_with_a_receipt_survives_the_web_process(
    live_site: LiveSite, phone: Page, learner: User, tiny_course: CourseVersion
) -> None:
    _begin_the_paper(phone, live_site, learner, tiny_course)
    question = walking.question_on(phone)
    walking.answer(phone, question, rightly=True)
    expect(phone.locator("[data-receipt]")).to_contain_text("Saved")
    given = AnswerStep.objects.filter(question=question).latest("clock").answer

    live_site.kill_web()
    live_site.start_web()
    phone.reload()
    assert walking.question_on(phone) == question
    assert AnswerStep.objects.filter(question=question).latest("clock").answer == given
    expect(phone.locator("form input:checked, form select option:checked:not([value=''])").first).to_be_attached()


def test_of_several_quick_changes_the_last_one_counts(
    live_site: LiveSite, phone: Page, learner: User, tiny_course: CourseVersion
) -> None:
    _begin_the_paper(phone, live_site, learner, tiny_course)
    question = _question_with_many_fields(phone)
    for rightly in (False, True, False, True):
        walking.answer(phone, question, rightly=rightly)

    live_site.kill_web()
    attempt = question.attempt
    assert answering.standing(attempt)[question.pk].answer == walking.right_answer(question.question_version)
    assert attempt.steps.count() >= 4 * len(question.question_version.body["steps"])


def _begin_the_paper(phone: Page, site: LiveSite, learner: User, version: CourseVersion) -> None:
    _read_all(learner, version)
    walking.sign_in_as(phone, site, learner)
    phone.goto(site.url(f"/learn/{version.course.code}/paper/"))
    walking.press(phone, "Start the paper")
    phone.wait_for_url("**/papers/**")


def _question_with_many_fields(phone: Page) -> AttemptQuestion:
    attempt = walking.question_on(phone).attempt
    question = attempt.questions.get(question_version__kind=Kind.ORDERING)
    walking.press(phone, re.compile(rf"Question\s+{question.position}\b"))
    return walking.question_on(phone)


def _read_all(learner: User, version: CourseVersion) -> None:
    assert learner.person is not None
    enrolment = enrolling.enrol(learner.person, version.course, by=learner)
    for lesson in version.lessons.all():
        finish = reading.acknowledge if lesson.completion == "acknowledged" else reading.complete
        finish(enrolment, lesson, by=learner)
