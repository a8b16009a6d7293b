"""Courses by the words of their newest version, for pages that name many: one query."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.models import CourseVersion, Document
from lms.duties.duties import Duty

_MINUTES_TO_SIGN = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A course as lists show it."""

    code: str
    title: str
    summary: str
    minutes: int
    is_offered: bool
    is_integrity: bool


def documents_of(duties: Iterable[Duty]) -> dict[int, Named]:
    """The documents that some duties ask people to sign: one query, and none where there are none."""
    wanted = {duty.target.document for duty in duties if duty.target.document is not None}
    rows = Document.objects.filter(pk__in=wanted).values_list("pk", "code", "title") if wanted else ()
    return {
        document: Named(code, title, "", _MINUTES_TO_SIGN, is_offered=True, is_integrity=False)
        for document, code, title in rows
    }


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
