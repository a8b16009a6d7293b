"""What a lesson's page shows to one learner: the body made for everybody, with her answers and what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, JSONField, OuterRef, Subquery, When
from django.urls import reverse

from courses import activities, bodies, progress
from courses.forms import ActivityForm, fields_of
from courses.models.learning import Acknowledgement, Enrolment
from courses.models.versions import LessonVersion


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of feedback in HTML."""

    text: str
    is_right: bool
    detail: str
    feedback: str
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a scenario that has opened: answered (`line`), or to be answered (`fields`)."""

    scene: str
    question: str
    fields: str
    line: ShownLine | None = None
    # Where one goes on reading: the step answered last.
    is_newest: bool = False


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A block on the page. An activity has an address, and once answered its feedback."""

    part: bodies.Part
    # Empty in a draft: nothing can be answered there.
    url: str = ""
    lines: list[ShownLine] = field(default_factory=list)
    closing: str = ""
    is_right: bool = False
    form: ActivityForm | None = None

    @property
    def template(self) -> str:
        """What shows it."""
        return "blocks/stepped_scenario.html" if self.part.kind == "stepped_scenario" else "blocks/activity.html"

    @property
    def steps(self) -> list[ShownStep]:
        """Of a scenario the steps that have opened, of a draft all."""
        words, answered = self.part.words, len(self.lines)
        steps = self.part.block["steps"][: answered + 1 if self.url else None]
        return [
            ShownStep(
                step["scene"],
                words[step["question"]],
                self.part.stages[number],
                self.lines[number] if number < answered else None,
                number == max(answered - 1, 0),
            )
            for number, step in enumerate(steps)
        ]

    @property
    def is_over(self) -> bool:
        """Whether every step of a scenario is answered."""
        return len(self.lines) == len(self.part.block["steps"])

    @property
    def right_count(self) -> int:
        """How many lines are right."""
        return sum(line.is_right for line in self.lines)


@dataclass(frozen=True, slots=True)
class LessonPage:
    """Everything that the lesson's template needs."""

    lesson: Any
    course_title: str
    parts: list[ShownPart]
    outline: list[progress.LessonState] = field(default_factory=list)
    acknowledged_on: datetime | None = None
    back_url: str = ""
    url: str = ""
    journal_url: str = ""
    is_preview: bool = False

    @property
    def position(self) -> int:
        """Which lesson this is, from 1."""
        keys = [state.key for state in self.outline]
        return keys.index(self.lesson.key) + 1 if self.lesson.key in keys else 1

    @property
    def is_done(self) -> bool:
        """Whether the learner has finished it."""
        return any(state.is_done for state in self.outline if state.key == self.lesson.key)

    @property
    def following(self) -> progress.LessonState | None:
        """The lesson after this one."""
        return self.outline[self.position] if self.position < len(self.outline) else None

    @property
    def before(self) -> progress.LessonState | None:
        """The lesson before this one."""
        return self.outline[self.position - 2] if self.position > 1 else None


@dataclass(frozen=True, slots=True)
class Opened:
    """A lesson, and the outline of its course around it."""

    lesson: LessonVersion
    outline: list[progress.LessonState]


def opened(enrolment: Enrolment, key: str) -> Opened | None:
    """The lesson that the learner reads today, with its outline, in one query; None where the course has none such."""
    signed = Acknowledgement.objects.filter(
        person=enrolment.person_id, document_version=OuterRef("document_version")
    ).values("on")[:1]
    # Blocks are large: only the open lesson's come along.
    blocks = Case(When(key=key, then="blocks"), default=None, output_field=JSONField())
    added = {"acknowledged_on": Subquery(signed), "open_blocks": blocks}
    rows = progress.outline(enrolment).annotate(**added)
    lessons = list(rows.select_related("document_version__document"))
    lesson = next((row for row in lessons if row.key == key), None)
    if lesson is None:
        return None
    lesson.blocks = lesson.open_blocks
    return Opened(lesson, progress.states(enrolment, lessons))


def page(enrolment: Enrolment, at: Opened, *, bound: ActivityForm | None = None) -> LessonPage:
    """The page; `bound` is an activity's form that came back with errors."""
    lesson = at.lesson
    made = bodies.body(lesson, bodies.adopted(), fields_of)
    answers = _answers(enrolment, lesson)
    version = enrolment.course_version
    return LessonPage(
        lesson,
        version.title,
        [_shown(part, _url(enrolment, lesson, part), answers.get(part.id), bound) for part in made],
        at.outline,
        lesson.acknowledged_on,
        reverse("learn", args=[version.course.code]),
        reverse("lesson", args=[version.course.code, lesson.key]),
        f"{reverse('journal', args=[version.course.code])}?lesson={lesson.key}",
    )


def following(at: Opened) -> progress.LessonState | None:
    """The lesson after the open one."""
    keys = [state.key for state in at.outline]
    place = keys.index(at.lesson.key) + 1
    return at.outline[place] if place < len(keys) else None


def activity(lesson: LessonVersion, block_id: str) -> bodies.Part | None:
    """An activity of the lesson that learners meet here."""
    made = bodies.body(lesson, bodies.adopted(), fields_of)
    found = (part for part in made if part.id == block_id and part.kind in activities.KINDS)
    return next(found, None)


def standing_answer(enrolment: Enrolment, lesson: LessonVersion, part: bodies.Part) -> Any:
    """What the learner answered last, None if nothing yet."""
    return _answers(enrolment, lesson).get(part.id)


def shown_activity(
    enrolment: Enrolment, lesson: LessonVersion, part: bodies.Part, *, bound: ActivityForm | None = None
) -> ShownPart:
    """One activity as it stands now."""
    return _shown(part, _url(enrolment, lesson, part), standing_answer(enrolment, lesson, part), bound)


def draft_parts(blocks: list[bodies.Block], document: Any) -> list[ShownPart]:
    """The parts of a draft; nothing can be answered in it."""
    return [ShownPart(part) for part in bodies.parts(blocks, document, fields_of)]


def _url(enrolment: Enrolment, lesson: LessonVersion, part: bodies.Part) -> str:
    if part.kind not in activities.KINDS:
        return ""
    return reverse("lesson_activity", args=[enrolment.course_version.course.code, lesson.key, part.id])


def _answers(enrolment: Enrolment, lesson: LessonVersion) -> dict[str, Any]:
    kept = enrolment.activity_answers.filter(lesson_version=lesson).order_by("pk")
    return dict(kept.values_list("block_id", "answer"))


def _shown(part: bodies.Part, url: str, answer: Any, bound: ActivityForm | None) -> ShownPart:
    form = bound if bound is not None and bound.block["id"] == part.id else None
    if answer is None or part.kind not in activities.KINDS:
        return ShownPart(part, url, form=form)
    said = activities.feedback(part.block, answer)
    lines = [
        ShownLine(
            part.words[line.text], line.is_right, line.detail, part.words.get(line.feedback, ""), line.is_critical
        )
        for line in said.lines
    ]
    return ShownPart(part, url, lines, part.words.get(said.closing, ""), said.is_right, form)
