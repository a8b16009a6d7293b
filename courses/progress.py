"""How far somebody has come in a course, and what to do next. Nothing is stored: it follows from what was done."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.urls import reverse

from courses.models.learning import Enrolment, LessonCompletion
from courses.models.versions import LessonQuerySet, LessonVersion
from courses.ports import CourseStep, course_steps


@dataclass(frozen=True, slots=True)
class LessonState:
    """A lesson of the newest edition, and whether the learner has finished it."""

    key: str
    title: str
    minutes: int
    completion: str
    url: str
    is_done: bool

    @property
    def is_attended(self) -> bool:
        """Whether it is done by being at a session."""
        return self.completion == LessonVersion.Completion.ATTENDED


@dataclass(frozen=True, slots=True)
class Next:
    """The next step of a course."""

    title: str
    minutes: int
    url: str


@dataclass(frozen=True, slots=True)
class Progress:
    """An enrolment's lessons in reading order, and the steps that upper rooms add."""

    enrolment: Enrolment
    lessons: list[LessonState]
    steps: list[CourseStep] = field(default_factory=list)
    place: str = ""

    @property
    def lessons_done(self) -> int:
        """How many lessons are finished."""
        return sum(1 for lesson in self.lessons if lesson.is_done)

    @property
    def minutes_left(self) -> int:
        """Planned minutes of what is not done yet."""
        parts: list[LessonState | CourseStep] = [*self.lessons, *self.steps]
        return sum(part.minutes for part in parts if not part.is_done)

    @property
    def next(self) -> Next | None:
        """Where to go on: the lesson left off at, else the first unfinished one, else the first open step."""
        unfinished = [lesson for lesson in self.lessons if not lesson.is_done]
        # A session is weeks away: what can be read meanwhile goes first.
        open_lessons = sorted(unfinished, key=lambda lesson: lesson.is_attended)
        left_off = [lesson for lesson in open_lessons if lesson.key == self.place and not lesson.is_attended]
        open_steps = [step for step in self.steps if step.is_open and not step.is_done and step.url]
        parts: list[LessonState | CourseStep] = [*left_off, *open_lessons, *open_steps]
        return Next(parts[0].title, parts[0].minutes, parts[0].url) if parts else None


def of(enrolment: Enrolment) -> Progress:
    """One enrolment with the steps beyond its lessons. One query for lessons, and the steps' own."""
    lessons = states(enrolment, outline(enrolment))
    steps = [step for _name, steps_of in course_steps for step in steps_of(enrolment)]
    return Progress(enrolment, lessons, steps, place_of(enrolment))


def of_all(enrolments: Iterable[Enrolment]) -> list[Progress]:
    """Many enrolments without further steps: two queries however many. Select `course_version__course` and `place`."""
    enrolments = list(enrolments)
    lessons: dict[int, list[LessonVersion]] = defaultdict(list)
    for lesson in _outlines(enrolments):
        lessons[lesson.course_version_id].append(lesson)
    done = set(LessonCompletion.objects.filter(enrolment__in=enrolments).values_list("enrolment_id", "lesson_key"))
    return [
        Progress(
            enrolment,
            [
                _state(enrolment, lesson, is_done=(enrolment.pk, lesson.key) in done)
                for lesson in lessons[enrolment.course_version_id]
            ],
            place=place_of(enrolment),
        )
        for enrolment in enrolments
    ]


def outline(enrolment: Enrolment) -> LessonQuerySet:
    """The lessons of an enrolment in reading order, without their blocks; each knows whether it `is_done`."""
    done = LessonCompletion.objects.filter(enrolment=enrolment, lesson_key=OuterRef("key"))
    added = {"is_done": Exists(done)}
    return _outlines([enrolment]).annotate(**added)


def states(enrolment: Enrolment, lessons: Iterable[LessonVersion]) -> list[LessonState]:
    """Lessons of `outline` as pages list them."""
    return [_state(enrolment, lesson, is_done=lesson.is_done) for lesson in lessons]


def place_of(enrolment: Enrolment) -> str:
    """The key of the lesson at which the learner left off; empty where she has not begun."""
    place = getattr(enrolment, "place", None)
    return place.lesson_key if place else ""


def _outlines(enrolments: list[Enrolment]) -> LessonQuerySet:
    versions = {enrolment.course_version_id for enrolment in enrolments}
    rows = LessonVersion.objects.newest_edition().filter(course_version__in=versions)
    return rows.order_by("course_version", "position").defer("blocks")


def _state(enrolment: Enrolment, lesson: LessonVersion, *, is_done: bool) -> LessonState:
    url = reverse("lesson", args=[enrolment.course_version.course.code, lesson.key])
    return LessonState(lesson.key, lesson.title, lesson.minutes, lesson.completion, url, is_done)
