"""Every page, asked for by everybody: the status that its gate promises, and HTML without a fault."""

import logging
from collections.abc import Callable

import html5lib
import pytest
from django.test import Client
from pytest_django import Settings

from tests.page_cases import ROLES, PageCase
from tests.pages import PAGES
from tests.plugins.roles import ClientOf


@pytest.mark.django_db
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_every_role_gets_what_the_gate_promises(
    case: PageCase,
    request: pytest.FixtureRequest,
    client_with: Callable[[str], Client],
    client_of: ClientOf,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The failing pages log what they were made to do.
    caplog.set_level(logging.CRITICAL, logger="django.request")
    settings.ROOT_URLCONF = case.urlconf or settings.ROOT_URLCONF
    path = case.path(request)
    clients = {role: (client_with(role), case.expected(path, role)) for role in ROLES}
    if case.user:
        clients["the one who sees most"] = (client_of(case.user(request)), case.status)

    got = {role: client.get(path) for role, (client, _) in clients.items()}

    expected = {role: status for role, (_, status) in clients.items()}
    assert {role: response.status_code for role, response in got.items()} == expected
    for role, response in got.items():
        if response.get("Content-Type", "").startswith("text/html") and response.content:
            _parse_strictly(response.content, f"{path} for {role}")


def _parse_strictly(content: bytes, where: str) -> None:
    parser = html5lib.HTMLParser()
    parser.parse(content, transport_encoding="utf-8")
    faults = [f"line {line}: {code} {details}" for (line, _column), code, details in parser.errors]
    assert not faults, f"{where}: " + "; ".join(faults)
