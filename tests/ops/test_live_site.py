"""What journeys lean on: the test and the real processes share database, passwords and time."""

import pytest
from playwright.sync_api import Page

from lms.core import clock
from tests.page_cases import LEARNER
from tests.plugins.live_site import LiveSite
from tests.plugins.roles import SomebodyWith

pytestmark = [pytest.mark.services, pytest.mark.browser, pytest.mark.once]


def test_somebody_signs_in_with_a_browser_and_time_moves_for_all(
    live_site: LiveSite, phone: Page, somebody_with: SomebodyWith
) -> None:
    user = somebody_with(LEARNER)
    user.email = "learner@ministry.example"
    user.set_password("counter window seven")
    user.save()

    phone.goto(live_site.url("/accounts/login/"))
    phone.get_by_label("Staff number or e-mail address").fill(user.email)
    phone.get_by_label("Password", exact=True).fill("counter window seven")
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url(lambda url: "/accounts/login" not in url)

    before = clock.now()
    live_site.move(days=3)
    assert (clock.now() - before).days == 3
    elsewhere = float(live_site.manage("shell", "-v", "0", "-c", _WHAT_TIME_IS_IT))
    assert elsewhere == pytest.approx(clock.now().timestamp(), abs=60)


def test_the_next_test_finds_nothing_of_it(live_site: LiveSite, somebody_with: SomebodyWith) -> None:
    assert somebody_with(LEARNER).email == ""
    live_site.kill_web()
    assert not live_site.is_ready()
    live_site.start_web()
    assert live_site.is_ready()


_WHAT_TIME_IS_IT = "from lms.core import clock; print(clock.now().timestamp())"
