"""What a learner finds on the first page: the next ten minutes, what is required, what is done, what there is besides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from certificates import states
from certificates.models import Certificate
from courses.models import Enrolment, LessonCompletion, LessonVersion, ReadingPlace
from lms.dashboards import courses_offered, wording
from lms.dashboards.courses_offered import Named
from lms.duties.days import or_none
from lms.duties.duties import Duty, record_of
from lms.duties.spans import Achieved
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


@dataclass(frozen=True, slots=True)
class Required:
    """A duty as the list shows it: the courses of which any one will do, by when, and why."""

    duty: Duty
    courses: list[tuple[Named, str]]
    is_begun: bool
    by_when: str
    why: str


@dataclass(frozen=True, slots=True)
class Done:
    """A result: since when, until when, whether it still counts, and its certificate."""

    course: Named
    achieved_on: date
    holds_until: date | None
    state: str
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class Learning:
    """The whole page."""

    next_step: NextStep | None
    required: list[Required]
    under_way: list[NextStep]
    done: list[Done]
    optional: list[Named]


def of(person: Person, today: date) -> Learning:
    """Everything for one person: six queries, however much it is."""
    record = record_of(person, today)
    named = courses_offered.by_id()
    begun = {enrolment.course_version.course_id: enrolment for enrolment in _under_way(person)}
    certificates = {
        certificate.result_id: certificate
        for certificate in Certificate.objects.filter(person=person).with_facts().order_by("pk")
    }
    asked = {course for duty in record.duties for course in duty.courses}
    steps = list(_steps(record.duties, begun, named, today))
    return Learning(
        next_step=steps[0] if steps else None,
        required=[_required(duty, begun, named, today) for duty in record.duties],
        under_way=[step for step in steps if not step.is_asked],
        done=sorted(
            _done(record.achieved, named, certificates, today), key=lambda done: done.achieved_on, reverse=True
        ),
        optional=_optional(named, asked | set(begun) | {result.course for result in record.achieved}),
    )


def _under_way(person: Person) -> QuerySet[Enrolment]:
    """Courses begun, each with its first unfinished lesson, and with the one left off at if that is unfinished."""
    done = LessonCompletion.objects.filter(enrolment=OuterRef(OuterRef("pk"))).values("lesson_key")
    place = ReadingPlace.objects.filter(enrolment=OuterRef(OuterRef("pk"))).values("lesson_key")
    lessons = LessonVersion.objects.newest_edition().filter(course_version=OuterRef("course_version"))
    unfinished = lessons.exclude(key__in=done).order_by("position")
    enrolments = Enrolment.objects.under_way().filter(person=person).order_by("on").select_related("course_version")
    # Two of them, because SQLite knows nothing of the outer row where a sub-query is put in order.
    return enrolments.annotate(
        left_off_at=_described(unfinished.filter(key__in=place)), first_unfinished=_described(unfinished)
    )


def _described(lessons: QuerySet[LessonVersion]) -> Subquery:
    """The first of the lessons, as one column."""
    return Subquery(lessons.values(described=JSONObject(key="key", title="title", minutes="minutes"))[:1])


def _lesson_of(enrolment: Enrolment | None) -> dict[str, Any]:
    """The lesson to go on with: where she left off, else the first unfinished; empty where none is left."""
    found = getattr(enrolment, "left_off_at", None) or getattr(enrolment, "first_unfinished", None)
    return found or {}


def _steps(
    duties: Iterable[Duty], begun: Mapping[int, Enrolment], named: Mapping[int, Named], today: date
) -> Iterator[NextStep]:
    """What could be done next: what is asked for first, then what was begun without being asked."""
    asked: set[int] = set()
    for duty in duties:
        asked |= duty.courses
        course = _course_of(duty, begun, named)
        if course is not None and duty.asks_for_something:
            yield _step(course, begun.get(course), named, duty, today)
    for course, enrolment in begun.items():
        if course not in asked and course in named:
            yield _step(course, enrolment, named, None, today)


def _course_of(duty: Duty, begun: Mapping[int, Enrolment], named: Mapping[int, Named]) -> int | None:
    """The course to take for a duty: the one that was begun, else the first that is offered."""
    courses = sorted((course for course in duty.courses if course in named), key=lambda course: named[course].code)
    started = [course for course in courses if course in begun]
    return next(iter([*started, *(course for course in courses if named[course].is_offered)]), None)


def _step(
    course: int, enrolment: Enrolment | None, named: Mapping[int, Named], duty: Duty | None, today: date
) -> NextStep:
    lesson = _lesson_of(enrolment)
    words = named[course]
    return NextStep(
        course=words,
        url=_url(words, enrolment, lesson.get("key", "")),
        lesson=lesson.get("title", ""),
        minutes=lesson.get("minutes", words.minutes),
        is_begun=enrolment is not None,
        is_asked=duty is not None,
        by_when=wording.by_when(duty, today) if duty else "",
    )


def _url(course: Named, enrolment: Enrolment | None, lesson: str) -> str:
    if enrolment is None:
        return reverse("course", args=[course.code])
    return reverse("lesson", args=[course.code, lesson]) if lesson else reverse("learn", args=[course.code])


def _required(duty: Duty, begun: Mapping[int, Enrolment], named: Mapping[int, Named], today: date) -> Required:
    courses = sorted((course for course in duty.courses if course in named), key=lambda course: named[course].code)
    return Required(
        duty=duty,
        courses=[(named[course], _url(named[course], begun.get(course), "")) for course in courses],
        is_begun=any(course in begun for course in courses),
        by_when=wording.by_when(duty, today),
        why=wording.why(duty),
    )


def _done(
    achieved: Iterable[Achieved],
    named: Mapping[int, Named],
    certificates: Mapping[int | None, Certificate],
    today: date,
) -> Iterator[Done]:
    for result in achieved:
        if result.course not in named or result.days.start > today:
            continue
        certificate = certificates.get(result.result)
        last = result.last_good(None)
        yield Done(
            course=named[result.course],
            achieved_on=result.days.start,
            holds_until=or_none(last),
            state="in_date" if last >= today else "expired",
            certificate=certificate if certificate and states.of(certificate, today) != _REVOKED else None,
        )


_REVOKED = states.State.REVOKED


def _optional(named: Mapping[int, Named], taken: set[int]) -> list[Named]:
    offered = [words for course, words in named.items() if words.is_offered and course not in taken]
    return sorted(offered, key=lambda words: words.title)
