"""A draft at a glance, for the panel beside it in the editor: evidence, minutes, reading, instruments, what to read again.

The figures are those of the report that `load_curriculum` ends with, from the same pure functions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from courses import drafts
from courses.curriculum.problems import Spot
from courses.models import CoursePage, Criterion, Instrument, LessonPage
from courses.models.versions import hours_of
from courses.ports import Evidence, Outline, PlannedPart, outlines, question_sources
from courses.quality import ease, findings, prose, records
from courses.quality.limits import limits
from courses.quality.nodes import Node
from courses.reviewing import no_longer_in_force
from lms.core import clock


@dataclass(frozen=True, slots=True)
class Shown:
    """A criterion and what shows it."""

    criterion: str
    text: str
    is_critical: bool
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the words read."""

    ease: int | None
    sentences: int
    middle: float
    wall: int

    @property
    def meaning(self) -> str:
        """The figure in words."""
        return "" if self.ease is None else ease.meaning(self.ease)


@dataclass(frozen=True, slots=True)
class Named:
    """An instrument that is named, and whether something is the matter with it."""

    instrument: Instrument
    url: str
    gone: str
    is_past_review: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """Everything that the panel shows."""

    criteria: list[Shown]
    parts: list[PlannedPart]
    reading: Reading
    instruments: list[Named]
    again: list[str] = field(default_factory=list)
    minutes: int = 0
    hours: str = ""


def of_course(page: CoursePage) -> Glance:
    """A course: everything that it holds together."""
    drafted = drafts.lessons_of(page)
    lessons = [_record(lesson) for lesson in drafted]
    lesson_minutes = sum(lesson.minutes for lesson in drafted)
    upper = [outline(page.course) for _name, outline in outlines]
    lesson_part = PlannedPart(_("Lessons"), lesson_minutes, reverse("wagtailadmin_explore", args=[page.pk]))
    parts = [lesson_part, *(part for outline in upper for part in outline.parts)]
    minutes = sum(part.minutes for part in parts)
    return Glance(
        criteria=_shown([row.criterion for row in page.certifies.all()], upper),
        parts=parts,
        reading=_reading(lessons, page.language),
        instruments=_named({row for lesson in drafted for row in lesson.instruments.all()}),
        again=list(_again(page, lessons)),
        minutes=minutes,
        hours=hours_of(minutes),
    )


def of_lesson(page: LessonPage) -> Glance:
    """A lesson."""
    lesson = _record(page)
    language = page.get_parent().specific.language
    texts = [said for block in lesson.blocks for said in block.texts]
    found = [
        *findings.walls_of_text(lesson, limits()),
        *findings.missing_feedback(records.CourseContent("", lesson.spot, lessons=[lesson])),
        *findings.long_sentences(texts, limits()),
    ]
    return Glance(
        criteria=_shown(page.criteria.all(), [outline(page.course) for _name, outline in outlines]),
        parts=[PlannedPart(_("This lesson"), page.minutes, "")],
        reading=_reading([lesson], language),
        instruments=_named(set(page.instruments.all())),
        again=[_placed(problem.file, problem.reason) for problem in found],
    )


def _again(page: CoursePage, lessons: list[records.Lesson]) -> Iterator[str]:
    certified = [
        records.Certified(row.criterion.code, row.evidence, row.criterion.current.is_critical, Spot(""))
        for row in page.certifies.all()
    ]
    questions = [question for _name, source in question_sources for question in source.of(page.course)]
    content = records.CourseContent(page.course.code, Spot(""), certified, lessons, questions)
    for problem in findings.of_course(content, limits()):
        yield _placed(problem.file, problem.reason)


def _placed(place: str, reason: str) -> str:
    return f"{place}: {reason}" if place else reason


def _record(lesson: LessonPage) -> records.Lesson:
    return records.lesson(Node(drafts.lesson_content(lesson), Spot(lesson.title)))


def _reading(lessons: list[records.Lesson], language: str) -> Reading:
    running = [said.text for lesson in lessons for block in lesson.blocks for said in block.running]
    lengths = findings.running_sentences(lessons)
    return Reading(
        ease=ease.reading_ease(running) if language.startswith("en") else None,
        sentences=len(lengths),
        middle=prose.middle(lengths),
        wall=max((findings.longest_wall(lesson) for lesson in lessons), default=0),
    )


def _shown(criteria: Iterable[Criterion], upper: list[Outline]) -> list[Shown]:
    evidence = [row for outline in upper for row in outline.evidence]
    return [
        Shown(
            criterion.code,
            criterion.current.text,
            criterion.current.is_critical,
            [row for row in evidence if row.criterion == criterion.code],
        )
        for criterion in criteria
    ]


def _named(instruments: set[Instrument]) -> list[Named]:
    today = clock.today()
    return [
        Named(
            row,
            reverse("wagtailsnippets_courses_instrument:edit", args=[row.pk]),
            no_longer_in_force(row) if row.is_superseded_on(today) else "",
            row.review_due < today,
        )
        for row in sorted(instruments, key=str)
    ]
