"""When the organisation works: its week and public holidays, and the days on which it is otherwise somewhere."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact
from lms.organisation.models.units import OrgUnit


class WorkingWeek(DatedFact):
    """From a day on, people work on these weekdays, but not on the public holidays of this country and region."""

    # The digits of the weekdays, Monday is 0: "01234".
    weekdays = models.CharField(max_length=7)
    # Empty: no public holidays are kept.
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=20, blank=True)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(condition=~Q(weekdays=""), name="organisation_workingweek_has_a_day"),
        ]

    def __str__(self) -> str:
        return self.weekdays

    @property
    def week(self) -> frozenset[int]:
        """The weekdays as numbers, Monday is 0."""
        return frozenset(int(digit) for digit in self.weekdays)


class DifferentDay(DatedFact):
    """Days on which a unit and all below it are closed, or work although it is a holiday or the week's end."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Closed")
        WORKING = "working", _("Works that day")

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    what = models.CharField(max_length=200, help_text="Why, in words for everybody.")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            # Without an end, counting working days would have none either.
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="organisation_differentday_has_end"),
            models.CheckConstraint(condition=Q(kind__in=["closed", "working"]), name="organisation_differentday_kind"),
        ]
        indexes = [models.Index(fields=["unit", "valid_from"], name="organisation_differentday_unit")]

    def __str__(self) -> str:
        return self.what
