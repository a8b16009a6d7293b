"""Nonsense in every field of every form: an answer in words, never a 500."""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.page_cases import PageCase
from tests.pages import PAGES
from tests.plugins.roles import ClientOf

_XHTML = "{http://www.w3.org/1999/xhtml}"
NONSENSE: dict[str, Callable[[], Any]] = {
    "100 kB of text": lambda: "ä" * 50_000,
    "a NUL": lambda: "a\0b",
    "a file": lambda: SimpleUploadedFile("tea.pdf", b"%PDF-1.7 \xff\xfe"),
    "a number of no size": lambda: "-" + "9" * 400,
    "a day that is none": lambda: "2026-02-30",
    "nothing": lambda: "",
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", [case for case in PAGES if not case.urlconf], ids=str)
def test_no_form_breaks_on_nonsense(
    case: PageCase,
    request: pytest.FixtureRequest,
    client_with: Callable[[str], Client],
    client_of: ClientOf,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    path = case.path(request)
    client = client_of(case.user(request)) if case.user else client_with(case.seen_by)
    broken = []
    for method, action, names in _forms(client.get(path).content):
        for title, nonsense in NONSENSE.items():
            data = {name: nonsense() for name in names}
            if method == "get" and title == "a file":
                continue
            answer = client.get(action or path, data) if method == "get" else client.post(action or path, data)
            if answer.status_code >= 500:
                broken.append(f"{method} {action or path} with {title} in {', '.join(names)}: {answer.status_code}")
    assert not broken, "\n".join(broken)


def _forms(content: bytes) -> Iterator[tuple[str, str, list[str]]]:
    """Method, address and field names of the page's own forms; signing out would end the test."""
    page: Element = html5lib.parse(content, transport_encoding="utf-8")
    for form in page.iter(f"{_XHTML}form"):
        action = form.get("action", "").partition("#")[0]
        fields = [*form.iter(f"{_XHTML}input"), *form.iter(f"{_XHTML}select"), *form.iter(f"{_XHTML}textarea")]
        fields += form.iter(f"{_XHTML}button")
        names = sorted({name for field in fields if (name := field.get("name"))} - {"csrfmiddlewaretoken"})
        if names and "logout" not in action:
            yield form.get("method", "get").lower(), action, names
