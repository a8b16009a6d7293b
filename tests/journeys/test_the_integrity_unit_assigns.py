"""Amaka requires an integrity course of everybody; it stands in their *My learning*; she sees status and no answers."""

import pytest
from playwright.sync_api import Page, expect

from lms.core import clock
from lms.demo.sign_ins import SignIn
from lms.organisation.models import Person
from tests.journeys import walking
from tests.plugins.browser import OpenPage
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser]
RULE = "Before the visit of the ombud"


def test_what_she_assigns_is_asked_of_people_in_all_units(
    live_site: LiveSite, demo: dict[str, SignIn], desktop: Page, open_page: OpenPage
) -> None:
    walking.sign_in(desktop, live_site, demo["Amaka Eze"])
    desktop.goto(live_site.url("/requirements/new/"))
    expect(desktop.locator("main")).not_to_contain_text("CPR-1")
    desktop.get_by_label("Name of the rule").fill(RULE)
    desktop.get_by_role("checkbox", name="COC-ZA").check(force=True)
    desktop.get_by_label("Office or unit").select_option(label="Ministry of Community Services (MCS)")
    desktop.get_by_label("Days to do it in").fill("1")
    desktop.get_by_label("From which day").fill(clock.today().isoformat())
    walking.press(desktop, "Show whom it reaches")
    expect(desktop.get_by_role("heading", name="This rule reaches 521 people")).to_be_visible()
    walking.press(desktop, "See whose dates move, and propose it")
    walking.press(desktop, "Ask for approval")
    expect(desktop.locator("main")).to_contain_text("You cannot approve it yourself")
    _approve(live_site, demo["Devon Clarke"], open_page(width=1280))
    desktop.goto(live_site.url("/requirements/"))
    expect(desktop.locator("main")).to_contain_text(RULE)

    ruth = open_page(width=360)
    walking.sign_in(ruth, live_site, demo["Ruth Adeyemi"])
    ruth.goto(live_site.url("/my/"))
    expect(ruth.locator("main")).to_contain_text(RULE)
    expect(ruth.locator("main")).to_contain_text("tomorrow")

    person = Person.objects.get(given_names="Ruth", surname="Adeyemi")
    desktop.goto(live_site.url(f"/integrity/{person.uuid}/"))
    desktop.get_by_label("Why do you need to see it?").fill("Quarterly report of the integrity unit")
    walking.press(desktop, "Show the record")
    expect(desktop.locator("main")).to_contain_text("Not yet due")
    answer = desktop.goto(live_site.url(f"/team/{person.uuid}/"))
    assert answer is not None
    assert answer.status == 403


def _approve(site: LiveSite, hr: SignIn, page: Page) -> None:
    """HR reads the preview, all of whose dates the worker counts, and approves."""
    walking.sign_in(page, site, hr)
    page.goto(site.url("/requirements/proposals/"))
    page.get_by_role("link", name=RULE).click()
    for _look in range(60):
        expect(page.get_by_role("heading", name="Whose dates move, and what cannot be met")).to_be_visible()
        if not page.get_by_text("Being counted").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    walking.press(page, "Approve")
    expect(page.locator("main")).to_contain_text("Approved: the rules are changed.")
