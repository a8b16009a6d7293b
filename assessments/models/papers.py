"""Papers: what is drawn, how often, in how many minutes. A draft per course, frozen with each course version."""

import uuid

from django.db import models
from django.db.models import Q

from assessments.models.questions import QuestionVersion
from courses.models import Course, CourseVersion, Criterion, CriterionVersion


class PaperTerms(models.Model):
    """What a draft and a frozen paper have in common."""

    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=250)
    introduction = models.TextField(blank=True, help_text="Markdown.")
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="Time limit; empty: none.")
    planned_minutes = models.PositiveIntegerField(help_text="Counted into the hours of the course.")
    cooling_off_working_days = models.PositiveIntegerField()
    tries = models.PositiveIntegerField(help_text="First try and re-assessments on one enrolment.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(tries__gt=0), name="%(app_label)s_%(class)s_at_least_one_try"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gt=0), name="%(app_label)s_%(class)s_minutes_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Paper(PaperTerms):
    """A course's paper as its authors edit it. Courses judged by observation alone have none."""

    course = models.OneToOneField(Course, models.PROTECT, related_name="+")

    class Meta(PaperTerms.Meta):
        constraints = [
            *PaperTerms.Meta.constraints,
            models.UniqueConstraint(fields=["code"], name="assessments_paper_code_used_once"),
        ]


class DrawTerms(models.Model):
    """What a draft and a frozen draw have in common."""

    questions = models.PositiveIntegerField()
    at_least = models.JSONField(default=dict, blank=True, help_text="How many of a kind at least, by kind.")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class PaperDraw(DrawTerms):
    """So many questions for this criterion."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="draws")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "criterion"], name="assessments_paperdraw_once_per_criterion"),
            models.CheckConstraint(condition=Q(questions__gt=0), name="assessments_paperdraw_draws_something"),
        ]
        ordering = ["position", "criterion__code"]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.questions}"


class PaperVersion(PaperTerms):
    """A paper as published with an edition of a course version. Frozen: attempts point at it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    edition = models.PositiveIntegerField()

    class Meta(PaperTerms.Meta):
        constraints = [
            *PaperTerms.Meta.constraints,
            models.UniqueConstraint(
                fields=["course_version", "edition"], name="assessments_paperversion_once_per_edition"
            ),
        ]


class PaperVersionDraw(DrawTerms):
    """A frozen draw with the pool of question versions that it draws from."""

    paper_version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="draws")
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    pool = models.ManyToManyField(QuestionVersion, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper_version", "criterion_version"], name="assessments_paperversiondraw_once_per_criterion"
            ),
        ]
        ordering = ["position", "criterion_version__criterion__code"]

    def __str__(self) -> str:
        return f"{self.criterion_version}: {self.questions}"
