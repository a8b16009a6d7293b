"""Loading packs."""

from pathlib import Path

import pytest

from courses.curriculum.loading import load
from courses.models import CourseVersion, LessonVersion

pytestmark = pytest.mark.django_db


def test_loading_publishes_a_version(tiny_course: CourseVersion) -> None:
    assert (tiny_course.number, tiny_course.edition, tiny_course.title) == (1, 1, "Tea for guests")
    assert tiny_course.by_rule == "load_curriculum"
    assert tiny_course.planned_minutes == 9 + 15 + 10
    assert [str(row.criterion_version) for row in tiny_course.certified.all()] == ["T1.C1", "T1.C2*", "T1.C3"]
    lessons = LessonVersion.objects.filter(course_version=tiny_course)
    assert [(lesson.key, lesson.minutes, lesson.completion) for lesson in lessons] == [
        ("water", 5, "seen"),
        ("promise", 4, "acknowledged"),
    ]
    assert [block["kind"] for block in lessons[0].blocks][:3] == ["situation", "text", "text"]
    assert str(lessons[1].document_version) == "Code of tea 1"


def test_the_same_pack_again_changes_nothing(pack: Path) -> None:
    assert load(pack).lines
    assert load(pack).lines == []
    assert CourseVersion.objects.count() == 1
