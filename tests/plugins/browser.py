"""A real browser: `phone` (360 px) and `desktop` (1280 px) are pages to drive, `open_page` makes others.

A page that throws in JavaScript, breaks the content policy or asks another host for anything fails its test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextvars import copy_context
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect, sync_playwright

# Chromium as root and behind a closed network: no sandbox, and no talk of its own.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
OpenPage = Callable[..., Page]
# Milliseconds for whatever a page is to become or to show, on a machine with much else to do.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("No Chromium on this machine. On Debian: apt-get install chromium")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(width=360, javascript=True)`: a page of a fresh browser profile. Complaints fail the test.

    With `client=` no server is needed: what the browser asks of http://localhost/ that Django test client answers, in
    the test's own transaction.
    """
    complaints: list[str] = []
    with ExitStack() as opened:

        def open_page(*, width: int = 360, javascript: bool = True, client: Client | None = None) -> Page:
            size = {"width": width, "height": 740 if width < 600 else 800}
            context = chromium.new_context(
                viewport=size,  # type: ignore[arg-type]
                java_script_enabled=javascript,
                locale="en-GB",
                timezone_id="UTC",
                reduced_motion="reduce",
            )
            opened.callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            _listen(page, complaints)
            if client is not None:
                # The handler runs in Playwright's own context; database and clock are those of the test's.
                here = copy_context()
                page.route("**/*", lambda route: here.copy().run(_answer, route, client))
            return page

        yield open_page
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A page 360 px wide."""
    return open_page(width=360)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    """A page 1280 px wide."""
    return open_page(width=1280)


def _listen(page: Page, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        # An error page that a test asks for is reported here too, and is no complaint.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def on_request(request: Request) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", "localhost", None}:
            complaints.append(f"{page.url} asks another host: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", on_request)


def _answer(route: Route, client: Client) -> None:
    address = urlsplit(route.request.url)
    static = finders.find(address.path.removeprefix("/static/")) if address.path.startswith("/static/") else None
    if static is not None:
        route.fulfill(path=str(static))
        return
    # Only what reads: a form that is sent belongs in a journey, on a live site.
    response = client.get(address._replace(scheme="", netloc="", fragment="").geturl())
    route.fulfill(status=response.status_code, headers=dict(response.items()), body=response.getvalue())
