"""Rooms put their pages into the navigation; a page shows those that its reader may see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from django.urls import path

from lms.core import navigation
from lms.core.gates import public
from lms.core.navigation import Entry, links
from lms.core.ports import Registry
from lms.core.views import live

urlpatterns = [
    path(address, public(live), name=name)
    for address, name in [("", "home"), ("my/", "mine"), ("my/team/", "team"), ("staff/", "staff")]
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A navigation of four; the list tells how often a predicate was asked."""
    times: list[str] = []

    def counted(_user: object) -> bool:
        times.append("mine")
        return True

    registry: Registry[Entry] = Registry("navigation")
    registry.register("z", Entry("Mine", "mine", 10, counted))
    registry.register("a", Entry("Team", "team", 20, lambda _user: True))
    registry.register("s", Entry("Staff", "staff", 30, lambda user: bool(user.is_authenticated)))
    registry.register("h", Entry("Home", "home", 5, lambda _user: True))
    monkeypatch.setattr(navigation, "entries", registry)
    return times


def on(rf: RequestFactory, address: str) -> list[tuple[str, str]]:
    request = rf.get(address)
    request.user = AnonymousUser()
    return [(str(link.label), link.current) for link in links(request)]


def test_entries_stand_in_their_order_without_what_is_not_for_the_reader(rf: RequestFactory) -> None:
    assert [label for label, _current in on(rf, "/")] == ["Home", "Mine", "Team"]


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", "Home"),
        ("/my/", "Mine"),
        ("/my/results/3/", "Mine"),
        ("/my/team/", "Team"),
        ("/my/team/7/", "Team"),
        ("/mystery/", None),
    ],
)
def test_the_nearest_page_above_is_marked(rf: RequestFactory, address: str, current: str | None) -> None:
    assert [label for label, mark in on(rf, address) if mark] == ([current] if current else [])


def test_a_predicate_is_asked_once_for_a_request(rf: RequestFactory, asked: list[str]) -> None:
    request = rf.get("/my/")
    request.user = AnonymousUser()
    template = engines["django"].from_string("{% navigation %}{% navigation %}")
    page = template.render({}, request)
    assert asked == ["mine"]
    assert page.count('aria-current="page"') == 2


def test_a_page_is_told_from_those_below_it(rf: RequestFactory) -> None:
    assert dict(on(rf, "/my/"))["Mine"] == "page"
    assert dict(on(rf, "/my/results/3/"))["Mine"] == "true"
