"""What a learner finds on the first page: the next ten minutes, what is required, what is done, what there is besides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from courses.sessions import mine
from lms.dashboards import learner_facts, wording
from lms.dashboards.courses_offered import Named
from lms.dashboards.learner_facts import Held, Known, Lesson, MoreTime
from lms.duties.days import or_none
from lms.duties.duties import Duty
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
    more_time: MoreTime | None = None


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
    """Everything for one person, in as many queries as `learner_facts.load` asks."""
    known = learner_facts.load(person, today)
    steps = list(_steps(known))
    duties = known.record.duties
    return Learning(
        person=person,
        next_step=steps[0] if steps else None,
        required=[_required(duty, known) for duty in duties],
        under_way=[step for step in steps if not step.is_asked],
        done=sorted(_done(known), key=lambda done: done.achieved_on, reverse=True),
        optional=_optional(known),
        nominations=[
            (known.courses[course], outcome or "awaiting")
            for course, outcome in known.nominations.items()
            if course in known.courses
        ],
        next_session=known.standing.next_session,
    )


def _asked(known: Known) -> set[int]:
    """The courses that duties are about, refreshers whose turn it is included."""
    return {course for duty in known.record.duties for course in duty.courses | duty.asks}


def _steps(known: Known) -> Iterator[NextStep]:
    """The most urgent thing that a duty asks, then what was begun besides."""
    asked_for = (_step_for(duty, known) for duty in known.record.duties if duty.asks_for_something)
    first = next((step for step in asked_for if step is not None), None)
    if first is not None:
        yield first
    asked = _asked(known)
    for course in known.begun:
        if course not in asked and course in known.courses:
            yield _step(course, None, known)


def _step_for(duty: Duty, known: Known) -> NextStep | None:
    """What to do for a duty: sign, read what changed, or take a course; None where nothing may be done yet."""
    if duty.target.document is not None:
        return _short_step(duty, known.documents[duty.target.document], "document", known.today)
    if duty.unread in known.courses:
        return _short_step(duty, known.courses[duty.unread], "changes", known.today)
    course = _course_of(duty, known)
    return None if course is None else _step(course, duty, known)


def _short_step(duty: Duty, words: Named, kind: str, today: date) -> NextStep:
    by_when = wording.by_when(duty, today)
    return NextStep(words, _short_url(duty, words), "", words.minutes, False, True, by_when, kind)


def _short_url(duty: Duty, words: Named) -> str:
    """Where what changed is read, or a document signed."""
    return reverse("course_changes" if duty.target.document is None else "library_document", args=[words.code])


def _courses_of(duty: Duty, known: Known) -> list[int]:
    """The courses of which any one would do next, in the order of their codes."""
    return sorted((course for course in duty.asks if course in known.courses), key=lambda pk: known.courses[pk].code)


def _course_of(duty: Duty, known: Known) -> int | None:
    """The course to take for a duty: the one that was begun, else the first that is offered and may be begun."""
    courses = _courses_of(duty, known)
    started = [course for course in courses if course in known.begun]
    open_to_begin = [course for course in courses if known.courses[course].is_offered and not known.not_yet[course]]
    return next(iter(started + open_to_begin), None)


def _step(course: int, duty: Duty | None, known: Known) -> NextStep:
    lesson = known.begun.get(course)
    words = known.courses[course]
    return NextStep(
        course=words,
        url=_url(words, lesson),
        lesson=lesson.get("title", "") if lesson else "",
        minutes=lesson.get("minutes", words.minutes) if lesson else words.minutes,
        is_begun=lesson is not None,
        is_asked=duty is not None,
        by_when=wording.by_when(duty, known.today) if duty else "",
    )


def _url(course: Named, lesson: Lesson | None) -> str:
    """The course's own page before it is begun, then the lesson to go on with, else what the course lists as next."""
    if lesson is None:
        return reverse("course", args=[course.code])
    return reverse("lesson", args=[course.code, lesson["key"]]) if lesson else reverse("learn", args=[course.code])


def _required(duty: Duty, known: Known) -> Required:
    return Required(
        duty=duty,
        courses=_links(duty, known),
        is_begun=any(course in known.begun for course in duty.asks),
        by_when=wording.by_when(duty, known.today),
        why=wording.why(duty),
        not_yet=wording.not_yet(duty, known.not_yet),
        more_time=known.standing.more_time.get(duty.target.key),
    )


def _links(duty: Duty, known: Known) -> list[tuple[Named, str]]:
    """What a duty is for, each with where to do it."""
    if duty.target.document is not None:
        document = known.documents[duty.target.document]
        return [(document, _short_url(duty, document))]
    return [(known.courses[course], _link(duty, course, known)) for course in _courses_of(duty, known)]


def _link(duty: Duty, course: int, known: Known) -> str:
    words = known.courses[course]
    return _short_url(duty, words) if course == duty.unread else _url(words, known.begun.get(course))


def _done(known: Known) -> Iterator[Done]:
    for result in known.record.achieved:
        if result.course not in known.courses or result.days.start > known.today:
            continue
        last = result.last_good
        yield Done(
            course=known.courses[result.course],
            achieved_on=result.days.start,
            holds_until=or_none(last),
            state="in_date" if last >= known.today else "expired",
            certificate=known.standing.certificates.get(result.result),
        )


def _optional(known: Known) -> list[tuple[Named, str]]:
    taken = _asked(known) | set(known.begun) | {result.course for result in known.record.achieved}
    offered = [
        (words, known.not_yet[course])
        for course, words in known.courses.items()
        if words.is_offered and course not in taken
    ]
    return sorted(offered, key=lambda offer: offer[0].title)
