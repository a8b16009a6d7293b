"""By when, for how long and with which reminders a rule asks, in words that can be read aloud. No database."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.duties.due_rules import CountsFrom, Due
from lms.duties.reminder_plan import Moment, ReminderPlan
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.year_days import YearDay

_A_LEAP_YEAR = 2000


def by_when(due: Due, days: int, *, after: str) -> str:
    """Within 30 days of appointment. `after` is the name of the course from which days are counted, if they are."""
    if due.each_year is not None:
        return _("by the next %(day)s") % {"day": year_day(due.each_year)}
    texts = {
        CountsFrom.TRANSFER: _("within %(period)s of starting in each such post"),
        CountsFrom.RULE: _("within %(period)s of the start of the rule"),
        CountsFrom.SIGN_IN: _("within %(period)s of their first sign-in"),
        CountsFrom.RESULT: _("within %(period)s of passing %(course)s"),
    }
    text = texts.get(due.counts_from, _("within %(period)s of appointment"))
    return text % {"period": _period(days, in_working_days=due.in_working_days), "course": after}


def for_newcomers(due: Due) -> str:
    """What those have who come late to a day that is the same for all; empty where that does not matter."""
    if not due.least_days:
        return ""
    told = {"days": due.least_days}
    if due.each_year is not None:
        text = ngettext(
            "Whoever has less than %(days)s day until then has one year more.",
            "Whoever has less than %(days)s days until then has one year more.",
            due.least_days,
        )
    elif due.counts_from == CountsFrom.RULE:
        text = ngettext(
            "Whoever comes later has at least %(days)s day.",
            "Whoever comes later has at least %(days)s days.",
            due.least_days,
        )
    else:
        return ""
    return text % told


def how_long(renewal: Renewal, months: int | None) -> list[str]:
    """For how long a result counts and when it can be renewed; nothing where it is as the course says and as usual."""
    opens = settings.RENEWAL_OPENS_DAYS if renewal.opens_days is None else renewal.opens_days
    told = {"months": months, "least": renewal.least_months, "days": opens}
    found = []
    if renewal.each_year is not None:
        day = year_day(renewal.each_year)
        text = ngettext(
            "A result counts until the first %(day)s that is at least %(least)s month away.",
            "A result counts until the first %(day)s that is at least %(least)s months away.",
            renewal.least_months,
        )
        if not renewal.least_months:
            text = _("A result counts until the next %(day)s.")
        found.append(text % {**told, "day": day})
    elif months is not None:
        text = ngettext(
            "A result counts for %(months)s month here.", "A result counts for %(months)s months here.", months
        )
        found.append(text % told)
    if renewal.basis == ExpiryBasis.PREVIOUS:
        text = ngettext(
            "Renewed on its last %(days)s day, it counts on from its old end.",
            "Renewed in its last %(days)s days, it counts on from its old end.",
            opens,
        )
        found.append(text % told)
    elif renewal.opens_days is not None:
        text = ngettext(
            "It can be renewed on its last %(days)s day.", "It can be renewed in its last %(days)s days.", opens
        )
        found.append(text % told)
    return found


def what_renews(renewal: Renewal, refreshers: Sequence[str]) -> str:
    """What a renewal asks, where it is not the whole course; `refreshers` are the names of the courses in turn."""
    if renewal.asks == RenewalAsks.CHANGES:
        return _("A renewal asks only for what has changed.")
    if not refreshers:
        return ""
    if len(refreshers) == 1:
        return _("After the first time it is renewed by the refresher %(name)s.") % {"name": refreshers[0]}
    names = _(", then ").join(refreshers)
    return _("After the first time it is renewed by refreshers in turn: %(names)s, and so on from the first.") % {
        "names": names
    }


def reminders(plan: ReminderPlan) -> list[str]:
    """One line for each moment at which somebody is told."""
    times = {
        Moment.BEFORE_DUE: _("%(days)s days before it is due") % {"days": _listed(plan.before_due)},
        Moment.AFTER_DUE: _("Every %(days)s days after it was due, at most %(times)s times")
        % {"days": plan.after_due_every, "times": plan.after_due_times},
        Moment.BEFORE_EXPIRY: _("%(days)s days before it runs out") % {"days": _listed(plan.before_expiry)},
    }
    return [
        _("%(moment)s: %(who)s.")
        % {
            "moment": times.get(moment, str(moment.label)),
            "who": ", ".join(str(who.label) for who in sorted(plan.who(moment))),
        }
        for moment in Moment
        if plan.who(moment) and _happens(plan, moment)
    ]


def year_day(day: YearDay) -> str:
    """31 March."""
    return date_format(date(_A_LEAP_YEAR, day.month, day.day), "j F")


def _happens(plan: ReminderPlan, moment: Moment) -> bool:
    counted = {
        Moment.BEFORE_DUE: plan.before_due,
        Moment.AFTER_DUE: plan.after_due,
        Moment.BEFORE_EXPIRY: plan.before_expiry,
    }
    return bool(counted.get(moment, True))


def _listed(numbers: Sequence[int]) -> str:
    texts = [str(number) for number in numbers]
    if len(texts) < 2:
        return "".join(texts)
    return _("%(some)s and %(last)s") % {"some": ", ".join(texts[:-1]), "last": texts[-1]}


def _period(days: int, *, in_working_days: bool) -> str:
    if in_working_days:
        return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
