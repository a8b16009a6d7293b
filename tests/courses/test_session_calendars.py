"""Calendar files: one session, all of somebody's, and an address that cannot be guessed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from courses.sessions import calendars, places, planning
from lms.organisation.models import User
from tests.cast import BY, Office, person
from tests.courses.meeting import session, when

At = Callable[[str], datetime]


@pytest.mark.django_db
def test_a_calendar_keeps_the_clock_on_the_wall_through_summer_time(
    office: Office, learner: User, at: At, settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    at("2026-03-02T08:00")
    title = "Räume, Fristen; " + "sehr lange Überschriften " * 5
    before = session(office, title=title.strip(), when=when(date(2026, 3, 27), last=date(2026, 3, 30)))
    after = session(office, title="After", when=when(date(2026, 4, 1)))
    cancelled = session(office, title="Off", when=when(date(2026, 4, 2)))
    for meeting in (before, after, cancelled):
        places.sign_up(meeting, person(learner), by=learner)
    planning.cancel(cancelled, reason="Flood", by=BY)
    content = calendars.file_of(person(learner))
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    events: dict[str, Any] = {str(e["summary"]): e for e in Calendar.from_ical(content).walk("VEVENT")}
    assert set(events) == {title.strip(), "After", "Off"}
    starts = [events[name].start for name in (title.strip(), "After")]
    assert [moment.hour for moment in starts] == [9, 9]
    assert [moment.utcoffset().total_seconds() / 3600 for moment in starts] == [1, 2]
    assert events[title.strip()]["rrule"]["count"] == [4]
    assert events["Off"]["status"] == "CANCELLED"


@pytest.mark.django_db
def test_an_old_calendar_address_leads_nowhere(learner: User) -> None:
    address = calendars.address_of(person(learner))
    key, signature = address.removesuffix(".ics").split("/")[-2:]
    assert calendars.person_at(key, signature) == person(learner)  # type: ignore[arg-type]
    assert calendars.person_at(key, signature[:-1] + ("A" if signature[-1] != "A" else "B")) is None  # type: ignore[arg-type]
    calendars.renew(person(learner), by=learner)
    assert calendars.person_at(key, signature) is None  # type: ignore[arg-type]
    assert calendars.address_of(person(learner)) != address


@pytest.mark.django_db
def test_my_learning_names_the_next_session_with_a_place(
    office: Office, learner: User, colleague: User, at: At, client_for: Callable[[User], Client]
) -> None:
    at("2026-05-04T08:00")
    full = session(office, title="Full", capacity=1, when=when(date(2026, 5, 11)))
    places.sign_up(full, person(colleague), by=colleague)
    for meeting in (full, session(office, title="Letters")):
        places.sign_up(meeting, person(learner), by=learner)
    page = client_for(learner).get("/my/").content.decode()
    assert "Letters</a>, 16 June 2026, 09:00, Training room, Brook" in page
    assert "Full" not in page
