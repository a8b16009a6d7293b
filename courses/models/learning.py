"""What a person did in a course: enrolled, finished lessons, acknowledged documents."""

import uuid
from datetime import date
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from courses.models.framework import DocumentVersion
from courses.models.versions import CourseVersion, LessonVersion
from lms.core import clock
from lms.core.dated import facts_changed
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import Person


class EnrolmentQuerySet(EventQuerySet["Enrolment"]):
    """People on course versions."""

    def under_way(self) -> Self:
        """Enrolments that have neither come to a result that is held true nor ended without one."""
        # In a filter both conditions speak of the same result; in an exclude they would not.
        with_result = Enrolment.objects.filter(result__isnull=False, result__known_until__isnull=True)
        return self.filter(ended_by__isnull=True).exclude(pk__in=with_result.values("pk"))

    def of(self, person: Person, course_code: str) -> Self:
        """A person's enrolments in a course, those under way first, then the newest.

        Each knows whether it `is_under_way`, and of its result `competent_on` and `holds_until`.
        """
        rows = self.filter(person=person, course_version__course__code=course_code)
        is_under_way = Exists(Enrolment.objects.under_way().filter(pk=OuterRef("pk")))
        return (
            rows.annotate(is_under_way=is_under_way, **_result_columns())
            .select_related("course_version__course", "place")
            .order_by("-is_under_way", "-on", "-pk")
        )


def _result_columns() -> dict[str, Subquery]:
    with_result = Enrolment.objects.filter(pk=OuterRef("pk"), result__isnull=False, result__known_until__isnull=True)
    return {
        "competent_on": Subquery(with_result.values("result__valid_from")[:1]),
        "holds_until": Subquery(with_result.values("result__holds_until")[:1]),
    }


class Enrolment(Event):
    """A person began a course version. Evidence from `evidence_from` on counts towards its result."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments")
    evidence_from = models.DateField()

    # Set by `EnrolmentQuerySet.of` alone.
    is_under_way: bool
    competent_on: date | None
    holds_until: date | None

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


class CompletionManager(models.Manager["LessonCompletion"]):
    """Finished lessons; those by an attendance that was corrected since are not among them."""

    def get_queryset(self) -> "EventQuerySet[LessonCompletion]":
        rows: EventQuerySet[LessonCompletion] = EventQuerySet(self.model, using=self._db)
        return rows.filter(Q(attendance__isnull=True) | Q(attendance__known_until__isnull=True))


class LessonCompletion(Event):
    """A person finished a lesson in the way the lesson asks for: by `attendance`, where that is the way."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="completions")
    lesson_key = models.SlugField(max_length=60)
    lesson_version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="+")
    attendance = models.ForeignKey("courses.Attendance", models.PROTECT, null=True, blank=True, related_name="+")

    objects = CompletionManager()  # type: ignore[assignment, misc]  # the base has a plainer one

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key"],
                condition=Q(attendance__isnull=True),
                name="courses_lessoncompletion_once",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "attendance"],
                condition=Q(attendance__isnull=False),
                name="courses_lessoncompletion_once_attended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.lesson_key}"


class Signature(Event):
    """Something that a person put their name to; told to whoever keeps computed who is in date."""

    class Meta(Event.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it, and tell."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            facts_changed.send(type(self), keys=[self.pk], from_day=clock.day_of(self.on))


class Acknowledgement(Signature):
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


class ChangesRead(Signature):
    """A person read what changed in a course, up to and with this version, and confirmed it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["person", "course_version"], name="courses_changesread_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course_version}"


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
