"""Every address of the site with its gate, for the printed matrix and the test that misses none."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Pages of packages bring their own gates; they stand here by name so that no other package slips in unseen.
PACKAGES = {
    "allauth.": "public, or signed in, as allauth says",
    "wagtail.": "access to Wagtail's admin, as Wagtail says",
    "django.": "as Django says",
}


def gates() -> list[tuple[str, str | None]]:
    """Address pattern and gate of every page; None for one that declares none."""
    return sorted((address, gate_of(view)) for address, view in _views(get_resolver(), ""))


def gate_of(view: Callable[..., Any]) -> str | None:
    """The gate that a view declares, or that of the package it comes from."""
    declared: str | None = getattr(view, "gate", None)
    packages = (gate for package, gate in PACKAGES.items() if view.__module__.startswith(package))
    return declared or next(packages, None)


def _views(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        elif isinstance(entry, URLResolver):
            yield from _views(entry, address)
