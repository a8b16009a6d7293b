"""Drafts shown as learners would see them, for Wagtail's preview. Nothing in them can be answered or finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses import drafts, lesson_pages
from courses.media import library
from courses.models.versions import LessonVersion
from courses.ports import outlines

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage


# The editor's preview opens at the width that our pages are made for first.
SIZES = [
    {"name": "mobile", "icon": "mobile-alt", "device_width": 360, "label": _("Preview on a phone")},
    {"name": "tablet", "icon": "tablet-alt", "device_width": 768, "label": _("Preview on a tablet")},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("Preview on a desk")},
]


def course(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """The public page of the course."""
    content = drafts.course_content(page)
    lessons = drafts.lessons_of(page) if page.pk else []
    certified = [row.criterion.current for row in page.certifies.all()]
    content |= {"planned_minutes": _minutes(page, lessons), "holds_months": page.holds_months}
    context = {"version": content, "lessons": lessons, "criteria": certified, "is_preview": True}
    return render(request, "courses/course.html", context)


def lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """The lesson."""
    document = drafts.document_of(page)
    blocks = library.in_draft(drafts.blocks_of(page), drafts.numbered_blocks_of(page), language=get_language() or "")
    parts = lesson_pages.draft_parts(blocks, document)
    draft = LessonVersion(
        key=page.slug,
        title=page.title,
        minutes=page.minutes,
        completion=page.completion,
        document_version=document,
        position=1,
    )
    shown = lesson_pages.LessonPage(draft, "", parts, is_preview=True)
    return render(request, "courses/lesson.html", {"page": shown})


def _minutes(page: CoursePage, lessons: list[LessonPage]) -> int:
    """What publishing would add up."""
    upper = [outline(page.course) for _name, outline in outlines] if page.pk else []
    return sum(lesson.minutes for lesson in lessons) + sum(part.minutes for row in upper for part in row.parts)
