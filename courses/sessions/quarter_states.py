"""Whether an office has had its session in a quarter, as at a day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lms.core.quarters import Quarter

HELD, PLANNED, TO_DO, MISSING = "held", "planned", "to do", "missing"


@dataclass(frozen=True, slots=True)
class Known:
    """A session of an office: from which day it was known, when it was to be, and what became of it."""

    planned_on: date
    day: date
    was_held: bool
    cancelled_on: date | None = None


def state_of(sessions: Iterable[Known], quarter: Quarter, day: date) -> str:
    """Held by then; planned for later in the quarter; else to do, and missing from the first day of its last month."""
    found = [session for session in sessions if quarter.first <= session.day < quarter.until]
    if any(session.was_held and session.day <= day for session in found):
        return HELD
    if any(_was_planned(session, day) for session in found):
        return PLANNED
    return MISSING if day >= quarter.last_month else TO_DO


def _was_planned(session: Known, day: date) -> bool:
    is_off = session.cancelled_on is not None and session.cancelled_on <= day
    return session.planned_on <= day <= session.day and not is_off
