"""The day's run: plan what is to be said, plan the digests, send. Beat starts it all day long; it works in the hours
in which people may be written to, and goes on where it stopped.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from lms.core import clock
from lms.duties.reminding import digest, sending, walking

# A share of the longest task each, so that a large house is worked through in several.
_A_WHILE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Account:
    """What a run did: planned by part, and mails by what became of them."""

    planned: Counter[str]
    sent: Counter[str]


def run(on: date | None = None) -> Account:
    """Plan and send for a day, whatever the hour. Harmless the second time: nothing is said twice."""
    day = on or clock.today()
    planned = walking.walk(day, again=True) + digest.walk(day, again=True)
    return Account(planned, sending.send_waiting(on=day))


def foreseen(on: date | None = None) -> Counter[str]:
    """What a run would plan. Nothing is written or sent."""
    day = on or clock.today()
    return walking.foreseen(day) + digest.foreseen(day)


def may_write_now() -> bool:
    """Whether people may be written to at this hour, in the site's time zone."""
    start, end = settings.REMINDER_HOURS
    return bool(start <= timezone.localtime(clock.now(), timezone.get_default_timezone()).hour < end)


@shared_task(name="lms.duties.remind")
def remind() -> None:
    """Beat's task: what is left of the day's run, as much as goes in a while. Does nothing in the quiet hours."""
    if not may_write_now():
        return
    day, stop_at = clock.today(), clock.now() + _A_WHILE
    walking.walk(day, stop_at=stop_at)
    if clock.now() < stop_at:
        digest.walk(day, stop_at=stop_at)
    sending.send_waiting(stop_at=clock.now() + _A_WHILE)
