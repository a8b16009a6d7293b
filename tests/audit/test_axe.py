"""Every page by axe in a real browser: WCAG 2.2 AA, and nothing that sticks out at the side.

In the everyday run once for each case, at 360 px, for the role that sees most; `make audit` (AUDIT=1) walks every role
that gets the page, at both widths, and names the URLs for which nobody wrote a case.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page
from pytest_django import Settings

from tests.page_cases import NOBODY, ROLES, PageCase
from tests.pages import NOT_PAGES, PAGES
from tests.plugins.browser import OpenPage
from tests.plugins.roles import ClientOf, SomebodyWith

IN_FULL = os.environ.get("AUDIT") == "1"
MOST = "the one who sees most"
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
pytestmark = pytest.mark.once
OURS = ("lms.", "courses.", "assessments.", "certificates.")


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("width", [360, 1280] if IN_FULL else [360])
@pytest.mark.parametrize("role", [MOST, *ROLES] if IN_FULL else [MOST])
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_axe_finds_nothing(
    case: PageCase,
    role: str,
    width: int,
    request: pytest.FixtureRequest,
    client_of: ClientOf,
    client_with: Callable[[str], Client],
    somebody_with: SomebodyWith,
    open_page: OpenPage,
    settings: Settings,
) -> None:
    settings.ROOT_URLCONF = case.urlconf or settings.ROOT_URLCONF
    path = case.path(request)
    if role == MOST:
        user = case.user(request) if case.user else None if case.seen_by == NOBODY else somebody_with(case.seen_by)
        client = client_of(user)
    else:
        client = client_with(role)
        if client.get(path).status_code != case.status:
            return
    page = open_page(width=width, client=client)

    answer = page.goto(f"http://localhost{path}")

    assert answer is not None
    assert answer.status == case.status
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} sticks out at {width} px"


@pytest.mark.browser
def test_axe_would_find_a_fault(phone: Page) -> None:
    phone.set_content("<!doctype html><html><body><img src='data:,'><input></body></html>")
    found = {violation["id"] for violation in Axe().run(phone, options=RULES).response["violations"]}
    assert {"image-alt", "label", "html-has-lang"} <= found


def test_every_page_has_a_case() -> None:
    """A URL that nobody looks at is named here: add it to its room's PAGES, or to NOT_PAGES."""
    known = {case.url_name for case in PAGES} | NOT_PAGES
    assert sorted(_own_names(get_resolver().url_patterns) - known) == []


def _own_names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    names: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names |= _own_names(pattern.url_patterns)
        elif pattern.callback.__module__.startswith(OURS):
            names.add(str(pattern.name))
    return names
