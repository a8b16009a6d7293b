"""Courses by the words of their newest version, for pages that name many: one query."""

from dataclasses import dataclass

from courses.models import CourseVersion


@dataclass(frozen=True, slots=True)
class Named:
    """A course as lists show it."""

    code: str
    title: str
    summary: str
    minutes: int
    is_offered: bool
    is_integrity: bool


def by_id() -> dict[int, Named]:
    """Every course that was ever published."""
    rows = CourseVersion.objects.order_by("course", "number").values_list(
        "course_id",
        "course__code",
        "title",
        "summary",
        "planned_minutes",
        "course__is_offered",
        "course__is_integrity",
    )
    return {
        course: Named(code, title, summary, minutes, is_offered, is_integrity)
        for course, code, title, summary, minutes, is_offered, is_integrity in rows
    }
