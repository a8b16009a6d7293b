"""What was filed: never changed, whatever comes to be known later."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core.events import Event, Final
from lms.duties.periods.spells import Spell, SpellKind, financial_quarter
from lms.organisation.models import OrgUnit

_KINDS = ["month", "quarter"]


class ClosedPeriod(Event):
    """A month or quarter whose figures were filed: as at its last day, by what was known at `known_at`.

    `by` closed it and `on` says when. `digest` is SHA-256 over the head and the rows (`periods.digests`); `rules` are
    the versions of the rules that asked on the last day.
    """

    class Kind(models.TextChoices):
        MONTH = "month", gettext_lazy("Month")
        QUARTER = "quarter", gettext_lazy("Quarter")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    first_day = models.DateField()
    last_day = models.DateField()
    known_at = models.DateTimeField()
    rules = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta(Event.Meta):
        ordering = ["-last_day", "kind"]
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "first_day"], name="duties_closedperiod_once"),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="duties_closedperiod_kind_known"),
            models.CheckConstraint(
                condition=Q(last_day__gt=models.F("first_day")), name="duties_closedperiod_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return name_of(self.spell)

    @property
    def spell(self) -> Spell:
        """Its days."""
        return Spell(self.first_day, SpellKind(self.kind))


class FiledFigure(Final):
    """One row of a closed period: a unit with all below it, a target and a category, named as on that day.

    Without a category it is the whole of the unit; without a target, too, `people` are all people of whom anything
    was required. `above` is the code of the unit above.
    """

    period = models.ForeignKey(ClosedPeriod, models.PROTECT, related_name="figures")
    position = models.PositiveIntegerField()
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", db_index=False)
    unit_code = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=200)
    above = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=500, blank=True)
    category = models.CharField(max_length=40, blank=True)
    category_name = models.CharField(max_length=200, blank=True)
    in_date = models.IntegerField(default=0)
    not_yet_due = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    vacant = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    recognised = models.IntegerField(default=0)
    paused = models.IntegerField(default=0)
    contractors = models.IntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["period", "position"], name="duties_filedfigure_placed_once")]
        indexes = [models.Index(fields=["period", "unit"], name="duties_filedfigure_unit")]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.target} {self.category}"


def name_of(spell: Spell) -> str:
    """How a month or quarter is called: October 2026; quarter 3 of 2026/27."""
    if spell.kind == SpellKind.MONTH:
        return date_format(spell.first, "F Y")
    year, quarter = financial_quarter(spell.first, settings.FINANCIAL_YEAR_STARTS_IN)
    years = f"{year}" if settings.FINANCIAL_YEAR_STARTS_IN == 1 else f"{year}/{(year + 1) % 100:02}"
    return _("Quarter %(quarter)d of %(years)s") % {"quarter": quarter, "years": years}
