"""Units and where they belong: a move of a unit rewrites no history."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact

# A class body does not see its own inner class, so the constraint reads them from here.
UNIT_KINDS = ["organisation", "head_office", "region", "regional_office", "district", "office", "section"]


class UnitQuerySet(models.QuerySet["OrgUnit"]):
    """Units by day."""

    def open_on(self, day: date) -> Self:
        """Units that stand somewhere in the tree on `day`."""
        return self.filter(pk__in=UnitPlacement.objects.on(day).values("unit"))

    def in_subtree(self, unit: "OrgUnit", day: date) -> Self:
        """`unit` and all that stood below it on `day`."""
        return self.filter(pk__in=UnitAncestry.objects.on(day).filter(ancestor=unit).values("unit"))

    def named(self, day: date) -> Self:
        """With `name`: the name borne on `day`, or the last one before it, or the code."""
        names = UnitPlacement.objects.held().filter(unit=OuterRef("pk"), valid_from__lte=day).order_by("-valid_from")
        return self.annotate(name=Coalesce(Subquery(names.values("name")[:1]), "code"))


class OrgUnit(models.Model):
    """A node of the organisation. Its name, parent and life are in its placements."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        HEAD_OFFICE = "head_office", _("Head office")
        REGION = "region", _("Region")
        REGIONAL_OFFICE = "regional_office", _("Regional office")
        DISTRICT = "district", _("District")
        OFFICE = "office", _("Office")
        SECTION = "section", _("Section")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    # Only on units that were read with `named`.
    name: str

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=UNIT_KINDS), name="organisation_orgunit_kind_known")]

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

    `manage.py rebuild_ancestry` makes it anew; the steps in `units` keep it up to date.
    """

    ancestor = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = AncestryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "unit", "valid_from"], name="organisation_unitancestry_one_depth_a_day"
            )
        ]
        indexes = [
            models.Index(fields=["ancestor", "valid_from", "valid_until", "unit"], name="organisation_ancestry_down"),
            models.Index(fields=["unit", "valid_from", "valid_until", "ancestor"], name="organisation_ancestry_up"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor} > {self.unit}"
