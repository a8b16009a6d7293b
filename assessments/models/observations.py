"""What an assessor looks for, and the sheet that she writes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CourseVersion, Criterion, CriterionDecision, CriterionVersion
from lms.core.events import Event
from lms.organisation.models import Person


class ObservationGuide(models.Model):
    """What an assessor looks for in a criterion of a course, as authors edit it."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    planned_minutes = models.PositiveIntegerField()
    guide = models.TextField(help_text="Markdown.")
    look_for = models.JSONField(default=list, help_text="Signs that can be seen, one sentence each.")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "criterion"], name="assessments_guide_once_per_criterion")
        ]
        ordering = ["position", "criterion__code"]

    def __str__(self) -> str:
        return f"{self.course} {self.criterion}"


class ObservationGuideVersion(models.Model):
    """A guide as published with an edition of a course version. Frozen: sheets point at it."""

    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    edition = models.PositiveIntegerField()
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    planned_minutes = models.PositiveIntegerField()
    guide = models.TextField()
    look_for = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_version", "edition", "criterion_version"],
                name="assessments_guideversion_once_per_criterion",
            )
        ]
        ordering = ["position", "criterion_version__criterion__code"]

    def __str__(self) -> str:
        return f"{self.course_version} {self.criterion_version}"


class AssessorSheet(Event):
    """One person, one criterion, seen on one day by one assessor. `on` is when it was seen; evidence of a decision."""

    class Kind(models.TextChoices):
        OBSERVATION = "observation", _("Observation at work")
        PRODUCT = "product", _("Product from the workplace")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    guide = models.ForeignKey(ObservationGuideVersion, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    observed_on = models.DateField()
    place = models.CharField(max_length=200)
    seen = models.JSONField(default=list, help_text="Those of the guide's signs that were seen, by their place in it.")
    is_valid = models.BooleanField()
    is_authentic = models.BooleanField()
    is_current = models.BooleanField()
    is_sufficient = models.BooleanField()
    outcome = models.CharField(max_length=30, choices=CriterionDecision.Outcome)
    reason = models.TextField(blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["observation", "product"]), name="assessments_assessorsheet_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["competent", "not_yet_competent", "evidence_outstanding"]),
                name="assessments_assessorsheet_outcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="competent")
                | Q(is_valid=True, is_authentic=True, is_current=True, is_sufficient=True),
                name="assessments_assessorsheet_competent_has_ticks",
            ),
            models.CheckConstraint(
                condition=Q(outcome="competent") | ~Q(reason=""), name="assessments_assessorsheet_says_why_not"
            ),
        ]
        indexes = [models.Index(fields=["person", "criterion_version"], name="assessments_sheet_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.criterion_version} {self.observed_on}"
