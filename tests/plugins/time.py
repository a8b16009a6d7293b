"""Setting the time in a test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time

import pytest
from django.utils import timezone

from lms.core import clock

SetClock = Callable[[str | date | datetime], datetime]


def moment_of(wish: str | date | datetime) -> datetime:
    """An aware instant: ISO text, a day (noon) or an instant, in the site's time zone where it names none."""
    if isinstance(wish, str):
        wish = date.fromisoformat(wish) if len(wish) == len("2026-01-01") else datetime.fromisoformat(wish)
    if not isinstance(wish, datetime):
        wish = datetime.combine(wish, time(12))
    return wish if wish.tzinfo else wish.replace(tzinfo=timezone.get_default_timezone())


@pytest.fixture
def at() -> Iterator[SetClock]:
    """`at("2026-03-02")` or `at("2026-03-02T09:30")` holds the clock there until the test ends or sets it again."""
    with ExitStack() as held:

        def set_clock(wish: str | date | datetime) -> datetime:
            moment = moment_of(wish)
            held.enter_context(clock.at(moment))
            return moment

        yield set_clock
