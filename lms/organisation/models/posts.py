"""Posts, who holds them, who leads whom, and who is away."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact, DatedQuerySet
from lms.organisation.models.people import Person
from lms.organisation.models.units import OrgUnit, UnitAncestry


class PostCategory(models.Model):
    """A family of posts that do the same kind of work. Training follows it."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "post categories"

    def __str__(self) -> str:
        return self.name


class PostTag(models.Model):
    """Something about a post that a rule may ask for: cash, records, procurement, supervisory."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Seats, filled or not."""

    def open_on(self, day: date) -> Self:
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def in_subtree(self, unit: OrgUnit, day: date) -> Self:
        """Posts of the units that stood in `unit`'s subtree on `day`."""
        below = UnitAncestry.objects.on(day).filter(ancestor=unit).values("unit")
        return self.filter(unit__in=below)


class Post(models.Model):
    """A seat: unit, category, tags. One that changes unit or category is another seat."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=150, blank=True)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="posts")
    category = models.ForeignKey(PostCategory, models.PROTECT, related_name="+")
    tags = models.ManyToManyField(PostTag, blank=True, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text="First day without this seat.")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=models.F("opened_on")),
                name="organisation_post_closes_after_opening",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title or self.category} ({self.code})"


class HoldingQuerySet(DatedQuerySet["PostHolding"]):
    """Persons in seats."""

    def in_subtree(self, unit: OrgUnit, day: date) -> Self:
        """Holdings of posts whose unit stood in `unit`'s subtree on `day`."""
        below = UnitAncestry.objects.on(day).filter(ancestor=unit).values("unit")
        return self.filter(post__unit__in=below)


class PostHolding(DatedFact):
    """A person in a seat from a day on. One substantive holder at a time; acting holders stand in."""

    class Kind(models.TextChoices):
        SUBSTANTIVE = "substantive", _("Substantive")
        ACTING = "acting", _("Acting")
        SECONDED = "seconded", _("Seconded")

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.SUBSTANTIVE)

    objects = HoldingQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["substantive", "acting", "seconded"]), name="organisation_holding_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "valid_from"], name="organisation_holding_person"),
            models.Index(fields=["post", "valid_from"], name="organisation_holding_post"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.post}"


class ReportingLine(DatedFact):
    """From a day on, a post reports to another post."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="lines_up")
    manager = models.ForeignKey(Post, models.PROTECT, related_name="lines_down")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(post=models.F("manager")), name="organisation_reportingline_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} → {self.manager}"


class Leave(DatedFact):
    """Days on which a person is away for long. `reason` is a kind of leave at most, never why: that is private."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves")

    def __str__(self) -> str:
        return f"{self.person} {self.valid_from}"
