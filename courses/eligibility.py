"""Whether a person may begin a course, and what is missing: facts in, answer out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where somebody stands with one thing that a course asks."""

    MET = "met"
    WAIVED = "waived"
    OPEN = "open"


class Door(StrEnum):
    """Why somebody may take a course at all, or may not yet."""

    EVERYBODY = "everybody"
    POST = "post"
    NOMINATED = "nominated"
    AWAITING = "awaiting"
    DECLINED = "declined"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Whether one may pass."""
        return self in {Door.EVERYBODY, Door.POST, Door.NOMINATED}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a course asks: another course (its id) in date, or a subject at a level. `name` is for people."""

    course: int | None
    subject: int | None
    level: int
    is_conditional: bool
    name: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may take a course: everybody, or holders of posts of these families; everybody else by nomination."""

    is_open: bool
    categories: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a person need not show for a course, and since when."""

    for_course: int
    course: int | None
    subject: int | None
    level: int
    since: date


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record about a person today.

    `held`: courses in date, and since when. `evidence`: subject, level and the day on which it was seen.
    `nominations`: the newest decision by course; empty while it is awaited. `under_way`: courses that were begun.
    """

    held: dict[int, date] = field(default_factory=dict)
    evidence: list[tuple[int, int, date]] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    categories: set[int] = field(default_factory=set)
    nominations: dict[int, str] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Judged:
    """A need, where the person stands with it, and since when it is no longer open."""

    need: Need
    state: State
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer, with its reasons."""

    door: Door
    audience: Audience
    needs: tuple[Judged, ...]
    is_under_way: bool = False

    @property
    def may_begin(self) -> bool:
        """Whether the person may begin now, or go on with what was begun."""
        return self.is_under_way or (self.door.is_open and not self.stops)

    @property
    def stops(self) -> tuple[Need, ...]:
        """What is missing before one may begin."""
        return tuple(judged.need for judged in self.needs if _is_open(judged) and not judged.need.is_conditional)

    @property
    def holds_back(self) -> tuple[Need, ...]:
        """What is missing before a result is given, though one may begin."""
        return tuple(judged.need for judged in self.needs if _is_open(judged) and judged.need.is_conditional)

    @property
    def conditions_met_on(self) -> date | None:
        """The day on which the last condition of the result was met; None where there is none."""
        days = [judged.since for judged in self.needs if judged.need.is_conditional and judged.since]
        return max(days, default=None)


def judge(course: int, needs: Iterable[Need], audience: Audience, known: Known) -> Eligibility:
    """Where a person stands with a course."""
    judged = tuple(_judged(course, need, known) for need in needs)
    return Eligibility(_door(course, audience, known), audience, judged, course in known.under_way)


def _is_open(judged: Judged) -> bool:
    return judged.state == State.OPEN


def _judged(course: int, need: Need, known: Known) -> Judged:
    shown = _shown_on(need, known)
    if shown is not None:
        return Judged(need, State.MET, shown)
    waived = [waiver.since for waiver in known.waivers if waiver.for_course == course and _covers(waiver, need)]
    return Judged(need, State.WAIVED, min(waived)) if waived else Judged(need, State.OPEN)


def _shown_on(need: Need, known: Known) -> date | None:
    """The first day of what shows it today."""
    if need.course is not None:
        return known.held.get(need.course)
    days = [day for subject, level, day in known.evidence if subject == need.subject and level >= need.level]
    return min(days, default=None)


def _covers(waiver: Waiver, need: Need) -> bool:
    """A waiver from a level says nothing of a higher one."""
    return (waiver.course, waiver.subject) == (need.course, need.subject) and waiver.level >= need.level


def _door(course: int, audience: Audience, known: Known) -> Door:
    if audience.is_open:
        return Door.EVERYBODY
    if known.categories & audience.categories.keys():
        return Door.POST
    if course not in known.nominations:
        return Door.CLOSED
    return {"confirmed": Door.NOMINATED, "declined": Door.DECLINED}.get(known.nominations[course], Door.AWAITING)
