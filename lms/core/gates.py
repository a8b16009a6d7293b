"""How a view says who may come in; `lms.organisation.access` has the gates that know people."""

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V", bound=Callable[..., object])


def declare(view: V, gate: str) -> V:
    """Write a view's gate on it, where the walk over all URLs and the printed matrix read it."""
    view.gate = gate  # type: ignore[attr-defined]
    return view


def public(view: V) -> V:
    """Gate: anybody, signed in or not."""
    return declare(view, "public")
