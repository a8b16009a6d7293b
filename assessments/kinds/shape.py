"""Checks that several kinds share. Each adds pairs of path and reason, in words for an author."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

Errors = list[tuple[str, str]]


def is_text(value: object) -> bool:
    """Whether something is written there."""
    return isinstance(value, str) and bool(value.strip())


def items(body: Any, name: str, *, least: int = 2) -> tuple[list[Any], Errors]:
    """The list `name` of a body, and what is wrong with it as a list."""
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, list) or len(value) < least:
        return [], [(name, _("Give a list of at least %(count)s.") % {"count": least})]
    return value, []


def texts(values: list[Any], name: str, key: str = "text") -> Errors:
    """Each entry is a mapping with a text under `key`, and no text comes twice."""
    wrong = [
        (f"{name}[{place}]", _("Write a text.")) for place, value in enumerate(values) if not is_text(_at(value, key))
    ]
    return wrong or doubles((_at(value, key) for value in values), name)


def doubles(values: Iterable[Any], name: str) -> Errors:
    """No text comes twice: nobody could tell the two apart."""
    known: set[str] = set()
    found: Errors = []
    for place, value in enumerate(values):
        text = str(value).strip()
        if text in known:
            found.append((f"{name}[{place}]", _("“%(text)s” stands there twice.") % {"text": text}))
        known.add(text)
    return found


def flags(values: list[Any], name: str, allowed: set[str], *, yes_no: Iterable[str]) -> Errors:
    """Entries have no unknown keys, and their flags are true or false."""
    found: Errors = []
    for place, value in enumerate(values):
        unknown = sorted(set(value) - allowed)
        found += [(f"{name}[{place}].{key}", _("Unknown word.")) for key in unknown]
        wrong = [key for key in yes_no if key in value and not isinstance(value[key], bool)]
        found += [(f"{name}[{place}].{key}", _("Write true or false.")) for key in wrong]
    return found


def right_and_critical(values: list[Any], name: str) -> Errors:
    """What is right cannot be a critical error."""
    both = [place for place, value in enumerate(values) if value.get("right") and value.get("critical_error")]
    return [(f"{name}[{place}]", _("An option is right or a critical error, not both.")) for place in both]


def unknown_keys(body: Any, allowed: set[str]) -> Errors:
    """A body has no words that its kind does not know."""
    if not isinstance(body, dict):
        return [("", _("Write the parts of the question as names and values."))]
    return [(str(key), _("Unknown word for this kind of question.")) for key in body if key not in allowed]


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None
