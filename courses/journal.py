"""A learner's own notes on a course. She alone reads them; no page, list or export shows them to anybody else."""

from django.db import transaction

from courses.models import Course, JournalEntry, LessonVersion
from courses.models.versions import CourseVersion
from lms.core import clock
from lms.organisation.models import Person


def entries(person: Person, course: Course) -> list[JournalEntry]:
    """Her notes on a course, the newest first."""
    return list(JournalEntry.objects.filter(person=person, course=course))


def write(person: Person, course: Course, text: str, *, lesson: LessonVersion | None = None) -> JournalEntry:
    """Keep a note. The same note twice within a minute is one: a button pressed twice."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        newest = JournalEntry.objects.filter(person=person, course=course).first()
        if newest and newest.text == text and (clock.now() - newest.written_at).total_seconds() < 60:
            return newest
        return JournalEntry.objects.create(
            person=person,
            course=course,
            text=text,
            lesson_key=lesson.key if lesson else "",
            lesson_title=lesson.title if lesson else "",
        )


def change(entry: JournalEntry, text: str) -> None:
    """Put other words in place of a note's."""
    entry.text = text
    entry.changed_at = clock.now()
    entry.save(update_fields=["text", "changed_at"])


def take_out(entry: JournalEntry) -> None:
    """Remove a note for good. It is hers, and no record."""
    entry.delete()


def lesson_of(version: CourseVersion, key: str) -> LessonVersion | None:
    """The lesson that a note begins from, if the key names one."""
    return LessonVersion.objects.newest_edition().filter(course_version=version, key=key).defer("blocks").first()
