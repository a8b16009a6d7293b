"""From what a rule counts its days, and by when that makes it due for one person. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.working_days import WorkDays
from lms.duties.days import OPEN, Days
from lms.duties.due_dates import due_day
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


@dataclass(frozen=True, slots=True)
class Events:
    """What begins the days of some rules: a person's first sign-in, and their first results by course. OPEN: not yet."""

    signed_in_on: date = OPEN
    first_results: Mapping[int, date] = field(default_factory=dict)

    def begin(self, due: Due, start: date) -> date:
        """The day from which `due` counts for somebody whom a rule reaches since `start`; OPEN while nobody knows."""
        if due.counts_from == CountsFrom.SIGN_IN:
            return max(start, self.signed_in_on)
        if due.counts_from == CountsFrom.RESULT:
            return max(start, self.first_results.get(due.after or 0, OPEN))
        return start


NOTHING_YET = Events()


@dataclass(frozen=True, slots=True)
class Counting:
    """All by which one rule counts one person's days. `began` is the day on which the rule first asked for it."""

    due: Due
    days: int
    began: date
    pauses: Sequence[Days] = ()
    events: Events = NOTHING_YET
    calendar: WorkDays | None = None

    def due_on(self, start: date) -> date:
        """The last good day for somebody whom the rule reaches since `start`; OPEN while nobody knows it."""
        if self.due.counts_from == CountsFrom.RULE:
            return self._same_for_all(start, due_day(self.began, self.days, calendar=self.calendar))
        if self.due.each_year is not None:
            return self._same_for_all(start, self.due.each_year.first_from(self._least(start)))
        begins = self.events.begin(self.due, start)
        return OPEN if begins == OPEN else due_day(begins, self.days, self.pauses, calendar=self.calendar)

    def due_on_from_change(self, changed_on: date) -> date:
        """The last good day if the rule had begun to ask for it only with its change."""
        begun_anew = replace(self, began=max(self.began, changed_on))
        return begun_anew.due_on(changed_on)

    def _same_for_all(self, start: date, day: date) -> date:
        """A day that is the same for all, but for those who came late and those whose clock stood still."""
        return due_day(start, (max(day, self._least(start)) - start).days, self.pauses)

    def _least(self, start: date) -> date:
        return start + timedelta(days=self.due.least_days)
