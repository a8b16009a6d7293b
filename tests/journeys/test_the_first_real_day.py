"""An empty site: somebody who has read only the README sets it up, and a clerk without e-mail learns the same day."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.journeys.walking import PASSWORD, press
from tests.plugins.browser import OpenPage
from tests.plugins.live_site import LiveSite

pytestmark = [pytest.mark.services, pytest.mark.browser]
PACKS = Path(settings.BASE_DIR) / "courses" / "packs"


@pytest.fixture
def empty_site(live_site: LiveSite) -> LiveSite:
    """What `make run DEMO=0` starts, with one course of its curriculum."""
    for pack in ("framework", "coc-za"):
        call_command("load_curriculum", str(PACKS / pack), verbosity=0)
    return live_site


def test_from_an_empty_site_to_my_learning(empty_site: LiveSite, desktop: Page, open_page: OpenPage) -> None:
    _set_up(desktop, empty_site)
    _open_an_office(desktop)
    _make_a_rule(desktop)
    number, code, target = _print_a_card(desktop)

    phone = open_page(width=360)
    phone.goto(empty_site.url(target))
    expect(phone.get_by_label("Staff number")).to_have_value(number)
    phone.get_by_label("One-time code").fill(code)
    press(phone, "Continue")
    for field in phone.locator("input[type=password]").all():
        field.fill(PASSWORD)
    press(phone, "Save my password")
    expect(phone.locator("main")).to_contain_text("Everybody knows the code of conduct within 30 days")
    assert phone.url.endswith("/my/")

    desktop.goto(empty_site.url("/organisation/"))
    expect(desktop.get_by_text("To do", exact=True)).to_have_count(0)
    stranger = open_page(width=360)
    stranger.goto(empty_site.url("/first-run/"))
    expect(stranger.locator("main")).to_contain_text("has its first administrator already")


def _set_up(page: Page, site: LiveSite) -> None:
    page.goto(site.url("/"))
    expect(page.get_by_role("heading", name="Set up this site")).to_be_visible()
    page.get_by_label("Your given names").fill("Ada")
    page.get_by_label("Your surname").fill("Bello")
    page.get_by_label("Your e-mail address").fill("ada@records.example")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    press(page, "Become the administrator")
    page.get_by_label("Name of the organisation").fill("Bureau of Records")
    page.get_by_label("Short name").fill("BoR")
    page.get_by_label("Code", exact=True).fill("BOR")
    press(page, "Save and continue")
    page.get_by_role("checkbox", name="South Africa (ZA)").check(force=True)
    press(page, "Save and continue")
    expect(page.get_by_label("Public holidays of")).to_have_value("ZA")
    press(page, "Save and continue")
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    expect(page.get_by_text("To do", exact=True)).to_have_count(5)


def _open_an_office(page: Page) -> None:
    page.get_by_role("link", name="Enter offices and posts").click()
    press(page, "Open a unit below it")
    page.get_by_label("Name", exact=True).fill("Harbour office")
    page.get_by_label("Code", exact=True).fill("harbour")
    press(page, "Save")
    press(page, "Make posts here")
    page.get_by_label("Title of the post").fill("Counter clerk")
    page.get_by_label("Name of another kind of work").fill("Counter staff")
    page.get_by_role("checkbox", name="Serves the public").check(force=True)
    page.get_by_label("How many such posts").fill("2")
    press(page, "Save")
    page.get_by_role("link", name=re.compile("Put somebody in")).first.click()
    page.get_by_label("Given names").fill("Thabo")
    page.get_by_label("Surname").fill("Nkosi")
    page.get_by_label("Staff number").fill("7001")
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("Thabo Nkosi")


def _make_a_rule(page: Page) -> None:
    page.get_by_role("link", name="Organisation", exact=True).first.click()
    page.get_by_role("link", name="Make a rule").click()
    page.get_by_role("link", name="Everybody knows the code of conduct within 30 days").click()
    press(page, "Show whom it reaches")
    expect(page.get_by_role("heading", name="This rule reaches 1 person")).to_be_visible()
    press(page, "Save the rule")


def _print_a_card(page: Page) -> tuple[str, str, str]:
    """The staff number and the code on the card, and where its QR code leads."""
    page.get_by_role("link", name="Organisation", exact=True).first.click()
    page.get_by_role("link", name="Print one-time codes").click()
    page.get_by_label("Office or unit").select_option(label="Harbour office (harbour)")
    press(page, "Show who needs a code")
    press(page, "Issue the codes")
    card = page.get_by_role("region", name="Thabo Nkosi")
    expect(card.get_by_role("img", name="QR code")).to_be_visible()
    code = card.locator("[data-code]").inner_text()
    number = card.locator("dd").first.inner_text()
    return number, code, f"/accounts/first/?login={number}"
