"""From what a rule counts its days. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.duties.year_days import YearDay


class CountsFrom(models.TextChoices):
    """What happens on the day from which the days of a rule are counted."""

    APPOINTMENT = "appointment", _("appointment, or the start of the rule when that is later")
    TRANSFER = "transfer", _("every new post, a transfer included")
    RULE = "rule", _("the start of the rule: one day for all")
    SIGN_IN = "sign_in", _("the person’s first sign-in")
    RESULT = "result", _("passing another course")
    YEAR_DAY = "year_day", _("no count: a fixed day of the year")


@dataclass(frozen=True, slots=True)
class Due:
    """From what days are counted, how many being the rule's `due_days`.

    `after` is the course (its id) whose first result begins the days. `least_days` is what a newcomer has at least
    where the day is the same for all. `each_year` is the fixed day of the year.
    """

    counts_from: CountsFrom = CountsFrom.APPOINTMENT
    in_working_days: bool = False
    after: int | None = None
    least_days: int = 0
    each_year: YearDay | None = None
