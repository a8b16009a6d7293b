"""The third walk: a lesson and a question from the author's editor, by a second and a third pair of eyes, to a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import PaperVersionDraw
from courses.models import CoursePage, CourseVersion
from lms.organisation import grants
from lms.organisation.models import Role, User
from tests.cast import BY, Office
from tests.journeys import walking
from tests.plugins.browser import OpenPage
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser]
CODE = "TINY-C1-MILK"
WORDS = "Ask first: not everybody takes milk."
WHAT_CHANGED = "Guests are asked whether they take milk."
OWN_WORK = "You edited it since the last version; somebody else has to"
RIGHT = "    right: true\n"
PARTS = f"""\
options:
  - text: Ask the guest
{RIGHT}    feedback: Just so.
  - text: Pour it in
    feedback: Not everybody takes milk.
"""


@pytest.fixture
def writer(office: Office, author: User) -> User:
    """Tomas Reyes, who may approve too: in a small office one person has both roles."""
    grants.grant(author, Role.APPROVER, office.root, by=BY)
    return author


@pytest.fixture
def reader(office: Office) -> User:
    """Pia Holm, a second course author, who reads what others wrote."""
    user = office.hire("Pia", "Holm", office.seat("reader-desk", unit="kopw", category="OFFICE"))
    grants.grant(user, Role.COURSE_AUTHOR, office.root, by=BY)
    return user


def test_what_an_author_writes_reaches_whoever_begins_after_its_approval(
    live_site: LiveSite,
    open_page: OpenPage,
    tiny_course: CourseVersion,
    writer: User,
    reader: User,
    approver: User,
    learner: User,
    colleague: User,
) -> None:
    under_way = _begin(open_page, live_site, learner)
    expect(under_way.locator("main")).to_contain_text("0 of 2 lessons done")

    desk = _desk(open_page, live_site, writer)
    _write_a_lesson(desk, live_site)
    _write_a_question(desk, live_site)
    _edit_course(desk, live_site)
    _choose_action(desk, "Submit to Course approval")
    _is_refused_as_ones_own_approver(desk, live_site)

    second = _desk(open_page, live_site, reader)
    _edit_course(second, live_site)
    _choose_action(second, "Support")
    _told(second, "has been updated")
    assert CourseVersion.objects.get() == tiny_course

    third = _desk(open_page, live_site, approver)
    _edit_course(third, live_site)
    _approve(third)
    version = CourseVersion.objects.latest("number")
    assert (version.number, version.what_changed) == (2, WHAT_CHANGED)
    assert (version.supporter_name, version.approver_name) == ("Pia Holm", "Greta Lindqvist")

    # Whoever is under way keeps what she began; whoever begins now reads the new lesson.
    under_way.reload()
    expect(under_way.locator("main")).to_contain_text("0 of 2 lessons done")
    expect(under_way.get_by_role("link", name="Milk")).to_have_count(0)
    new = _begin(open_page, live_site, colleague)
    expect(new.locator("main")).to_contain_text("0 of 3 lessons done")
    new.get_by_role("link", name="Milk").click()
    expect(new.locator("main")).to_contain_text(WORDS)
    assert _asks(version)
    assert not _asks(tiny_course)


def _begin(open_page: OpenPage, site: LiveSite, user: User) -> Page:
    """A learner's phone, at the course that she has just begun."""
    page = open_page(width=360)
    walking.sign_in_as(page, site, user)
    page.goto(site.url("/courses/TINY/"))
    walking.press(page, "Start or continue this course")
    page.goto(site.url("/learn/TINY/"))
    return page


def _desk(open_page: OpenPage, site: LiveSite, user: User) -> Page:
    page = open_page(width=1280)
    walking.sign_in_as(page, site, user)
    return page


def _write_a_lesson(page: Page, site: LiveSite) -> None:
    course = CoursePage.objects.get()
    page.goto(site.url(reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.pk])))
    page.get_by_role("textbox", name="Title").fill("Milk")
    page.get_by_role("button", name="Insert a block").click()
    page.get_by_role("option", name="Text", exact=True).click()
    page.get_by_role("textbox", name="Text*").fill(WORDS)
    walking.press(page, "Save draft")
    _told(page, "Milk")


def _write_a_question(page: Page, site: LiveSite) -> None:
    """First without a right answer: that is named with its line, and all that was typed is still there."""
    page.goto(site.url(reverse("wagtailsnippets_assessments_question:add")))
    page.get_by_role("combobox", name="Course").select_option(label="TINY")
    page.get_by_role("button", name="Choose criterion").click()
    page.get_by_role("dialog").get_by_role("link", name="T1.C1").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("combobox", name="Kind").select_option("single_choice")
    parts = page.get_by_role("textbox", name="Options, reasons")
    typed = {"Code": CODE, "Stem": "A guest sits down. Milk?", "Feedback": "Who is asked feels at home."}
    for name, words in typed.items():
        page.get_by_role("textbox", name=name).fill(words)
    parts.fill(PARTS.replace(RIGHT, ""))
    walking.press(page, "Save", exact=True)
    expect(page.locator("main")).to_contain_text("Line 1: options: Mark exactly one option as right")
    for name, words in typed.items():
        expect(page.get_by_role("textbox", name=name)).to_have_value(words)
    parts.fill(PARTS)
    walking.press(page, "Save", exact=True)
    _told(page, CODE)


def _is_refused_as_ones_own_approver(page: Page, site: LiveSite) -> None:
    _edit_course(page, site)
    _choose_action(page, "Support")
    _told(page, f"{OWN_WORK} read and support it.")
    _open_actions(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    # It would end the workflow; this is said before the refusal is.
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.locator("main")).to_contain_text(f"{OWN_WORK} publish it.")
    page.get_by_role("radio", name=re.compile("^Wording")).check(force=True)
    walking.press(page, "Publish", exact=True)
    _told(page, f"{OWN_WORK} publish it.")
    _told(page, "nothing was published")


def _approve(page: Page) -> None:
    _open_actions(page)
    page.get_by_role("button", name="Approve and Publish").click()
    asked = page.get_by_role("dialog")
    asked.get_by_role("radio", name=re.compile("^Meaning")).check(force=True)
    asked.get_by_role("textbox", name="What changed").fill(WHAT_CHANGED)
    with page.expect_navigation():
        asked.get_by_role("button", name="Approve").click()
    _told(page, "has been updated")


def _edit_course(page: Page, site: LiveSite) -> None:
    page.goto(site.url(reverse("wagtailadmin_pages:edit", args=[CoursePage.objects.get().pk])))


def _open_actions(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()


def _choose_action(page: Page, name: str) -> None:
    _open_actions(page)
    walking.press(page, name, exact=True)


def _told(page: Page, words: str) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


def _asks(version: CourseVersion) -> bool:
    """Whether the paper of a version may draw the new question."""
    draws = PaperVersionDraw.objects.filter(paper_version__course_version=version)
    return draws.filter(pool__question__code=CODE).exists()
