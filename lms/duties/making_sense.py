"""Whether what a rule is to ask can be asked at all. Raises Refused in words for whoever makes the rule."""

from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _

from lms.core.errors import Refused
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.models.requirements import LONGEST_DUE_DAYS
from lms.duties.reminder_plan import ReminderPlan
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks

# However short the months, this many days are in each of them.
_DAYS_IN_A_MONTH = 28
_MOST_REFRESHERS = 12


def check_due(due: Due, due_days: int, target: Collection[int]) -> None:
    """Whether days can be counted so; `target` are the courses that are asked for."""
    if not 0 <= due_days <= LONGEST_DUE_DAYS or not 0 <= due.least_days <= LONGEST_DUE_DAYS:
        raise Refused(_("Give the time in days: from 0 to %(most)s.") % {"most": LONGEST_DUE_DAYS})
    if due.counts_from == CountsFrom.YEAR_DAY and due.each_year is None:
        raise Refused(_("Choose the day of the year by which it is due."))
    if due.counts_from == CountsFrom.RESULT and due.after is None:
        raise Refused(_("Choose the course after which the days are counted."))
    if due.after is not None and due.after in target:
        raise Refused(_("Days cannot be counted from passing the course that is asked for. Choose another one."))


def check_renewal(renewal: Renewal, counts_months: int | None, target: Collection[int]) -> None:
    """Whether results can be counted and renewed so."""
    if counts_months is not None and counts_months < 1:
        raise Refused(_("A result counts for one month at least."))
    if renewal.opens_days is not None and not 1 <= renewal.opens_days <= LONGEST_DUE_DAYS:
        raise Refused(_("Give the days in which one may renew: from 1 to %(most)s.") % {"most": LONGEST_DUE_DAYS})
    _check_basis(renewal, counts_months)
    _check_refreshers(renewal, target)


def check_reminders(plan: ReminderPlan) -> None:
    """Whether reminders can be sent so."""
    if not plan.makes_sense():
        raise Refused(_("Give the days of reminders as numbers from 1 to 366, and at most 20 repeats."))


def _check_basis(renewal: Renewal, counts_months: int | None) -> None:
    if renewal.basis == ExpiryBasis.YEAR_DAY:
        if renewal.each_year is None:
            raise Refused(_("Choose the day of the year on which results end."))
        if counts_months is not None:
            raise Refused(_("Results end on a day of the year or after so many months: leave one of them empty."))
        _check_window(renewal, renewal.least_months)
    elif renewal.basis == ExpiryBasis.PREVIOUS:
        if counts_months is None:
            raise Refused(_("Say for how many months a result counts."))
        _check_window(renewal, counts_months)
    elif renewal.opens_days is not None and counts_months is not None:
        _check_window(renewal, counts_months)


def _check_window(renewal: Renewal, months: int) -> None:
    """A renewal must bring more than what is left."""
    opens = settings.RENEWAL_OPENS_DAYS if renewal.opens_days is None else renewal.opens_days
    if months * _DAYS_IN_A_MONTH <= opens:
        raise Refused(
            _("One may renew %(days)s days before the end, so a result must count for longer: give more months.")
            % {"days": opens}
        )


def _check_refreshers(renewal: Renewal, target: Collection[int]) -> None:
    refreshers = renewal.refreshers
    if renewal.asks == RenewalAsks.REFRESHER and not refreshers:
        raise Refused(_("Name at least one refresher."))
    if renewal.asks != RenewalAsks.REFRESHER and refreshers:
        raise Refused(_("Refreshers are named, but a renewal does not ask for them. Choose one or the other."))
    if len(set(refreshers)) < len(refreshers) or len(refreshers) > _MOST_REFRESHERS:
        raise Refused(_("Name each refresher once, and at most %(most)s.") % {"most": _MOST_REFRESHERS})
    if not set(refreshers).isdisjoint(target):
        raise Refused(_("What is asked for cannot be its own refresher. Name another course."))
