"""Units and where they belong: a move of a unit rewrites no history."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact


class OrgUnit(models.Model):
    """A node of the organisation. Its name, parent and life are in its placements."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        HEAD_OFFICE = "head_office", _("Head office")
        REGION = "region", _("Region")
        DISTRICT = "district", _("District")
        OFFICE = "office", _("Office")
        SECTION = "section", _("Section")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class UnitPlacement(DatedFact):
    """From a day on, a unit has this name and stands below this parent. The first opens it, closing the last ends it."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="placements")
    parent = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")),
                name="organisation_unitplacement_not_below_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AncestryQuerySet(models.QuerySet["UnitAncestry"]):
    """Who stood above whom, on a day."""

    def on(self, day: date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


class UnitAncestry(models.Model):
    """Projection of the placements: `ancestor` stood `depth` steps above `unit` for these days; depth 0 is itself.

    `manage.py rebuild_ancestry` makes it anew; `units.place` keeps it step by step.
    """

    ancestor = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = AncestryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ancestor", "valid_from", "valid_until", "unit"], name="organisation_ancestry_down"),
            models.Index(fields=["unit", "valid_from", "valid_until", "ancestor"], name="organisation_ancestry_up"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor} > {self.unit}"
