"""An exception in one sentence, and what can be done about it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models.versions import hours_of
from lms.core.words import day_in_words
from lms.duties.due_rules import CountsFrom
from lms.duties.exceptions.findings import Finding, Kind
from lms.duties.sentences import one_of

_HOUR = 60
Names = Mapping[int, str]


def sentence(finding: Finding, *, titles: Names, documents: Names, posts: Names) -> str:
    """Why it is an exception."""
    courses = one_of(sorted(titles.get(course, "") for course in finding.target.courses))
    name = documents.get(finding.target.document or 0, courses)
    told = _TELLERS[finding.kind](finding.told, titles, posts)
    return f"{name}: {told}" if name else told


def advice(finding: Finding) -> str:
    """What can be done."""
    return {
        Kind.MORE_TIME: _("Decide on it"),
        Kind.TOO_LITTLE_TIME: _("Give more time"),
        Kind.UNKNOWN_DATE: _("See what it waits for"),
        Kind.HELD: _("See what is held"),
        Kind.TWO_WAYS: _("See both sides"),
        Kind.EXEMPTION_ENDS: _("Look at the exemption"),
    }[finding.kind]


def _more_time(told: Sequence[object], _titles: Names, _posts: Names) -> str:
    return _("more time is asked for, until %(day)s.") % {"day": _day(told[0])}


def _too_little_time(told: Sequence[object], _titles: Names, _posts: Names) -> str:
    due, known, days, minutes = told
    words = {"due": _day(due), "known": _day(known), "days": days, "hours": hours_of(_number(minutes))}
    if _number(days) < 0:
        return _("due by %(due)s, but nobody could know of it before %(known)s.") % words
    text = ngettext(
        "due by %(due)s, %(days)s day after it was known.",
        "due by %(due)s, %(days)s days after it was known.",
        _number(days),
    )
    # Hours may be a fraction, which takes the plural.
    takes = ngettext("It takes %(hours)s hour.", "It takes %(hours)s hours.", 1 if minutes == _HOUR else 2)
    return f"{text} {takes}" % words


def _unknown_date(told: Sequence[object], _titles: Names, _posts: Names) -> str:
    if told[0] == CountsFrom.SIGN_IN:
        return _("no due day before the first sign-in, and there was none.")
    if told[0] == CountsFrom.RESULT:
        return _("no due day before another course is passed, and it is not.")
    return _("no due day: the days stand still during a leave that has no end.")


def _held(told: Sequence[object], titles: Names, _posts: Names) -> str:
    if told[0] == "another":
        words = {"held": titles.get(_number(told[1]), ""), "begun": titles.get(_number(told[2]), "")}
        return _("%(held)s is held already and would do, while %(begun)s is under way.") % words
    return _("what was brought from elsewhere runs out on %(day)s.") % {"day": _day(told[1])}


def _two_ways(told: Sequence[object], titles: Names, posts: Names) -> str:
    if told[0] == "exempt":
        names = one_of(sorted(titles.get(_number(course), "") for course in told[1:]))
        return _("exempt from %(names)s only, so another course that would do is still asked for.") % {"names": names}
    words = {
        "one": posts.get(_number(told[1]), ""),
        "early": _day(told[2]),
        "other": posts.get(_number(told[3]), ""),
        "late": _day(told[4]),
    }
    return _("due by %(early)s through %(one)s, by %(late)s through %(other)s; the earlier day counts.") % words


def _exemption_ends(told: Sequence[object], _titles: Names, _posts: Names) -> str:
    if told[0] == "review":
        return _("the exemption is to be looked at again on %(day)s.") % {"day": _day(told[1])}
    return _("the exemption ends; its last day is %(day)s.") % {"day": _day(told[1])}


_TELLERS: dict[Kind, Callable[[Sequence[object], Names, Names], str]] = {
    Kind.MORE_TIME: _more_time,
    Kind.TOO_LITTLE_TIME: _too_little_time,
    Kind.UNKNOWN_DATE: _unknown_date,
    Kind.HELD: _held,
    Kind.TWO_WAYS: _two_ways,
    Kind.EXEMPTION_ENDS: _exemption_ends,
}


def _day(value: object) -> str:
    assert isinstance(value, date)
    return day_in_words(value)


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
