"""The port through which rooms put their pages into the navigation that everybody signed in sees."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from lms.core.ports import Registry

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Viewer = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Entry:
    """A page in the navigation. `shown_to` is asked once per request and must be cheap: it costs every page."""

    label: str | Promise
    url_name: str
    order: int
    shown_to: "Callable[[Viewer], bool]"


@dataclass(frozen=True)
class Link:
    """An entry as shown on one page."""

    label: str | Promise
    url: str
    # What screen readers are told: "page" on the page itself, "true" on pages below it, nothing elsewhere.
    current: str


entries: Registry[Entry] = Registry("navigation")


def links(request: HttpRequest) -> list[Link]:
    """The entries that this request's user may see, in order. Worked out once for a request."""
    known: list[Link] | None = getattr(request, "_navigation_links", None)
    if known is None:
        known = _links(request)
        request._navigation_links = known  # type: ignore[attr-defined]
    return known


def _links(request: HttpRequest) -> list[Link]:
    shown = [entry for _key, entry in entries if entry.shown_to(request.user)]
    urls = [(entry, reverse(entry.url_name)) for entry in sorted(shown, key=lambda entry: entry.order)]
    current = max((url for _entry, url in urls if _is_under(request.path, url)), key=len, default="")
    mark = "page" if request.path == current else "true"
    return [Link(entry.label, url, mark if url == current else "") for entry, url in urls]


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
