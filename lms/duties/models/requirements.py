"""Rules: which posts must know which course by when."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from courses.models import Course, Document, Instrument
from lms.core import clock
from lms.core.dated import DatedFact
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.reminder_plan import ReminderPlan
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.year_days import YearDay
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
    """What a rule asks from a day on: any one of `courses`, or to put one's name to `document`, within `due_days`.

    The audience is `unit` and all below it; empty categories, tags or people ask for nothing more, filled ones for
    any one of them. `appointed_within_days` leaves out whoever had been in post for longer when this began.
    `counts_months` counts a result for less than its course says; the note says why. `due`, `renewal` and
    `reminder_plan` give the rest of the columns as the pure part takes them. Days of the year are stored as 02-29.
    """

    requirement = models.ForeignKey(TrainingRequirement, models.PROTECT, related_name="versions")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    categories = models.ManyToManyField(PostCategory, blank=True, related_name="+")
    tags = models.ManyToManyField(PostTag, blank=True, related_name="+")
    people = models.ManyToManyField(Person, blank=True, related_name="+")
    appointed_within_days = models.PositiveIntegerField(null=True, blank=True)
    courses = models.ManyToManyField(Course, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    due_days = models.PositiveIntegerField(validators=[MaxValueValidator(LONGEST_DUE_DAYS)])
    counts_from = models.CharField(max_length=20, choices=CountsFrom, default=CountsFrom.APPOINTMENT)
    in_working_days = models.BooleanField(default=False)
    after_course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    least_days = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(LONGEST_DUE_DAYS)])
    due_each_year = models.CharField(max_length=5, blank=True)
    counts_months = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    expiry_basis = models.CharField(max_length=20, choices=ExpiryBasis, default=ExpiryBasis.COMPLETION)
    expiry_each_year = models.CharField(max_length=5, blank=True)
    least_months = models.PositiveIntegerField(default=0)
    renewal_opens_days = models.PositiveIntegerField(null=True, blank=True)
    renewal_asks = models.CharField(max_length=20, choices=RenewalAsks, default=RenewalAsks.WHOLE)
    reminders = models.JSONField(default=dict, blank=True)
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
            models.CheckConstraint(
                condition=Q(counts_from=CountsFrom.RESULT, after_course__isnull=False)
                | (~Q(counts_from=CountsFrom.RESULT) & Q(after_course__isnull=True)),
                name="duties_requirementversion_after_a_course",
            ),
            models.CheckConstraint(
                condition=(Q(counts_from=CountsFrom.YEAR_DAY) & ~Q(due_each_year=""))
                | (~Q(counts_from=CountsFrom.YEAR_DAY) & Q(due_each_year="")),
                name="duties_requirementversion_due_each_year",
            ),
            models.CheckConstraint(
                condition=(Q(expiry_basis=ExpiryBasis.YEAR_DAY) & ~Q(expiry_each_year=""))
                | (~Q(expiry_basis=ExpiryBasis.YEAR_DAY) & Q(expiry_each_year="")),
                name="duties_requirementversion_expires_each_year",
            ),
        ]
        indexes = [models.Index(fields=["requirement", "valid_from"], name="duties_version_of_requirement")]

    def __str__(self) -> str:
        return f"{self.requirement} {self.valid_from}"

    @property
    def due(self) -> Due:
        """From what its days are counted."""
        return Due(
            CountsFrom(self.counts_from),
            self.in_working_days,
            self.after_course_id,
            self.least_days,
            YearDay.parse(self.due_each_year) if self.due_each_year else None,
        )

    @property
    def renewal(self) -> Renewal:
        """How long it counts a result, and what renews it; one query for the refreshers unless they are prefetched."""
        return Renewal(
            ExpiryBasis(self.expiry_basis),
            YearDay.parse(self.expiry_each_year) if self.expiry_each_year else None,
            self.least_months,
            self.renewal_opens_days,
            RenewalAsks(self.renewal_asks),
            tuple(refresher.course_id for refresher in self.refreshers.all()),
        )

    @property
    def reminder_plan(self) -> ReminderPlan:
        """Who is reminded of it, and when."""
        return ReminderPlan.of(self.reminders)

    @property
    def has_begun(self) -> bool:
        """Whether it asks already."""
        return self.valid_from <= clock.today()


class Refresher(models.Model):
    """A course that renews what a rule asks for when its turn comes; the turns go by `position`."""

    version = models.ForeignKey(RequirementVersion, models.CASCADE, related_name="refreshers")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="duties_refresher_one_in_each_place"),
            models.UniqueConstraint(fields=["version", "course"], name="duties_refresher_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}.{self.position} {self.course_id}"
