"""Questions: the draft that authors edit, and the frozen versions that attempts point at."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from wagtail.models import PreviewableMixin

from assessments import previews
from assessments.models.choices import Kind
from courses.models import ALL_JURISDICTIONS, Course, Criterion, Instrument
from courses.previews import SIZES


class QuestionContent(models.Model):
    """What a draft and its frozen versions have in common."""

    kind = models.CharField(max_length=30, choices=Kind)
    stem = models.TextField(help_text="Markdown.")
    body = models.JSONField(help_text="Options, reasons, steps or pairs, as the pack format writes them.")
    feedback = models.TextField(help_text="Markdown. The reason, in one or two sentences, for everybody afterwards.")
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(1))
    difficulty = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(3)], help_text="1 to 3."
    )
    jurisdiction = models.CharField(max_length=10, default=ALL_JURISDICTIONS)
    misconduct = models.JSONField(default=list, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="%(app_label)s_%(class)s_kind_known"
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="%(app_label)s_%(class)s_points_above_zero"),
            models.CheckConstraint(
                condition=Q(difficulty__gte=1, difficulty__lte=3), name="%(app_label)s_%(class)s_difficulty_1_to_3"
            ),
        ]

    def content(self) -> dict[str, Any]:
        """What a learner could meet and what decides the score, as JSON."""
        names = ("kind", "stem", "body", "feedback", "difficulty", "jurisdiction", "misconduct")
        return {name: getattr(self, name) for name in names} | {"points": f"{self.points:.2f}"}


class QuestionQuerySet(models.QuerySet["Question"]):
    """Drafts."""

    def in_use_on(self, day: date) -> Self:
        """Questions that are not retired on `day`."""
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=day))


class Question(PreviewableMixin, QuestionContent):
    """A question as its authors edit it, of one course and about one criterion. Attempts see its versions only."""

    code = models.SlugField(max_length=60, unique=True)
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0, help_text="Its place in the pack's file.")
    instruments = models.ManyToManyField(Instrument, blank=True, related_name="+")
    retired_on = models.DateField(null=True, blank=True, help_text="First day on which no paper asks it.")

    objects = QuestionQuerySet.as_manager()

    class Meta(QuestionContent.Meta):
        ordering = ["criterion__code", "position", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """A phone first."""
        return SIZES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The question as a learner would see it, for the editor."""
        return previews.question(request, self)


class QuestionVersion(QuestionContent):
    """A question as published. Frozen: attempts and marks point at it."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)

    class Meta(QuestionContent.Meta):
        constraints = [
            *QuestionContent.Meta.constraints,
            models.UniqueConstraint(fields=["question", "number"], name="assessments_questionversion_numbered_once"),
            models.UniqueConstraint(
                fields=["question", "content_hash"], name="assessments_questionversion_once_per_content"
            ),
        ]
        ordering = ["question", "number"]

    def __str__(self) -> str:
        return f"{self.question} v{self.number}"
