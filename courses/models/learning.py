"""What a person did in a course: enrolled, finished lessons, acknowledged documents."""

import uuid
from typing import Self

from django.db import models

from courses.models.framework import DocumentVersion
from courses.models.versions import CourseVersion, LessonVersion
from lms.core import clock
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import Person


class EnrolmentQuerySet(EventQuerySet["Enrolment"]):
    """People on course versions."""

    def under_way(self) -> Self:
        """Enrolments that have not come to a result."""
        return self.exclude(result__known_until__isnull=True, result__isnull=False).filter(ended_by__isnull=True)


class Enrolment(Event):
    """A person began a course version. Evidence from `evidence_from` on counts towards its result."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    evidence_from = models.DateField()

    objects = EnrolmentQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["person", "course_version"], name="courses_enrolment_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.course_version}"


class EnrolmentEnd(Event):
    """An enrolment ended without a result: withdrawn, or all tries used."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="ended_by")
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.reason}"


class LessonCompletion(Event):
    """A person finished a lesson in the way the lesson asks for."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="completions")
    lesson_key = models.SlugField(max_length=60)
    lesson_version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="+")

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="courses_lessoncompletion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.lesson_key}"


class Acknowledgement(Event):
    """A person put their name to a version of a document."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    document_version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="+")

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["person", "document_version"], name="courses_acknowledgement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.document_version}"


class ActivityAnswer(Event):
    """What a learner chose in a lesson's activity. For practice: it is never marked and never reported."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="activity_answers")
    lesson_version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="+")
    block_id = models.CharField(max_length=40)
    answer = models.JSONField()

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["enrolment", "lesson_version"], name="courses_activity_lesson")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.block_id}"


class ReadingPlace(models.Model):
    """Where a learner left off: a bookmark, not a fact. It may be lost without harm."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="place")
    lesson_key = models.SlugField(max_length=60)
    block_id = models.CharField(max_length=40, blank=True)
    left_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.enrolment} {self.lesson_key}"
