"""Sessions for tests, made by the house's own steps."""

from datetime import date, time
from typing import Any

from courses.models import Arrangement, SessionKind
from courses.sessions import planning
from courses.sessions.planning import Setting, Subject, When
from tests.cast import BY, Office

DAY = date(2026, 6, 16)
NINE, NOON = time(9), time(12)


def when(first: date = DAY, *, starts: time = NINE, ends: time = NOON, last: date | None = None) -> When:
    """A morning."""
    return When(first, starts, ends, last)


def setting(office: Office, *, unit: str = "kopw", capacity: int = 2, **other: Any) -> Setting:
    """A morning at the training room, for a unit."""
    shared: dict[str, Any] = {"when": when(), "place": "Training room, Brook", **other}
    return Setting(unit=office.units[unit], capacity=capacity, **shared)


def session(office: Office, *, title: str = "Counter skills", by: Any = BY, **other: Any) -> Arrangement:
    """A session that is planned. Words of the subject go by their names, the others are the setting's."""
    subject: dict[str, Any] = {
        name: other.pop(name) for name in ("kind", "course", "lesson_key", "series", "office_") if name in other
    }
    if "office_" in subject:
        subject["office"] = subject.pop("office_")
    kind = subject.pop("kind", SessionKind.WORKSHOP)
    return planning.plan(Subject(title, kind, **subject), setting(office, **other), by=by)
