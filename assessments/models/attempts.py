"""Attempts: which questions somebody got, each answer as an appended step, the submission and the marks."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.papers import PaperVersion
from assessments.models.questions import QuestionVersion
from courses.models import CriterionVersion, Enrolment
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import Person


class AttemptQuerySet(EventQuerySet["Attempt"]):
    """Attempts at papers."""

    def open(self) -> "AttemptQuerySet":
        """Not handed in."""
        return self.filter(submission__isnull=True)

    def overdue(self, moment: datetime) -> "AttemptQuerySet":
        """Not handed in although the time was over at `moment`."""
        return self.open().filter(deadline_at__lte=moment)


class Attempt(Event):
    """A person's try at a paper; `on` is when it began. It keeps its draw, so a reload shows the same questions.

    `starting.start` makes it under a lock on the enrolment, so that one enrolment has one open attempt at most;
    `number` says which try it is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    paper_version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="First instant that is too late; empty: none.")

    objects = AttemptQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["enrolment", "number"], name="assessments_attempt_numbered_once"),
            models.CheckConstraint(
                condition=Q(deadline_at__isnull=True) | Q(deadline_at__gt=models.F("on")),
                name="assessments_attempt_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline_at"], condition=Q(deadline_at__isnull=False), name="assessments_attempt_deadline"
            ),
            models.Index(fields=["person", "-on"], name="assessments_attempt_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.paper_version} ({self.number})"

    @property
    def handed_in(self) -> "Submission | None":
        """The submission, if it was handed in or its time ran out."""
        return getattr(self, "submission", None)

    def is_over_at(self, moment: datetime) -> bool:
        """Whether its time was over at `moment`."""
        return self.deadline_at is not None and moment >= self.deadline_at

    def seconds_left_at(self, moment: datetime) -> int | None:
        """Whole seconds until the deadline, never below zero; None without one."""
        return None if self.deadline_at is None else max(0, int((self.deadline_at - moment).total_seconds()))


class AttemptQuestion(models.Model):
    """A question of an attempt, as drawn: `shown` is the order in which its options appear."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="questions")
    position = models.PositiveIntegerField()
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    shown = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="assessments_attemptquestion_placed_once"),
            models.UniqueConstraint(
                fields=["attempt", "question_version"], name="assessments_attemptquestion_asked_once"
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.attempt} {self.position}"


class AnswerStep(Event):
    """A saved answer: appended, never changed. `recorded_at` is when the server received it.

    The standing answer of a question is the step with the highest `clock`, ties by client and sequence; in a case the
    step that has `opened` most scenes goes before, since what it left behind is settled. Late steps are kept and do
    not count.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="steps")
    question = models.ForeignKey(AttemptQuestion, models.PROTECT, related_name="steps")
    client = models.CharField(max_length=36)
    sequence = models.PositiveIntegerField()
    clock = models.PositiveIntegerField()
    answer = models.JSONField(null=True, blank=True, help_text="Empty: the answer was taken back.")
    opened = models.PositiveSmallIntegerField(default=0, help_text="Scenes of a case that were open after it.")
    is_late = models.BooleanField(default=False)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(
                fields=["attempt", "client", "sequence"], name="assessments_answerstep_once_per_client_and_sequence"
            ),
        ]
        indexes = [models.Index(fields=["attempt", "clock"], name="assessments_answerstep_clock")]

    def __str__(self) -> str:
        return f"{self.question} {self.client} {self.sequence}"

    @property
    def order(self) -> tuple[int, int, str, int]:
        """Later sorts higher: scenes opened, clock, then client, then sequence."""
        return self.opened, self.clock, self.client, self.sequence


class Submission(Event):
    """An attempt was handed in, once; `on` is when its answers became final."""

    class How(models.TextChoices):
        BY_LEARNER = "by_learner", _("Handed in")
        AT_DEADLINE = "at_deadline", _("Handed in when the time was over")

    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="submission")
    how = models.CharField(max_length=20, choices=How)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(how__in=["by_learner", "at_deadline"]), name="assessments_submission_how_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.on:%Y-%m-%d %H:%M}"


class Mark(Event):
    """What a question of an attempt earned; `by_rule` names the marking rule with its version."""

    question = models.OneToOneField(AttemptQuestion, models.PROTECT, related_name="mark")
    step = models.ForeignKey(AnswerStep, models.PROTECT, null=True, blank=True, related_name="+")
    fraction = models.DecimalField(max_digits=7, decimal_places=6)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    is_critical_error = models.BooleanField(default=False)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(condition=Q(fraction__gte=0, fraction__lte=1), name="assessments_mark_is_share"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.fraction}"
