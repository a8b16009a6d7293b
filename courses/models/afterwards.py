"""What comes of a course besides results: openings of lessons, feedback without names, a learner's own journal."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.learning import Enrolment
from courses.models.versions import Course, CourseVersion, LessonVersion
from lms.core import clock
from lms.core.events import Event
from lms.organisation.models import Person


class LessonOpening(Event):
    """A learner opened a lesson for the first time in this enrolment."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="openings")
    lesson_key = models.SlugField(max_length=60)
    lesson_version = models.ForeignKey(LessonVersion, models.PROTECT, related_name="+")

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="courses_lessonopening_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.lesson_key}"


class FeedbackGiven(Event):
    """That somebody gave feedback, so that it is asked once. What it was stands in `Feedback`, without a name."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.enrolment)


class Feedback(models.Model):
    """Three answers about a course version. Nothing in the row tells whose they are: no person, no day, no order."""

    class Agreement(models.IntegerChoices):
        NOT_AT_ALL = 1, _("Not at all")
        LITTLE = 2, _("A little")
        PARTLY = 3, _("Partly")
        MOSTLY = 4, _("Mostly")
        VERY_MUCH = 5, _("Very much")

    # Random, so that the order of the rows says nothing.
    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the month in which it was given.")
    usefulness = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    clarity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    words = models.TextField(max_length=1000, blank=True)

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usefulness__range=(1, 5), clarity__range=(1, 5)), name="courses_feedback_one_to_five"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_version} {self.month:%Y-%m}"


class JournalEntry(models.Model):
    """A learner's own note on a course. Nobody else reads it; she may change it and take it out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    lesson_key = models.SlugField(max_length=60, blank=True)
    lesson_title = models.CharField(max_length=250, blank=True)
    text = models.TextField(max_length=5000)
    written_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "journal entries"
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["person", "course"], name="courses_journal_person")]

    def __str__(self) -> str:
        # Never a word of the text: this stands in logs and lists.
        return f"{self.course} {self.written_at:%Y-%m-%d}"
