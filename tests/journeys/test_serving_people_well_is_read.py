"""The fourth walk: *Serving people well* on a phone, from the first page to the last, with everything there is to do."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.models import AttemptQuestion
from courses.curriculum.loading import OWN_PACKS, load
from courses.models import CourseVersion, Feedback
from lms.organisation.models import User
from tests.journeys import walking
from tests.plugins.live_site import LiveSite

# What it looks at does not depend on the database, and it is the longest walk.
pytestmark = [pytest.mark.services, pytest.mark.browser, pytest.mark.once]
_ANSWER = re.compile("Check my answer|This is what I do")
_FINISH = re.compile("^I have read this – |^I acknowledge this")
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def course(db: None) -> CourseVersion:
    """The course with the framework that it needs; no other pack."""
    for pack in ("framework", "ccf-1"):
        load(OWN_PACKS / pack)
    return CourseVersion.objects.get(course__code="CCF-1")


def test_a_learner_reads_the_whole_course_passes_and_says_what_she_thinks(
    live_site: LiveSite, phone: Page, learner: User, course: CourseVersion
) -> None:
    walking.sign_in_as(phone, live_site, learner)
    phone.goto(live_site.url("/courses/CCF-1/"))
    walking.press(phone, "Start or continue this course")
    lessons = course.lessons.count()
    for place in range(1, lessons + 1):
        expect(phone.locator("main")).to_contain_text(f"Lesson {place} of {lessons}")
        _do_everything(phone)
        walking.press(phone, _FINISH)
    expect(phone.locator("main")).to_contain_text(f"{lessons} of {lessons} lessons done")
    _fits(phone)

    phone.get_by_role("link", name="Quick cards to print").click()
    expect(phone.get_by_role("heading", level=1, name="Quick cards")).to_be_visible()
    expect(phone.locator("main .frontline-card")).to_have_count(_cards(course))
    _fits(phone)

    _pass_the_paper(phone, live_site)
    _say_what_she_thinks(phone, live_site)


def _do_everything(page: Page) -> None:
    """Answer each activity of the lesson once, write into each reflection and compare."""
    forms = page.locator("[id^='block-'] form")
    _fits(page)
    for block in forms.evaluate_all("forms => forms.map(form => form.closest('[id^=block-]:not([id*=-step-])').id)"):
        _answer(page, page.locator(f"#{block}"))
    for reflection in page.locator("section", has=page.locator("textarea")).all():
        reflection.locator("textarea").fill("I would ask first.")
        reflection.locator("summary").click()
        expect(reflection.locator(".govuk-details__text")).to_be_visible()
    _fits(page)


def _answer(page: Page, block: Locator) -> None:
    """Choose something for all that is asked, step by step where it is a case, until there is feedback on all of it."""
    button = block.get_by_role("button", name=_ANSWER).filter(visible=True)
    given = 0
    # Once all is answered the form is folded away, or gone.
    while button.count():
        _fill_in(block)
        button.click()
        given += 1
        expect(block.locator(".govuk-inset-text")).to_have_count(given)
    assert given


def _fill_in(block: Locator) -> None:
    # Places in an order are given once each; of groups and sides any will do.
    for place, select in enumerate(block.locator("select").all(), start=1):
        options = select.locator("option").count() - 1
        select.select_option(index=(place - 1) % options + 1)
    choices = block.locator("input[type=radio], input[type=checkbox]")
    if choices.count():
        # By its words, as a thumb does: the page still moves to where the next step begins.
        block.locator(".govuk-radios__label, .govuk-checkboxes__label").first.click()
        expect(choices.first).to_be_checked()


def _pass_the_paper(page: Page, site: LiveSite) -> None:
    page.goto(site.url("/learn/CCF-1/paper/"))
    expect(page.get_by_role("button", name="Start the paper")).to_be_visible()
    _fits(page)
    walking.press(page, "Start the paper")

    def knows(_question: AttemptQuestion) -> bool:
        _fits(page)
        return True

    walking.take_paper(page, knows=knows)
    expect(page.locator("main")).to_contain_text("Competent")
    expect(page.locator("main")).not_to_contain_text("Not yet competent")
    _fits(page)


def _say_what_she_thinks(page: Page, site: LiveSite) -> None:
    page.goto(site.url("/learn/CCF-1/"))
    expect(page.get_by_role("heading", name="You have passed")).to_be_visible()
    walking.press(page, "Say what you think")
    for name in ("usefulness", "clarity"):
        page.locator(f"input[name={name}]").first.check(force=True)
    page.locator("textarea[name=words]").fill("More cases like the queue.")
    _fits(page)
    walking.press(page, "Send my answers")
    expect(page.get_by_role("link", name="Say what you think")).to_have_count(0)
    assert Feedback.objects.get().words == "More cases like the queue."


def _fits(page: Page) -> None:
    assert not page.evaluate(_WIDER), f"{page.url} is wider than the phone"


def _cards(course: CourseVersion) -> int:
    return sum(block["kind"] == "quick_card" for lesson in course.lessons.all() for block in lesson.blocks)
