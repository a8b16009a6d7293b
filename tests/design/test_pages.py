"""The layout and the pages that say that something went wrong."""

import gzip
from collections.abc import Callable

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from lms.core import views
from lms.core.errors import Refused
from lms.core.middleware import ErrorsForUsers
from lms.organisation.models import User
from tests.cast import Office
from tests.design.files import STATIC


def strictly(page: str) -> None:
    """Parse as a browser that forgives nothing."""
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.django_db
def test_the_front_page_parses_and_weighs_little(client: Client, office: Office) -> None:
    page = client.get("/")
    strictly(page.content.decode())
    loaded = ["frontline.css", "frontline.js", "frontline.svg"]
    loaded += [f"vendor/govuk-frontend-6.6.0/govuk-frontend.{kind}" for kind in ("css", "min.js")]
    weight = len(gzip.compress(page.content)) + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in loaded)
    assert weight < 40_000


@pytest.mark.django_db
def test_our_pages_have_the_strict_policy_and_the_admin_its_own(client: Client) -> None:
    ours = client.get("/accounts/login/").headers["Content-Security-Policy"]
    admins = client.get("/admin/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in ours
    assert "default-src 'none'" in ours
    assert "'unsafe-inline'" in admins


@pytest.mark.django_db
def test_an_unknown_address_gives_the_page_for_it(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    strictly(response.content.decode())
    assert "There is no such page" in response.content.decode()


@pytest.mark.django_db
def test_a_gates_own_words_are_shown(rf: RequestFactory) -> None:
    request = rf.get("/coverage/")
    request.user = AnonymousUser()
    response = views.forbidden(request, PermissionDenied("Your role does not include this page."))
    assert response.status_code == 403
    strictly(response.content.decode())
    assert "Your role does not include this page." in response.content.decode()


@pytest.mark.django_db
def test_a_request_that_makes_no_sense_gets_a_page(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    response = views.bad_request(request, SuspiciousOperation())
    assert response.status_code == 400
    strictly(response.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("origin", "back"),
    [("http://testserver/my/", "http://testserver/my/"), ("https://example.org/trap", "/"), ("", "/")],
)
def test_a_refusal_says_why_that_nothing_was_lost_and_leads_back(rf: RequestFactory, origin: str, back: str) -> None:
    request = rf.post("/learn/", headers={"referer": origin})
    request.user = AnonymousUser()
    response = ErrorsForUsers(lambda _: HttpResponse()).process_exception(request, Refused("The paper is closed."))
    assert response is not None
    assert response.status_code == 409
    page = response.content.decode()
    strictly(page)
    assert "The paper is closed." in page
    assert "nothing was lost" in page
    assert f'href="{back}"' in page


def test_the_page_for_our_own_faults_needs_no_database_and_no_request(rf: RequestFactory) -> None:
    page = views.server_error(rf.get("/")).content.decode()
    strictly(page)
    assert "The fault is ours" in page


def test_a_page_in_arabic_runs_from_right_to_left() -> None:
    with translation.override("ar"):
        page = render_to_string("base.html")
    assert '<html lang="ar" dir="rtl"' in page


def test_the_title_says_that_the_form_has_an_error() -> None:
    class Form:
        errors = {"name": ["Missing"]}

    template = engines["django"].from_string('{% extends "base.html" %}{% block title %}Sign in{% endblock %}')
    assert "<title>Error: Sign in – Frontline</title>" in template.render({"form": Form()})
    assert "<title>Sign in – Frontline</title>" in template.render({})


@pytest.mark.parametrize("level", ["success", "error", "warning", "info"])
def test_messages_become_banners(level: str) -> None:
    page = render_to_string(
        "base.html", {"messages": [type("M", (), {"level_tag": level, "__str__": lambda _: "Saved <b>"})()]}
    )
    strictly(page)
    assert "Saved &lt;b&gt;" in page
    assert f'role="{"region" if level == "info" else "alert"}"' in page


def test_mails_have_a_plain_and_a_laid_out_form(settings: Settings) -> None:
    settings.BASE_URL = "https://training.example"
    context = {"person_name": "Thandi O'Brien", "organisation_name": "Ministry & Co"}
    plain = render_to_string("email/layout.txt", context)
    assert plain.startswith("Dear Thandi O'Brien,\n")
    assert "Ministry & Co\nhttps://training.example\n" in plain
    laid_out = render_to_string("email/layout.html", context)
    strictly(laid_out)
    assert "Ministry &amp; Co" in laid_out


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/account/", "/admin/users/new/", "/admin/images/add/"])
def test_the_admin_works_with_our_widgets(admin_client: Client, path: str) -> None:
    assert admin_client.get(path).status_code == 200


@pytest.mark.django_db
def test_the_layout_asks_the_database_little(
    client_for: Callable[[User], Client], learner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for(learner)
    client.get("/")
    # The user with their person, the organisation, and what the navigation asks about roles and people below.
    with django_assert_max_num_queries(4):
        client.get("/")
