"""What is read of a learner for the first page: duties, results, courses under way, and what hangs on them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import BigIntegerField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from certificates.models import Certificate
from courses import entry
from courses.entry_words import in_short
from courses.models import Enrolment, LessonCompletion, LessonVersion, ReadingPlace
from courses.sessions import mine
from lms.dashboards import courses_offered
from lms.dashboards.courses_offered import Named
from lms.duties.duties import Record, record_of
from lms.duties.models import ExtensionRequest
from lms.organisation.models import Person

# The lesson to go on with: its key, title and minutes; empty where all are finished.
Lesson: TypeAlias = dict[str, Any]
_SESSION = "session"


@dataclass(frozen=True, slots=True)
class MoreTime:
    """More time that was asked for: until which day (as given, else as wanted), and what became of it."""

    until: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate: its address and its number."""

    uuid: UUID
    number: str


@dataclass(slots=True)
class Standing:
    """What hangs on a person's duties and results: certificates by result, more time by target, the next session."""

    certificates: dict[int, Held] = field(default_factory=dict)
    more_time: dict[str, MoreTime] = field(default_factory=dict)
    sessions: list[tuple[str, UUID]] = field(default_factory=list)

    @property
    def next_session(self) -> mine.Next | None:
        """The first session to come that the person has a place in."""
        words, uuid = min(self.sessions, default=("", None))
        return mine.read_next(uuid, words) if uuid else None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the page is made of. `begun` are courses under way, `not_yet` why one may not begin a course."""

    today: date
    record: Record
    courses: dict[int, Named]
    documents: dict[int, Named]
    begun: dict[int, Lesson]
    not_yet: dict[int, str]
    nominations: dict[int, str]
    standing: Standing


def load(person: Person, today: date) -> Known:
    """What is known of one person: seven queries, and one more where documents are to be signed."""
    record = record_of(person, today)
    courses = courses_offered.by_id()
    facts = entry.load([person.pk])
    return Known(
        today=today,
        record=record,
        courses=courses,
        documents=courses_offered.documents_of(record.duties),
        begun=_begun(person),
        not_yet={course: in_short(facts.of(person.pk, course)) for course in courses},
        nominations=dict(facts.people[person.pk].nominations),
        standing=_standing(person, today),
    )


def _begun(person: Person) -> dict[int, Lesson]:
    """Courses under way, each with the lesson to go on with: the one left off at, else the first unfinished."""
    done = LessonCompletion.objects.filter(enrolment=OuterRef(OuterRef("pk"))).values("lesson_key")
    place = ReadingPlace.objects.filter(enrolment=OuterRef(OuterRef("pk"))).values("lesson_key")
    lessons = LessonVersion.objects.newest_edition().filter(course_version=OuterRef("course_version"))
    unfinished = lessons.exclude(key__in=done).order_by("position")
    # Two sub-queries, because SQLite knows nothing of the outer row where one is put in order.
    rows = Enrolment.objects.under_way().filter(person=person).order_by("on")
    rows_with_lessons = rows.values_list(
        "course_version__course_id", _described(unfinished.filter(key__in=place)), _described(unfinished)
    )
    return {course: left_off_at or first or {} for course, left_off_at, first in rows_with_lessons}


def _described(lessons: QuerySet[LessonVersion]) -> Subquery:
    """The first of the lessons, as one column."""
    return Subquery(lessons.values(described=JSONObject(key="key", title="title", minutes="minutes"))[:1])


def _standing(person: Person, today: date) -> Standing:
    """One query. The newest of each request for more time; certificates that were taken back are not shown."""
    held = Certificate.objects.filter(person=person, revocation__isnull=True)
    asked = ExtensionRequest.objects.filter(person=person)
    no_day, no_number = Value(None, output_field=DateField()), Value(None, output_field=BigIntegerField())
    parts = [
        held.values_list("pk", F("result_id"), "uuid", "number", no_day, Value("")),
        asked.values_list(
            "pk",
            no_number,
            "uuid",
            "target__key",
            Coalesce("decision__due_until", "wanted_until"),
            Coalesce("decision__outcome", Value("awaiting")),
        ),
        mine.coming_to(person, today).values_list(
            "pk", no_number, "session__uuid", mine.IN_ONE_COLUMN, no_day, Value(_SESSION)
        ),
    ]
    found = Standing()
    rows = parts[0].union(*parts[1:], all=True)
    for _pk, result, uuid, text, until, outcome in sorted(rows, key=lambda row: row[0]):
        if outcome == _SESSION:
            found.sessions.append((text, uuid))
        elif outcome:
            found.more_time[text] = MoreTime(until, outcome)
        elif result is not None:
            found.certificates[result] = Held(uuid, text)
    return found
