"""Days as people read them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def day_in_words(day: date) -> str:
    """A day with its month written out: 3 March 2026."""
    return date_format(day, "j F Y")


def distance(day: date, today: date) -> str:
    """Today, tomorrow, in 4 days, yesterday, 12 days ago."""
    days = (day - today).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get(days)
    if near is not None:
        return near
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}
