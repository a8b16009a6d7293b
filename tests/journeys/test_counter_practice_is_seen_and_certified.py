"""The second walk: two lessons, one criterion that an assessor sees at the counter, then the certificate."""

import pytest
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from courses.models import CriterionDecision
from lms.core import clock
from lms.demo.sign_ins import SignIn
from lms.organisation.models import Person
from tests.journeys import walking
from tests.plugins.browser import OpenPage
from tests.plugins.live_site import LiveSite
from tools.processes import wait_until

pytestmark = [pytest.mark.services, pytest.mark.browser]


def test_an_assessor_sees_thandi_at_her_counter(
    live_site: LiveSite, demo: dict[str, SignIn], phone: Page, open_page: OpenPage
) -> None:
    walking.sign_in_first_time(phone, live_site, demo["Thandi Mokoena"])
    phone.goto(live_site.url("/courses/CPR-1/"))
    walking.press(phone, "Start or continue this course")
    walking.read_lesson(phone)
    walking.read_lesson(phone)

    maria = open_page(width=1280)
    walking.sign_in(maria, live_site, demo["Maria Torres"])
    _write_the_sheet(maria, live_site, ticks=["valid", "authentic", "current"])
    expect(maria.get_by_role("alert").first).to_contain_text("four ticks")
    assert not CriterionDecision.objects.exists()
    maria.get_by_role("checkbox", name="Sufficient").check(force=True)
    walking.press(maria, "Record the decision")
    maria.wait_for_url(lambda url: "U4.C6" not in url)
    assert CriterionDecision.objects.get().place == "Eastmarket, counter 3"

    wait_until(lambda: Certificate.objects.filter(entries__position__isnull=False).exists(), seconds=180)
    phone.goto(live_site.url("/certificates/"))
    expect(phone.locator("main")).to_contain_text("Counter practice")


def _write_the_sheet(page: Page, site: LiveSite, *, ticks: list[str]) -> None:
    thandi = Person.objects.get(given_names="Thandi", surname="Mokoena")
    page.goto(site.url("/marking/"))
    expect(page.locator("main")).to_contain_text("Thandi Mokoena")
    page.goto(site.url(f"/marking/{thandi.uuid}/CPR-1/U4.C6/"))
    page.get_by_role("radio", name="Observation").check(force=True)
    page.get_by_label("Date", exact=True).fill(clock.today().isoformat())
    page.get_by_role("textbox", name="Place").fill("Eastmarket, counter 3")
    for tick in ticks:
        page.locator(f"input[name={tick}]").check(force=True)
    page.get_by_role("radio", name="Competent", exact=True).check(force=True)
    walking.press(page, "Record the decision")
