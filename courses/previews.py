"""Drafts shown as learners would see them, for Wagtail's preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from courses.models.pages import CoursePage, LessonPage


def course(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """The public page of the course."""
    return render(request, "courses/course.html", {"version": page, "is_preview": True})


def lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """The lesson, with nothing saved."""
    return render(request, "courses/lesson.html", {"lesson": page, "is_preview": True})
