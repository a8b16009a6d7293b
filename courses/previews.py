"""Drafts shown as learners would see them, for Wagtail's preview. Nothing in them can be answered or finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses import drafts, lesson_pages
from courses.models.versions import LessonVersion

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage


def course(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """The public page of the course."""
    content = drafts.course_content(page)
    lessons = drafts.lessons_of(page) if page.pk else []
    certified = [row.criterion.current for row in page.certifies.all()]
    context = {"version": content, "lessons": lessons, "criteria": certified, "is_preview": True}
    return render(request, "courses/course.html", context)


def lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """The lesson."""
    document = drafts.document_of(page)
    parts = lesson_pages.draft_parts(drafts.blocks_of(page), document)
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
