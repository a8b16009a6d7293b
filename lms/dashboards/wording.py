"""A duty in words: by when, and why."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.core.words import day_in_words, distance
from lms.duties.duties import Begins, Duty
from lms.duties.spans import State


def by_when(duty: Duty, today: date) -> str:
    """Due by 26 November 2026, in 4 days; or until when it holds."""
    if duty.state == State.EXEMPT:
        return _("You need not do this for now.")
    if duty.due_on is None:
        return _without_day(duty)
    told = {"day": _written_out(duty.due_on), "distance": distance(duty.due_on, today)}
    if duty.unread is not None or duty.target.document is not None:
        return _short_by_when(duty) % told
    if duty.state == State.OVERDUE:
        return _("It was due by %(day)s, %(distance)s.") % told
    if duty.state == State.NOT_YET_DUE:
        text = _("Due by %(day)s, %(distance)s.") % told
        return f"{text} {_('The days stand still during leave.')}" if duty.is_paused else text
    text = _("Holds until %(day)s, %(distance)s.") % told
    return f"{text} {_('It can be renewed now.')}" if duty.renewal_is_open else text


def _without_day(duty: Duty) -> str:
    if duty.is_waiting:
        return _("The day is not known yet.")
    return _("Holds without end.") if duty.state == State.IN_DATE else _("The days stand still during leave.")


def _short_by_when(duty: Duty) -> str:
    """The same for what takes a few minutes: reading what changed, or signing a document."""
    if duty.unread is not None:
        return {
            State.IN_DATE: _("Something changed. Read it by %(day)s, %(distance)s, and you stay in date."),
            State.NOT_YET_DUE: _("Something changed. Read it by %(day)s, %(distance)s."),
        }.get(
            duty.state, _("Something changed, to be read by %(day)s, %(distance)s. Read it, and you are in date again.")
        )
    return {
        State.IN_DATE: _("There is a new version. Sign it by %(day)s, %(distance)s."),
        State.NOT_YET_DUE: _("To be signed by %(day)s, %(distance)s."),
    }.get(duty.state, _("It was to be signed by %(day)s, %(distance)s."))


def _written_out(day: date) -> str:
    return _remembered(day, get_language())


@lru_cache(maxsize=4096)
def _remembered(day: date, language: str | None) -> str:
    # A page of many duties names few days, and writing one out in a language is slow.
    return day_in_words(day)


def why(duty: Duty) -> str:
    """The rule that asks, the law behind it, and from which day the days are counted."""
    basis = f" ({duty.why.instrument})" if duty.why.instrument else ""
    parts = [_("Why: %(title)s%(basis)s.") % {"title": duty.why.title, "basis": basis}]
    return " ".join([*parts, *filter(None, [_counted_from(duty), duty.why.note])])


def _counted_from(duty: Duty) -> str:
    """What began its days, or will; empty for a renewal."""
    texts = {
        Begins.APPOINTMENT: _("Counted from the appointment on %(day)s."),
        Begins.TRANSFER: _("Counted from the start in the post on %(day)s."),
        Begins.RULE: _("Counted from the start of the rule on %(day)s."),
        Begins.SIGN_IN: _("Counted from the first sign-in on %(day)s."),
        Begins.RESULT: _("Counted from passing %(course)s on %(day)s."),
        Begins.SAME_FOR_ALL: _("The day is the same for all, but for those who came late or were away for long."),
    }
    waiting = {
        Begins.SIGN_IN: _("The days are counted from the first sign-in."),
        Begins.RESULT: _("The days are counted from passing %(course)s."),
    }
    text = (waiting if duty.is_waiting else texts).get(duty.begins, "")
    return text % {"day": _written_out(duty.since), "course": duty.why.after} if text else ""


def not_yet(duty: Duty, by_course: Mapping[int, str]) -> str:
    """Why a duty cannot be begun yet; empty where one of its courses can, or nothing is to do."""
    reasons = [by_course.get(course, "") for course in sorted(duty.asks)]
    return " ".join(reasons) if duty.asks_for_something and all(reasons) else ""
