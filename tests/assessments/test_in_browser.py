"""A paper in a real browser: answers are saved as they are given, with a receipt, and again until they are safe."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from assessments import answering, starting
from assessments.models import AnswerStep, Attempt, Kind, Submission
from lms.organisation.models import User
from tests.assessments import making
from tests.cast import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ClientFor = Callable[[User], Client]
OpenPage = Callable[..., Page]
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


@pytest.fixture
def whole(learner: User) -> Attempt:
    """An attempt with every kind of question."""
    version = making.make_course("WHOLE", questions=5, draw=5)
    return starting.start(making.enrol(person(learner), version), by=learner)


@pytest.fixture
def browse(live_server: LiveServer, open_page: OpenPage, client_for: ClientFor, learner: User) -> Callable[..., Page]:
    """`browse(path)`: Lindiwe's browser on a page of the site."""

    def browse(path: str, *, javascript: bool = True) -> Page:
        page = open_page(javascript=javascript)
        cookie = client_for(learner).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return browse


Browse = Callable[..., Page]


def _path(attempt: Attempt, kind: str) -> str:
    position = attempt.questions.filter(question_version__kind=kind)[0].position
    return f"/papers/{attempt.uuid}/{position}/"


def test_a_choice_is_saved_at_once_with_a_receipt(browse: Browse, whole: Attempt) -> None:
    page = browse(_path(whole, Kind.SINGLE_CHOICE))
    page.get_by_label("Hand it back").check()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert AnswerStep.objects.get().answer == [0]
    page.get_by_label("Keep it").check()
    here = page.url
    page.get_by_role("button", name=re.compile("^Save and")).click()
    page.wait_for_url(lambda url: url != here)
    assert list(AnswerStep.objects.order_by("clock").values_list("sequence", "answer")) == [(1, [0]), (2, [1])]
    page.go_back()
    expect(page.get_by_label("Keep it")).to_be_checked()


def test_nothing_is_called_saved_while_a_newer_change_waits(browse: Browse, whole: Attempt) -> None:
    page = browse(_path(whole, Kind.ORDERING))
    status = page.get_by_role("status")
    held: list[Route] = []
    page.get_by_label("Close the file").select_option(label="1")
    expect(status).to_have_text(SAVED)

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/save/", hold)
    with page.expect_request("**/save/"):
        page.get_by_label("Hand it over").select_option(label="3")
    page.get_by_label("Close the file").select_option(label="2")
    expect(status).to_have_text("Saving…")
    # The receipt of the first of the two changes says nothing about the second.
    with page.expect_request("**/save/"):
        held[0].fallback()
    assert status.inner_text() == "Saving…"
    held[1].fallback()
    expect(status).to_have_text(SAVED)
    assert AnswerStep.objects.latest("clock").answer == [1, None, 2, None]


def test_an_answer_that_did_not_arrive_is_sent_again(browse: Browse, whole: Attempt) -> None:
    page = browse(_path(whole, Kind.MATCHING))
    refusals: list[str] = []

    def refuse_once(route: Route) -> None:
        if refusals:
            route.fallback()
        else:
            refusals.append(route.request.url)
            route.fulfill(status=200, content_type="text/html", body="The network's own page.")

    page.route("**/save/", refuse_once)
    page.get_by_label("Your aunt may apply").select_option("Possible conflict")
    expect(page.get_by_role("status")).to_contain_text("Not saved yet")
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert AnswerStep.objects.get().answer == [None, 1, None]
    assert len(refusals) == 1


def test_going_on_waits_until_the_answer_is_safe(browse: Browse, whole: Attempt) -> None:
    page = browse(_path(whole, Kind.SINGLE_CHOICE))
    here = page.url
    refusals: list[str] = []

    def refuse_once(route: Route) -> None:
        if refusals:
            route.fallback()
        else:
            refusals.append(route.request.url)
            route.fulfill(status=200, content_type="text/html", body="")

    page.route("**/save/", refuse_once)
    page.get_by_label("Hand it back").check()
    expect(page.get_by_role("status")).to_contain_text("Not saved yet")
    page.get_by_role("button", name="All questions").click()
    assert page.url == here
    page.wait_for_url(f"**/papers/{whole.uuid}/")
    assert AnswerStep.objects.get().answer == [0]


def test_a_receipt_sets_the_clock(browse: Browse, whole: Attempt) -> None:
    page = browse(_path(whole, Kind.SINGLE_CHOICE))
    page.route(
        "**/save/",
        lambda route: route.fulfill(
            status=200, json={"error": "", "client": "x", "sequence": 9, "clock": 9, "time": "t", "left": 59}
        ),
    )
    page.get_by_label("Hand it back").check()
    expect(page.get_by_text("Time left:")).to_contain_text("about 1 minute")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_case_opens_scene_by_scene_and_focus_goes_there(browse: Browse, learner: User, javascript: bool) -> None:
    version = making.make_course("CASES", questions=6, draw=6)
    attempt = starting.start(making.enrol(person(learner), version), by=learner)
    page = browse(_path(attempt, Kind.STEPPED_SCENARIO), javascript=javascript)
    page.get_by_label("Next").check()
    page.get_by_label("Good morning").check()
    page.get_by_role("button", name="Continue", exact=True).click()

    expect(page.get_by_role("heading", name="Step 2 of 3")).to_be_focused()
    expect(page.locator("main")).to_contain_text("You chose: Good morning")
    page.get_by_label("Push it back").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Step 3 of 3")).to_be_focused()
    (stands,) = answering.standing(attempt).values()
    assert (stands.answer, stands.opened) == ([0, 3, None], 3)


def test_without_javascript_the_whole_paper_can_be_done(browse: Browse, whole: Attempt) -> None:
    page = browse("/learn/WHOLE/paper/", javascript=False)
    page.get_by_role("button", name="Go on with the paper").click()
    for _question in range(10):
        if page.get_by_label("Hand it back").count():
            page.get_by_label("Hand it back").check()
        page.get_by_role("button", name="Save and").click()
    assert "All questions" in page.inner_text("h1")
    page.get_by_role("button", name="Go on to hand in").click()
    page.get_by_role("button", name="Hand in").click()
    assert "Your result" in page.inner_text("h1")
    assert Submission.objects.count() == 1
    assert AnswerStep.objects.count() == 2
