"""Who is reminded of a rule, and when. Pure; `RequirementVersion.reminder_plan` has it. Sending is another room's part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_DAYS = 366
MOST_TIMES = 20


class Moment(models.TextChoices):
    """When somebody may be reminded of a duty."""

    ASSIGNED = "assigned", _("When the duty begins")
    BEFORE_DUE = "before_due", _("Before it is due")
    AFTER_DUE = "after_due", _("After it was due")
    WINDOW_OPEN = "window_open", _("When it can be renewed")
    BEFORE_EXPIRY = "before_expiry", _("Before it runs out")


class Recipient(models.TextChoices):
    """Who is told."""

    LEARNER = "learner", _("The learner")
    SUPERVISOR = "supervisor", _("The supervisor")
    HR = "hr", _("HR")


Recipients = frozenset[Recipient]
_LEARNER: Recipients = frozenset({Recipient.LEARNER})


def _usual_recipients() -> dict[Moment, Recipients]:
    return dict.fromkeys(Moment, _LEARNER) | {Moment.AFTER_DUE: frozenset({Recipient.LEARNER, Recipient.SUPERVISOR})}


@dataclass(frozen=True)
class ReminderPlan:
    """The moments of a rule and who is told at each; a moment without anybody is off.

    `before_due` and `before_expiry` are days before the last good day. After it the first reminder comes after
    `after_due_every` days, and again every so many days, `after_due_times` times at most.
    """

    recipients: Mapping[Moment, Recipients] = field(default_factory=_usual_recipients)
    before_due: tuple[int, ...] = (14, 3)
    after_due_every: int = 7
    after_due_times: int = 4
    before_expiry: tuple[int, ...] = (30, 7)

    def who(self, moment: Moment) -> Recipients:
        """Who is told at a moment."""
        return self.recipients.get(moment, frozenset())

    @property
    def after_due(self) -> tuple[int, ...]:
        """So many days after the last good day each."""
        return tuple(self.after_due_every * time for time in range(1, self.after_due_times + 1))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """The plan as stored; what is missing is as usual."""
        usual = cls()
        told = stored.get("recipients")
        return cls(
            recipients=usual.recipients if told is None else _recipients(told),
            before_due=days_before(stored.get("before_due", usual.before_due)),
            after_due_every=int(stored.get("after_due_every", usual.after_due_every)),
            after_due_times=int(stored.get("after_due_times", usual.after_due_times)),
            before_expiry=days_before(stored.get("before_expiry", usual.before_expiry)),
        )

    def stored(self) -> dict[str, Any]:
        """The plan as it is stored: nothing for the usual one, so that a better usual one reaches old rules."""
        if self == type(self)():
            return {}
        return {
            "recipients": {moment.value: sorted(self.who(moment)) for moment in Moment},
            "before_due": list(self.before_due),
            "after_due_every": self.after_due_every,
            "after_due_times": self.after_due_times,
            "before_expiry": list(self.before_expiry),
        }

    def makes_sense(self) -> bool:
        """Whether all days and times are within bounds."""
        days = [*self.before_due, *self.before_expiry, self.after_due_every]
        return all(1 <= number <= MOST_DAYS for number in days) and 0 <= self.after_due_times <= MOST_TIMES


def days_before(days: Iterable[int]) -> tuple[int, ...]:
    """Days in the order in which they come, each once."""
    return tuple(sorted({int(day) for day in days}, reverse=True))


def _recipients(told: Mapping[str, Iterable[str]]) -> dict[Moment, Recipients]:
    return {moment: frozenset(Recipient(who) for who in told.get(moment.value, ())) for moment in Moment}
