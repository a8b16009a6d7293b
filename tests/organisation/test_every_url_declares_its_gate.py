"""No address without a gate: each of our views says who may come in, and the rest is listed here."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# Addresses below these prefixes belong to packages that guard them themselves.
THIRD_PARTY = {
    "admin/": ("wagtail.", "django.", "modelcluster."),
    "documents/": ("wagtail.",),
    "accounts/": ("allauth.", "django."),
}


def _walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        else:
            yield address, pattern


def _module_of(pattern: URLPattern) -> str:
    view = getattr(pattern.callback, "view_class", pattern.callback)
    return str(view.__module__)


def _is_third_party(address: str, pattern: URLPattern) -> bool:
    return any(address.startswith(prefix) and _module_of(pattern).startswith(of) for prefix, of in THIRD_PARTY.items())


ADDRESSES = list(_walk(get_resolver().url_patterns))


def test_every_url_declares_its_gate() -> None:
    open_doors = [
        address
        for address, pattern in ADDRESSES
        if not _is_third_party(address, pattern) and not hasattr(pattern.callback, "gate")
    ]
    assert open_doors == []


def test_the_walk_sees_the_whole_site() -> None:
    assert {"", "health/live", "accounts/login/"} <= {address for address, _ in ADDRESSES}


@pytest.mark.parametrize("prefix", THIRD_PARTY)
def test_every_exception_is_still_needed(prefix: str) -> None:
    assert any(address.startswith(prefix) and _is_third_party(address, pattern) for address, pattern in ADDRESSES)
