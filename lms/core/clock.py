"""The one clock. Nothing else asks for the time, so tests and the demo can set it, and production cannot.

`FRONTLINE_CLOCK` moves it for a whole process: an ISO instant is the moment at which the process starts;
`@FILE` names a file that holds seconds to add, read at every call, so that several processes move together.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def now() -> datetime:
    """The instant, aware, in UTC."""
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    return datetime.now(UTC) + _shift()


def today() -> date:
    """The day in the site's one time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day on which an instant falls in the site's time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment`, for tests and for making a demo's past. Refused in production."""
    if not settings.CLOCK_MAY_BE_SET:
        raise RuntimeError("The clock cannot be set here.")
    if moment.tzinfo is None:
        raise ValueError("The clock needs an instant with its time zone.")
    token = _pinned.set(moment)
    try:
        yield
    finally:
        _pinned.reset(token)


def _shift() -> timedelta:
    wish = os.environ.get("FRONTLINE_CLOCK", "")
    if not wish or not settings.CLOCK_MAY_BE_SET:
        return timedelta()
    if wish.startswith("@"):
        return _shift_in(Path(wish[1:]))
    return _shift_from(wish)


def _shift_in(file: Path) -> timedelta:
    text = file.read_text().strip() if file.exists() else ""
    return timedelta(seconds=float(text or 0))


@cache
def _shift_from(start: str) -> timedelta:
    moment = datetime.fromisoformat(start)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.get_default_timezone())
    return moment - datetime.now(UTC)
