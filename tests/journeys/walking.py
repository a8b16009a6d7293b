"""What people do with their hands on these pages, as steps that every journey shares."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from assessments.kinds import KINDS
from assessments.models import AttemptQuestion, Kind, QuestionVersion
from lms.demo.sign_ins import SignIn
from lms.organisation.models import User
from tests.plugins.live_site import LiveSite

PASSWORD = "a kettle on the fourth floor"
_SETTLED = re.compile(r"^(Saved \d\d:\d\d:\d\d)?$")
Knows = Callable[[AttemptQuestion], bool]


def press(page: Page, name: str | re.Pattern[str], *, exact: bool = False) -> None:
    """Press a button, or a link that looks like one, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).first.click()


def sign_in_first_time(page: Page, site: LiveSite, who: SignIn) -> None:
    """Staff number and one-time code, then a password of one's own."""
    page.goto(site.url("/"))
    page.get_by_role("link", name="I have a one-time code").first.click()
    page.get_by_label("Staff number").fill(who.sign_in_name)
    page.get_by_label("One-time code").fill(who.secret.split()[-1])
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    press(page, "Save my password")


def sign_in(page: Page, site: LiveSite, who: SignIn) -> None:
    """Staff number or e-mail address and the demo's password."""
    page.goto(site.url("/accounts/login/"))
    page.get_by_label("Staff number or e-mail address").fill(who.sign_in_name)
    page.get_by_label("Password", exact=True).fill(who.secret.removeprefix("password "))
    press(page, "Sign in", exact=True)
    assert "/accounts/login" not in page.url


def sign_in_as(page: Page, site: LiveSite, user: User) -> None:
    """A member of the known cast, who gets a password for it."""
    user.set_password(PASSWORD)
    user.save()
    sign_in(page, site, SignIn(str(user), "", user.email, f"password {PASSWORD}", ""))


def read_lesson(page: Page) -> None:
    """Do the lesson's first activity where there is one, then finish the lesson in its own way."""
    activity = page.get_by_role("button", name="Check my answer")
    if activity.count():
        answer_activity(page, activity.first)
    for name in ("I have read this – next", "I have read this – finish", "I acknowledge this"):
        button = page.get_by_role("button", name=name)
        if button.count():
            press(page, name)
            return
    raise AssertionError(f"No way to finish the lesson at {page.url}")


def answer_activity(page: Page, button: Locator) -> None:
    """Choose something for everything that the activity asks, and see that feedback comes."""
    form = page.locator("form", has=button).first
    block = form.locator("xpath=ancestor::*[starts-with(@id, 'block-')][1]").get_attribute("id")
    for select in form.locator("select").all():
        select.select_option(index=1)
    choices = form.locator("input[type=radio], input[type=checkbox]")
    if choices.count():
        choices.first.check(force=True)
    button.click()
    expect(page.locator(f"#{block} .frontline-feedback, #{block} .govuk-inset-text").first).to_be_visible()


def take_paper(page: Page, *, knows: Knows) -> None:
    """Answer every question of the paper at hand, rightly where `knows` says so, and hand in."""
    while "/submit/" not in page.url and page.locator("form[data-save]").count():
        question = question_on(page)
        answer(page, question, rightly=knows(question))
        press(page, "Save and")
    press(page, "Go on to hand in")
    press(page, "Hand in")
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()


def question_on(page: Page) -> AttemptQuestion:
    """The row behind the question that the page shows."""
    # What follows a case keeps the case's `#scene-2` in its address.
    parts = [part for part in re.split("[?#]", page.url)[0].split("/") if part]
    return AttemptQuestion.objects.select_related("question_version", "criterion_version__criterion").get(
        attempt__uuid=UUID(parts[-2]), position=int(parts[-1])
    )


def answer(page: Page, question: AttemptQuestion, *, rightly: bool) -> None:
    """Fill in the form by its own field names; wrongly means as wrong as it gets without a critical error.

    Returns once nothing is under way any more: the database holds what the page shows.
    """
    version = question.question_version
    wanted = right_answer(version) if rightly else _WRONG[version.kind](version.body)
    for box in page.locator("input[type=checkbox]").all():
        box.uncheck(force=True)
    for name, value in KINDS[version.kind].initial(wanted, question.shown).items():
        if version.kind == Kind.STEPPED_SCENARIO:
            _open_scene(page, name)
        for one in value if isinstance(value, list) else [value]:
            _fill_in(page, name, one)
    # Empty where nothing had to be changed.
    expect(page.locator("[data-receipt]")).to_have_text(_SETTLED)


def _fill_in(page: Page, name: str, value: str) -> None:
    field = page.locator(f"select[name={name}]")
    if field.count():
        # Not by `value=`, which takes an option's words for its value too: places have numbers for words.
        field.select_option(element=field.locator(f"option[value='{value}']").element_handle())
        return
    # A scene that was left behind has no choice any more: its first answer stands.
    if page.locator(f"input[type=hidden][name={name}]").count() == 0:
        page.locator(f"input[name={name}][value='{value}']").check(force=True)


def _open_scene(page: Page, name: str) -> None:
    if page.locator(f"input[name={name}]").count() == 0:
        press(page, "Continue", exact=True)


def right_answer(version: QuestionVersion) -> Any:
    """What earns everything, as it is stored."""
    return _RIGHT[version.kind](version.body)


def _options_of_steps(body: Any, *, right: bool) -> list[int]:
    """For each step of a case the place of such an option among all of them; the right one where there is no other."""
    chosen, first = [], 0
    for step in body["steps"]:
        fit = _places(step["options"], right=right) or _places(step["options"], right=True)
        chosen.append(first + fit[0])
        first += len(step["options"])
    return chosen


def _places(items: list[Any], *, right: bool) -> list[int]:
    fits = (n for n, item in enumerate(items) if bool(item.get("right")) is right and not item.get("critical_error"))
    return list(fits)


_RIGHT: dict[str, Callable[[Any], Any]] = {
    "single_choice": lambda body: _places(body["options"], right=True),
    "multiple_response": lambda body: _places(body["options"], right=True),
    "true_false_reason": lambda body: {"answer": body["answer"], "reason": _places(body["reasons"], right=True)[0]},
    "ordering": lambda body: list(range(len(body["steps"]))),
    "matching": lambda body: list(range(len(body["pairs"]))),
    "stepped_scenario": lambda body: _options_of_steps(body, right=True),
}
_WRONG: dict[str, Callable[[Any], Any]] = {
    "single_choice": lambda body: _places(body["options"], right=False)[:1],
    "multiple_response": lambda body: _places(body["options"], right=False),
    "true_false_reason": lambda body: {
        "answer": not body["answer"],
        "reason": _places(body["reasons"], right=False)[0],
    },
    "ordering": lambda body: list(reversed(range(len(body["steps"])))),
    "matching": lambda body: [*range(1, len(body["pairs"])), 0],
    "stepped_scenario": lambda body: _options_of_steps(body, right=False),
}
