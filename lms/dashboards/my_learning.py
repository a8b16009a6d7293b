"""What a learner finds on the first page: the next ten minutes, what is required, what is done, what there is besides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import BigIntegerField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse

from certificates.models import Certificate
from courses import entry
from courses.entry_words import in_short
from courses.models import Enrolment, LessonCompletion, LessonVersion, ReadingPlace
from courses.sessions import mine
from lms.dashboards import courses_offered, wording
from lms.dashboards.courses_offered import Named
from lms.duties.days import or_none
from lms.duties.duties import Duty, record_of
from lms.duties.holding import Achieved
from lms.duties.models import ExtensionRequest
from lms.organisation.models import Person


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where to go on: a lesson of a course under way, its paper once the lessons are done, or its beginning."""

    course: Named
    url: str
    lesson: str
    minutes: int
    is_begun: bool
    is_asked: bool
    by_when: str
    # What there is to do: take a "course", read what "changes" it had, or sign a "document".
    kind: str = "course"


@dataclass(frozen=True, slots=True)
class Required:
    """A duty as the list shows it: the courses of which any one will do, by when, and why."""

    duty: Duty
    courses: list[tuple[Named, str]]
    is_begun: bool
    by_when: str
    why: str
    not_yet: str
    more_time: "MoreTime | None" = None


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


@dataclass(frozen=True, slots=True)
class Done:
    """A result: since when, until when, whether it still counts, and its certificate."""

    course: Named
    achieved_on: date
    holds_until: date | None
    state: str
    certificate: Held | None


@dataclass(frozen=True, slots=True)
class Learning:
    """The whole page."""

    person: Person
    next_step: NextStep | None
    required: list[Required]
    under_way: list[NextStep]
    done: list[Done]
    optional: list[tuple[Named, str]]
    nominations: list[tuple[Named, str]]
    next_session: mine.Next | None

    @property
    def is_blocked(self) -> bool:
        """Whether something is required that one may not begin yet."""
        return any(required.not_yet for required in self.required)


def of(person: Person, today: date) -> Learning:
    """Everything for one person: seven queries, however much it is."""
    record = record_of(person, today)
    named = courses_offered.by_id()
    facts = entry.load([person.pk])
    not_yet = {course: in_short(facts.of(person.pk, course)) for course in named}
    begun = _begun(person)
    # The newest of each result; what was taken back is not shown.
    certificates, more_time, next_session = _held_and_asked(person, today)
    asked = {course for duty in record.duties for course in duty.courses}
    documents = courses_offered.documents_of(record.duties)
    to_take = _asked_for(record.duties, begun, named, not_yet, documents)
    besides = [(course, None) for course in begun if course not in asked and course in named]
    first = [_first_step(course, duty, begun, named, documents, today) for course, duty in to_take[:1]]
    steps = [*first, *(_step(*step, begun, named, today) for step in besides)]
    return Learning(
        person=person,
        next_step=steps[0] if steps else None,
        required=[_required(duty, begun, named, documents, not_yet, today, more_time) for duty in record.duties],
        under_way=[step for step in steps if not step.is_asked],
        done=sorted(
            _done(record.achieved, named, certificates, today), key=lambda done: done.achieved_on, reverse=True
        ),
        optional=_optional(named, asked | set(begun) | {result.course for result in record.achieved}, not_yet),
        nominations=_nominations(facts.people[person.pk].nominations, named),
        next_session=next_session,
    )


# The lesson to go on with: its key, title and minutes; empty where all are finished.
Lesson: TypeAlias = dict[str, Any]


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


def _asked_for(
    duties: Iterable[Duty],
    begun: Mapping[int, Lesson],
    named: Mapping[int, Named],
    not_yet: Mapping[int, str],
    documents: Mapping[int, Named],
) -> list[tuple[int, Duty]]:
    """What there is to do, the most urgent first: a course, or 0 for a document, and the duty that it is for."""
    found = [
        (0 if duty.target.document in documents else _course_of(duty, begun, named, not_yet), duty)
        for duty in duties
        if duty.asks_for_something
    ]
    return [(course, duty) for course, duty in found if course is not None]


def _first_step(
    course: int,
    duty: Duty,
    begun: Mapping[int, Lesson],
    named: Mapping[int, Named],
    documents: Mapping[int, Named],
    today: date,
) -> NextStep:
    """The most urgent: to read what changed, to sign, or to take a course."""
    kind, words = "changes", named.get(duty.unread or 0)
    if duty.target.document is not None:
        kind, words = "document", documents[duty.target.document]
    if words is None:
        return _step(course, duty, begun, named, today)
    by_when = wording.by_when(duty, today)
    return NextStep(words, _short_url(duty, words), "", words.minutes, False, True, by_when, kind)


def _short_url(duty: Duty, words: Named) -> str:
    """Where what changed is read, or a document signed."""
    return reverse("course_changes" if duty.target.document is None else "library_document", args=[words.code])


def _course_of(
    duty: Duty, begun: Mapping[int, Lesson], named: Mapping[int, Named], not_yet: Mapping[int, str]
) -> int | None:
    """The course to take for a duty: the one that was begun, else the first that is offered and may be begun."""
    if duty.unread in named:
        return duty.unread
    courses = sorted((course for course in duty.courses if course in named), key=lambda course: named[course].code)
    started = [course for course in courses if course in begun]
    return next(
        iter([*started, *(course for course in courses if named[course].is_offered and not not_yet[course])]), None
    )


def _step(
    course: int, duty: Duty | None, begun: Mapping[int, Lesson], named: Mapping[int, Named], today: date
) -> NextStep:
    lesson = begun.get(course)
    words = named[course]
    return NextStep(
        course=words,
        url=_url(words, lesson),
        lesson=lesson.get("title", "") if lesson else "",
        minutes=lesson.get("minutes", words.minutes) if lesson else words.minutes,
        is_begun=lesson is not None,
        is_asked=duty is not None,
        by_when=wording.by_when(duty, today) if duty else "",
    )


def _url(course: Named, lesson: Lesson | None) -> str:
    """The course's own page before it is begun, then the lesson to go on with, else what the course lists as next."""
    if lesson is None:
        return reverse("course", args=[course.code])
    return reverse("lesson", args=[course.code, lesson["key"]]) if lesson else reverse("learn", args=[course.code])


_SESSION = "session"


def _held_and_asked(person: Person, today: date) -> tuple[dict[int, Held], dict[str, MoreTime], mine.Next | None]:
    """Certificates by result, by target the last request for more time, and the next session with a place: one query."""
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
    certificates: dict[int, Held] = {}
    more_time: dict[str, MoreTime] = {}
    sessions: list[tuple[str, UUID]] = []
    rows = parts[0].union(*parts[1:], all=True)
    for _pk, result, uuid, text, until, outcome in sorted(rows, key=lambda row: row[0]):
        if outcome == _SESSION:
            sessions.append((text, uuid))
        elif outcome:
            more_time[text] = MoreTime(until, outcome)
        elif result is not None:
            certificates[result] = Held(uuid, text)
    words, uuid = min(sessions, default=("", None))
    return certificates, more_time, mine.read_next(uuid, words) if uuid else None


def _required(
    duty: Duty,
    begun: Mapping[int, Lesson],
    named: Mapping[int, Named],
    documents: Mapping[int, Named],
    not_yet: Mapping[int, str],
    today: date,
    more_time: Mapping[str, MoreTime],
) -> Required:
    courses = sorted((course for course in duty.courses if course in named), key=lambda course: named[course].code)
    return Required(
        duty=duty,
        courses=_links(duty, courses, begun, named, documents),
        is_begun=any(course in begun for course in courses),
        by_when=wording.by_when(duty, today),
        why=wording.why(duty),
        not_yet=wording.not_yet(duty, not_yet),
        more_time=more_time.get(duty.target.key),
    )


def _links(
    duty: Duty,
    courses: Iterable[int],
    begun: Mapping[int, Lesson],
    named: Mapping[int, Named],
    documents: Mapping[int, Named],
) -> list[tuple[Named, str]]:
    """What a duty is for, each with where to do it."""
    if duty.target.document is not None:
        document = documents[duty.target.document]
        return [(document, _short_url(duty, document))]
    return [
        (
            named[course],
            _short_url(duty, named[course]) if course == duty.unread else _url(named[course], begun.get(course)),
        )
        for course in courses
    ]


def _done(
    achieved: Iterable[Achieved],
    named: Mapping[int, Named],
    certificates: Mapping[int, Held],
    today: date,
) -> Iterator[Done]:
    for result in achieved:
        if result.course not in named or result.days.start > today:
            continue
        last = result.last_good
        yield Done(
            course=named[result.course],
            achieved_on=result.days.start,
            holds_until=or_none(last),
            state="in_date" if last >= today else "expired",
            certificate=certificates.get(result.result),
        )


def _optional(named: Mapping[int, Named], taken: set[int], not_yet: Mapping[int, str]) -> list[tuple[Named, str]]:
    offered = [(words, not_yet[course]) for course, words in named.items() if words.is_offered and course not in taken]
    return sorted(offered, key=lambda offer: offer[0].title)


def _nominations(decided: Mapping[int, str], named: Mapping[int, Named]) -> list[tuple[Named, str]]:
    return [(named[course], outcome or "awaiting") for course, outcome in decided.items() if course in named]
