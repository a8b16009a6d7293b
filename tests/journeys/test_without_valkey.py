"""Valkey is down: whoever is signed in goes on working, and whoever is not is told in plain words to wait."""

import pytest
from playwright.sync_api import Page, expect

from courses.models import CourseVersion, LessonCompletion
from lms.organisation.models import User
from tests.journeys import walking
from tests.plugins.browser import OpenPage
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser, pytest.mark.once]
PASSWORD = "counter window seven"


def test_a_learner_goes_on_while_the_cache_is_down(
    live_site: LiveSite, phone: Page, open_page: OpenPage, learner: User, tiny_course: CourseVersion
) -> None:
    learner.set_password(PASSWORD)
    learner.save()
    _try_to_sign_in(phone, live_site, learner)
    expect(phone.get_by_role("heading", name="My learning")).to_be_visible()
    live_site.processes["valkey"].kill()

    phone.goto(live_site.url(f"/courses/{tiny_course.course.code}/"))
    walking.press(phone, "Start or continue this course")
    walking.press(phone, "I have read this")
    assert LessonCompletion.objects.count() == 1

    # Tries are counted in the cache: without it the door stays shut rather than open to guessing.
    newcomer = open_page(width=360)
    _try_to_sign_in(newcomer, live_site, learner)
    expect(newcomer.get_by_role("heading", name="Wait a little")).to_be_visible()


def _try_to_sign_in(page: Page, site: LiveSite, user: User) -> None:
    page.goto(site.url("/accounts/login/"))
    page.get_by_label("Staff number or e-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
