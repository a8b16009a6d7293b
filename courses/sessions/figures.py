"""Attendance in numbers and lines: of a person, by session, by unit. Attendance only, never competence."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from courses.models import Arrangement, Attendance
from lms.core.spans import Span
from lms.organisation.models import OrgUnit, Person, PostHolding, StaffNumber

State = Attendance.State


class Writable(Protocol):
    """Whatever takes text."""

    def write(self, text: str, /) -> object:
        """Take some text."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that was held, and how many were there."""

    arrangement: Arrangement
    present: int
    absent: int
    excused: int


def attended_by(person: Person) -> QuerySet[Attendance]:
    """What is on record about somebody's attendance, newest first."""
    rows = Attendance.objects.counting().filter(person=person).select_related("session__course")
    return rows.order_by("-valid_from", "-pk")


def sessions_held(arrangements: QuerySet[Arrangement], days: Span) -> list[SessionRow]:
    """Those sessions whose list was signed, that began on these days, oldest first. One query."""
    counted = {
        str(state): Count(
            "session__attendance",
            filter=Q(session__attendance__state=state, session__attendance__known_until__isnull=True),
        )
        for state in State.values
    }
    rows = arrangements.filter(session__signed__isnull=False, valid_from__gte=days[0])
    rows = rows.filter(valid_from__lt=days[1]) if days[1] else rows
    ids = rows.order_by().values("pk")
    found = Arrangement.objects.filter(pk__in=ids).annotate(**counted).select_related("session__course", "unit")
    return [
        SessionRow(row, row.present, row.absent, row.excused)  # type: ignore[attr-defined]  # annotated above
        for row in found.order_by("valid_from", "starts", "session")
    ]


def write_sessions(rows: Iterable[SessionRow], to: Writable) -> None:
    """A line for each session that was held."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(["day", "title", "kind", "course", "unit", "place", "present", "absent", "excused"])
    for row in rows:
        a, session = row.arrangement, row.arrangement.session
        words = [a.first_day, _safe(session.title), session.kind, session.course or "", a.unit.code, _safe(a.place)]
        writer.writerow([*words, row.present, row.absent, row.excused])


def write_people(arrangements: QuerySet[Arrangement], days: Span, to: Writable) -> None:
    """A line for each person at each of these sessions, with the unit in which they worked that day."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(["day", "title", "course", "unit", "number", "given_names", "surname", "state"])
    for row in _lines(arrangements, days).iterator(chunk_size=2000):
        session, person = row.session, row.person
        words = [row.valid_from, _safe(session.title), session.course or "", row.unit_code or ""]
        writer.writerow([*words, row.number or "", _safe(person.given_names), _safe(person.surname), row.state])


def write_units(arrangements: QuerySet[Arrangement], days: Span, to: Writable) -> None:
    """A line for each unit: how many of its people were present, absent and excused, and how many different ones came."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(["unit", "name", "present", "absent", "excused", "people_present"])
    for line in _by_unit(arrangements, days):
        writer.writerow(line)


def _by_unit(arrangements: QuerySet[Arrangement], days: Span) -> Iterator[list[object]]:
    many = {str(state): Count("pk", filter=Q(state=state)) for state in State.values}
    people = Count("person", filter=Q(state=State.PRESENT), distinct=True)
    rows = _lines(arrangements, days).order_by().values("unit_code").annotate(**many, people=people)  # type: ignore[misc]  # annotated
    names = {unit.code: unit.name for unit in OrgUnit.objects.named(days[1] or date.max)}
    for row in sorted(rows, key=lambda row: row["unit_code"] or ""):
        code = row["unit_code"] or ""
        yield [code, _safe(names.get(code, "")), row["present"], row["absent"], row["excused"], row["people"]]


def _lines(arrangements: QuerySet[Arrangement], days: Span) -> QuerySet[Attendance]:
    rows = Attendance.objects.counting().filter(
        session__in=arrangements.order_by().values("session"), valid_from__gte=days[0]
    )
    rows = rows.filter(valid_from__lt=days[1]) if days[1] else rows
    day = OuterRef("valid_from")
    spans = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    held = PostHolding.objects.held().filter(spans, person=OuterRef("person"), valid_from__lte=day)
    numbers = StaffNumber.objects.held().filter(spans, person=OuterRef("person"), valid_from__lte=day)
    added = {
        "unit_code": Subquery(held.order_by("valid_from", "pk").values("post__unit__code")[:1]),
        "number": Subquery(numbers.order_by("valid_from", "pk").values("number")[:1]),
    }
    return rows.annotate(**added).select_related("session__course", "person").order_by("valid_from", "session", "pk")


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
