"""What was filed: never changed, whatever comes to be known later."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core import clock
from lms.core.actors import Attributed
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


class FiledPack(Event):
    """A pack or return as filed: its words and rows in `sections`, as at `last_day` by what was known at `known_at`.

    It is shown, printed and compared from these rows, never from anything else. The same kind for the same unit and
    days is filed once. `digest` is over its head and its sections (`periods.packs`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    known_at = models.DateTimeField()
    language = models.CharField(max_length=10)
    purpose = models.CharField(max_length=500, blank=True)
    rules = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta(Event.Meta):
        ordering = ["-last_day", "-on", "-pk"]
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "unit", "first_day", "last_day"], name="duties_filedpack_once"),
            models.CheckConstraint(
                condition=Q(last_day__gt=models.F("first_day")), name="duties_filedpack_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportPlan(Attributed):
    """A pack that is filed by itself, some working days after each month or quarter, with a link sent to some users.

    `what` is its kind. Whether a recipient may see it is asked when it is sent. Ended plans stay, for what they sent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    what = models.CharField(max_length=60)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    every = models.CharField(max_length=10, choices=ClosedPeriod.Kind)
    working_day = models.PositiveSmallIntegerField()
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Attributed.Meta):
        ordering = ["-made_at", "-pk"]
        constraints = [
            *Attributed.Meta.constraints,
            models.CheckConstraint(condition=Q(every__in=_KINDS), name="duties_reportplan_every_known"),
            models.CheckConstraint(
                condition=Q(working_day__gte=1, working_day__lte=20), name="duties_reportplan_day_in_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.unit}"

    @property
    def spell_kind(self) -> SpellKind:
        """Whether it comes after months or quarters."""
        return SpellKind(self.every)


class ReportSent(Event):
    """A plan was carried out for what ended on `last_day`, once: what was filed, and to whom the link went."""

    plan = models.ForeignKey(ReportPlan, models.PROTECT, related_name="sent")
    last_day = models.DateField()
    pack = models.ForeignKey(FiledPack, models.PROTECT, related_name="+")
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta(Event.Meta):
        ordering = ["-on", "-pk"]
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "last_day"], name="duties_reportsent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.last_day}"


def name_of(spell: Spell) -> str:
    """How a month or quarter is called: October 2026; quarter 3 of 2026/27."""
    if spell.kind == SpellKind.MONTH:
        return date_format(spell.first, "F Y")
    year, quarter = financial_quarter(spell.first, settings.FINANCIAL_YEAR_STARTS_IN)
    years = f"{year}" if settings.FINANCIAL_YEAR_STARTS_IN == 1 else f"{year}/{(year + 1) % 100:02}"
    return _("Quarter %(quarter)d of %(years)s") % {"quarter": quarter, "years": years}
