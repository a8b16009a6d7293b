"""A course's draft as plain content: what a pack writes, what is compared and hashed, what publishing freezes.

Text is normalised here, so that the same words typed in a browser and written in a file are the same content.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from courses.blocks import to_pack
from courses.media import library
from courses.models.framework import DocumentVersion
from courses.models.versions import Course
from courses.ports import draft_contents
from lms.core import clock

if TYPE_CHECKING:
    from courses.models.entry import EntryRequirement
    from courses.models.pages import CoursePage, EntryDraft, LessonPage

Content = dict[str, Any]


def lessons_of(page: CoursePage) -> list[LessonPage]:
    """The newest drafts of a course's lessons, in reading order."""
    children = page.get_children().order_by("path").specific()
    return [child.get_latest_revision_as_object() for child in children]


def course_content(page: CoursePage) -> Content:
    """`course.yaml` without the sections of upper rooms; every field is there."""
    return {
        "code": page.course.code,
        "title": tidy(page.title),
        "track": str(page.track),
        "integrity": page.is_integrity,
        "language": page.language,
        "summary": tidy(page.summary),
        "purpose": tidy(page.purpose),
        "outcomes": [line.strip() for line in page.outcomes.splitlines() if line.strip()],
        "audience": tidy(page.audience),
        "review_due": page.review_due,
        "holds": {"months": page.holds_months, "document": page.holds_document and page.holds_document.code},
        "what_changed": tidy(page.what_changed),
        "entry": [entry(row) for row in page.entry.all()],
        "certifies": [
            {"criterion": row.criterion.code, "evidence": str(row.evidence), "weight": number(row.weight)}
            for row in page.certifies.all()
        ],
        "passing": passing(page),
    }


def entry(row: EntryDraft | EntryRequirement) -> Content:
    """One thing that a course asks of whoever begins it."""
    return {
        "course": row.required_course and row.required_course.code,
        "subject": row.subject and row.subject.name,
        "level": row.level,
        "conditional": row.is_conditional,
    }


def passing(page: CoursePage) -> Content:
    """The rule for passing: the page's own numbers, the house's where it has none."""
    own = {"overall": page.pass_percent, "met": page.met_percent, "met_critical": page.met_critical_percent}
    return {name: number(house_rule(name) if value is None else value) for name, value in own.items()}


def house_rule(name: str) -> Decimal:
    """A number of the house's passing rule."""
    rules = {
        "overall": settings.COURSE_PASS_PERCENT,
        "met": settings.CRITERION_MET_PERCENT,
        "met_critical": settings.CRITICAL_CRITERION_MET_PERCENT,
    }
    return Decimal(rules[name])


def lesson_content(lesson: LessonPage) -> Content:
    """A lesson's file; every field is there. Blocks carry no `id`: see `blocks_of`."""
    return {
        "key": lesson.slug,
        "title": tidy(lesson.title),
        "minutes": lesson.minutes,
        "completion": str(lesson.completion),
        "document": lesson.document and lesson.document.code,
        "criteria": sorted(criterion.code for criterion in lesson.criteria.all()),
        "instruments": sorted(instrument.code for instrument in lesson.instruments.all()),
        "blocks": [{k: v for k, v in block.items() if k != "id"} for block in blocks_of(lesson)],
    }


def blocks_of(lesson: LessonPage) -> list[Content]:
    """The lesson's blocks in the pack's words, each with its `id`; files by name and hash."""
    return library.in_words(numbered_blocks_of(lesson))


def numbered_blocks_of(lesson: LessonPage) -> list[Content]:
    """The same with Wagtail's numbers for files."""
    return [tidied(to_pack(raw)) for raw in lesson.body.get_prep_value()]


def content(page: CoursePage) -> Content:
    """Everything that a learner could meet if the draft were published now."""
    lessons = lessons_of(page)
    return {
        "course": course_content(page),
        "people": [page.author_name, page.approver_name, page.moderator_name],
        "lessons": [lesson_content(lesson) for lesson in lessons],
        "documents": {lesson.slug: str(document_of(lesson) or "") for lesson in lessons},
        **upper_content(page.course),
    }


def upper_content(course: Course) -> Content:
    """What upper rooms add to the draft."""
    return {name: contents(course) for name, contents in draft_contents}


def document_of(lesson: LessonPage) -> DocumentVersion | None:
    """The version of its document that a lesson published today asks people to acknowledge."""
    return lesson.document.in_force_on(clock.today()) if lesson.document else None


def hash_of(value: Any) -> str:
    """A hash of plain content: the same content has the same hash in every process."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def tidied(value: Any) -> Any:
    """Plain content with its text normalised."""
    if isinstance(value, dict):
        return {name: tidied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [tidied(part) for part in value]
    return tidy(value) if isinstance(value, str) else value


def tidy(text: str) -> str:
    """Text without what a browser or an editor adds: line ends, blanks at the end of lines and around."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def number(value: Decimal | float) -> int | float:
    """A number as a file shows it: 70, not 70.00."""
    return int(value) if value == int(value) else float(value)
