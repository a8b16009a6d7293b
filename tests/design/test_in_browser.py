"""The components' script runs under the real content policy, and the pages do without it."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from playwright.sync_api import expect

from lms.core import navigation
from lms.core.gates import public
from lms.core.navigation import Entry
from lms.core.ports import Registry
from lms.organisation.models import User
from lms.urls import urlpatterns as site
from tests.design.test_forms import Visit
from tests.plugins.browser import OpenPage

PAGE = '{% extends "base.html" %}{% block content %}<h1>Visit</h1><form novalidate>{{ form }}</form>{% endblock %}'


@public
def visit(request: HttpRequest) -> HttpResponse:
    form = Visit(request.GET or None)
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [path("visit/", visit, name="visit"), *site]
pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.urls(__name__)]
ADDRESS = "http://localhost/visit/"


def test_the_error_summary_has_the_focus_and_leads_to_the_field(open_page: OpenPage, client: Client) -> None:
    page = open_page(client=client)
    page.goto(f"{ADDRESS}?day=2026-11-22")
    summary = page.locator(".govuk-error-summary")
    summary.and_(page.locator(":focus")).wait_for()
    summary.get_by_role("link", name="Gift").click()
    assert page.evaluate("document.activeElement.id") == "id_gift_0"


def test_a_typed_password_can_be_looked_at(open_page: OpenPage, client: Client) -> None:
    page = open_page(client=client)
    page.goto(ADDRESS)
    page.get_by_label("Password", exact=True).fill("long enough")
    page.get_by_role("button", name="Show password").click()
    assert page.get_by_label("Password", exact=True).get_attribute("type") == "text"


def test_the_characters_left_are_counted(open_page: OpenPage, client: Client) -> None:
    page = open_page(client=client)
    page.goto(ADDRESS)
    page.get_by_label("Story").fill("a" * 190)
    page.get_by_text("You have 10 characters left").first.wait_for(state="attached")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, client: Client, width: int) -> None:
    page = open_page(client=client, width=width)
    page.goto(f"{ADDRESS}?name=" + "long" * 100)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def signed_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody with a navigation of two pages."""
    registry: Registry[Entry] = Registry("navigation")
    registry.register("visit", Entry("Visits", "visit", 10, lambda _user: True))
    registry.register("home", Entry("Front page", "home", 20, lambda _user: True))
    monkeypatch.setattr(navigation, "entries", registry)
    client.force_login(User.objects.create_user("somebody"))
    return client


def test_the_menu_opens_on_a_phone(open_page: OpenPage, signed_in: Client) -> None:
    page = open_page(client=signed_in, width=360)
    page.goto(ADDRESS)
    link = page.get_by_role("link", name="Front page")
    page.get_by_role("button", name="Menu").click()
    link.wait_for()
    assert page.get_by_role("link", name="Visits").get_attribute("aria-current") == "page"


def test_without_javascript_the_menu_and_the_form_are_all_there(open_page: OpenPage, signed_in: Client) -> None:
    page = open_page(client=signed_in, width=360, javascript=False)
    page.goto(ADDRESS)
    expect(page.get_by_role("link", name="Front page")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Show password")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
