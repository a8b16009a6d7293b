"""kill -9 of the web process after a receipt: the answer that the page called saved is still there."""

import pytest
from playwright.sync_api import Page, expect

from assessments.models import AnswerStep
from courses import enrolling, reading
from courses.models import CourseVersion
from lms.organisation.models import User
from tests.journeys import walking
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser]


def test_an_answer_with_a_receipt_survives_the_web_process(
    live_site: LiveSite, phone: Page, learner: User, tiny_course: CourseVersion
) -> None:
    _read_all(learner, tiny_course)
    walking.sign_in_as(phone, live_site, learner)
    phone.goto(live_site.url(f"/learn/{tiny_course.course.code}/paper/"))
    walking.press(phone, "Start the paper")
    phone.wait_for_url("**/papers/**")
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


def _read_all(learner: User, version: CourseVersion) -> None:
    assert learner.person is not None
    enrolment = enrolling.enrol(learner.person, version.course, by=learner)
    for lesson in version.lessons.all():
        finish = reading.acknowledge if lesson.completion == "acknowledged" else reading.complete
        finish(enrolment, lesson, by=learner)
