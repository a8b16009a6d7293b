"""Training plans: what somebody means to have taught in a year, quarter by quarter, and who agreed to it."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.actors import Attributed
from lms.core.dated import DatedFact
from lms.core.events import Event
from lms.core.months import add_months
from lms.core.quarters import Quarter
from lms.duties.models.stored import DutyTarget
from lms.organisation.models import OrgUnit, PostCategory

QUARTERS = (1, 2, 3, 4)
MOST_PEOPLE = 10_000_000


class PlanKind(models.TextChoices):
    """Whose plan it is."""

    HR = "hr", _("Training plan of HR")
    INTEGRITY = "integrity", _("Training plan of the integrity unit")


class TrainingPlan(Attributed):
    """The identity of a plan: whose, for which unit with all below it, for which financial year.

    The year is stored by its first day, so that a plan stays what it was when the setting for its month is changed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=PlanKind)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    first_day = models.DateField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "unit", "first_day"], name="duties_trainingplan_one_a_year"),
            models.CheckConstraint(condition=Q(kind__in=["hr", "integrity"]), name="duties_trainingplan_kind_known"),
        ]
        ordering = ["-first_day", "kind", "pk"]

    def __str__(self) -> str:
        return _t("%(kind)s, %(year)s") % {"kind": self.get_kind_display(), "year": self.year}

    @property
    def is_integrity(self) -> bool:
        """Whether it is the integrity unit's."""
        return self.kind == PlanKind.INTEGRITY

    @property
    def year(self) -> str:
        """The year as it is called: 2026, or 2026/27 where it does not begin in January."""
        year = self.first_day.year
        return str(year) if self.first_day.month == 1 else f"{year}/{(year + 1) % 100:02}"

    @property
    def until(self) -> date:
        """The first day after its year."""
        return add_months(self.first_day, 12)

    def quarter(self, number: int) -> Quarter:
        """Its first, second, third or fourth quarter."""
        return Quarter(add_months(self.first_day, 3 * (number - 1)), number, self.first_day.year)


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Versions of plans."""

    def with_state(self) -> Self:
        """With `last_step`, from which `state` follows, and `was_approved`."""
        steps = PlanStep.objects.filter(version=OuterRef("pk")).exclude(kind=PlanStep.Kind.TAKEN_OUT)
        last = Subquery(steps.order_by("-pk").values("kind")[:1])
        approved = models.Exists(PlanApproval.objects.filter(version=OuterRef("pk")))
        return self.annotate(last_step=last, was_approved=approved)


class PlanVersion(Attributed):
    """What a plan says. A draft until approval is asked for; once approved its lines never change again."""

    plan = models.ForeignKey(TrainingPlan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True, help_text="Why the plan is changed.")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    # Set by `with_state`.
    last_step: str | None
    was_approved: bool

    objects = PlanVersionQuerySet.as_manager()

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "number"], name="duties_planversion_numbered_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="duties_planversion_says_why"),
        ]
        ordering = ["plan", "number"]

    def __str__(self) -> str:
        return f"{self.plan}, {self.number}"

    @property
    def state(self) -> str:
        """The word for pages. Needs `with_state`."""
        if self.was_approved:
            return "approved"
        return "waiting for approval" if self.last_step == PlanStep.Kind.ASKED else "draft"

    @property
    def is_draft(self) -> bool:
        """Whether its lines may change. Needs `with_state`."""
        return self.state == "draft"


class PlanLine(Attributed):
    """So many people of an audience are to be competent in a target, or put their name to it, in a quarter.

    The audience is `unit` with all below it; without categories all posts, else those of any one of them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="lines")
    target = models.ForeignKey(DutyTarget, models.PROTECT, related_name="+")
    quarter = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    categories = models.ManyToManyField(PostCategory, blank=True, related_name="+")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.CheckConstraint(condition=Q(quarter__in=QUARTERS), name="duties_planline_quarter_of_four"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_PEOPLE), name="duties_planline_plans_somebody"
            ),
        ]
        ordering = ["version", "quarter", "pk"]

    def __str__(self) -> str:
        return f"{self.version} {self.quarter}: {self.number}"


class PlanStep(Event):
    """What became of a version on its way: approval was asked for, it was sent back, or a line was taken out."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Approval asked for")
        SENT_BACK = "sent_back", _("Sent back")
        TAKEN_OUT = "taken_out", _("A line was taken out")

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind="sent_back") | ~Q(reason=""), name="duties_planstep_sent_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.kind}"


class PlanApproval(DatedFact):
    """A version is what the plan says from a day on, because somebody who did not write it approved it."""

    version = models.OneToOneField(PlanVersion, models.PROTECT, related_name="approval")

    class Meta(DatedFact.Meta):
        constraints = [*DatedFact.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.version} {self.valid_from}"
