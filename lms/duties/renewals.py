"""How long a rule counts a result, when it can be renewed and what a renewal asks. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.duties.year_days import YearDay


class ExpiryBasis(models.TextChoices):
    """From what the months are counted for which a rule counts a result."""

    COMPLETION = "completion", _("the day of completion")
    PREVIOUS = "previous", _("the end of the previous result, when it is renewed in time")
    YEAR_DAY = "year_day", _("no count: a fixed day of the year")


class RenewalAsks(models.TextChoices):
    """What somebody does to renew a result."""

    WHOLE = "whole", _("the whole course")
    REFRESHER = "refresher", _("a shorter refresher, another one each time")
    CHANGES = "changes", _("only what has changed since")


@dataclass(frozen=True, slots=True)
class Renewal:
    """How long a rule counts a result beside its `counts_months`, and what renews it.

    `each_year` is the fixed day on which results end, `least_months` how long one counts at least before it.
    `opens_days` before its end a result can be renewed; None for the setting RENEWAL_OPENS_DAYS. `refreshers` are
    courses (their ids) in their order.
    """

    basis: ExpiryBasis = ExpiryBasis.COMPLETION
    each_year: YearDay | None = None
    least_months: int = 0
    opens_days: int | None = None
    asks: RenewalAsks = RenewalAsks.WHOLE
    refreshers: tuple[int, ...] = ()
