"""Rules: which posts must know which course by when."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from courses.models import Course, Instrument
from lms.core import clock
from lms.core.dated import DatedFact
from lms.organisation.models import OrgUnit, Person, PostCategory, PostTag

LONGEST_DUE_DAYS = 3650


class RequirementQuerySet(models.QuerySet["TrainingRequirement"]):
    """Rules, whatever their versions."""

    def in_force_or_later(self, day: date) -> Self:
        """Rules that ask on `day` or will ask after it."""
        versions = RequirementVersion.objects.held().filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))
        return self.filter(pk__in=versions.values("requirement"))


class TrainingRequirement(models.Model):
    """The identity of a rule. What it asks, of whom and by when is in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def version_on(self, day: date) -> "RequirementVersion | None":
        """What the rule asks on `day`, or will ask first after it; None when it has ended."""
        ends_later = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        return self.versions.held().filter(ends_later).order_by("valid_from").first()


class RequirementVersion(DatedFact):
    """What a rule asks from a day on: any one of `courses`, of the posts in the audience, within `due_days`.

    The audience is `unit` and all below it; empty categories, tags or people ask for nothing more, filled ones for
    any one of them. `appointed_within_days` leaves out whoever had been in post for longer when this began.
    `counts_months` counts a result for less than its course says; the note says why.
    """

    requirement = models.ForeignKey(TrainingRequirement, models.PROTECT, related_name="versions")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    categories = models.ManyToManyField(PostCategory, blank=True, related_name="+")
    tags = models.ManyToManyField(PostTag, blank=True, related_name="+")
    people = models.ManyToManyField(Person, blank=True, related_name="+")
    appointed_within_days = models.PositiveIntegerField(null=True, blank=True)
    courses = models.ManyToManyField(Course, related_name="+")
    due_days = models.PositiveIntegerField(validators=[MaxValueValidator(LONGEST_DUE_DAYS)])
    counts_months = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True, max_length=2000)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(due_days__lte=LONGEST_DUE_DAYS), name="duties_requirementversion_due_in_sight"
            ),
            models.CheckConstraint(
                condition=Q(counts_months__isnull=True) | Q(counts_months__gte=1),
                name="duties_requirementversion_counts_for_a_month",
            ),
        ]
        indexes = [models.Index(fields=["requirement", "valid_from"], name="duties_version_of_requirement")]

    def __str__(self) -> str:
        return f"{self.requirement} {self.valid_from}"

    @property
    def has_begun(self) -> bool:
        """Whether it asks already."""
        return self.valid_from <= clock.today()
