"""From which event the days of a claim are counted, in a sentence."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.words import day_in_words
from lms.duties.days import OPEN
from lms.duties.due_rules import CountsFrom
from lms.duties.reach import Claim


def told(claim: Claim, titles: Mapping[int, str]) -> str:
    """What happened on the day from which the days are counted, and how many days there are."""
    if claim.since == OPEN:
        return _awaited(claim, titles)
    due = claim.rule.due
    if due.counts_from == CountsFrom.RULE:
        return _("The rule names one day for all, and began to ask on %(day)s.") % _days_of(claim)
    if due.counts_from == CountsFrom.YEAR_DAY:
        return _("The rule names a fixed day of the year. It asks since %(day)s.") % _days_of(claim)
    return f"{_event(claim, titles)} {_length(claim)}"


def _event(claim: Claim, titles: Mapping[int, str]) -> str:
    """The last of what had to happen before the days began."""
    words = _days_of(claim)
    if claim.since > claim.start and claim.rule.due.counts_from == CountsFrom.SIGN_IN:
        return _("The first sign-in was on %(day)s.") % words
    if claim.since > claim.start:
        course = titles.get(claim.rule.due.after or 0, _("Another course"))
        return _("%(course)s was passed on %(day)s.") % (words | {"course": course})
    if claim.is_from_rule:
        return _("The rule began to ask on %(day)s, when the post was held already.") % words
    if claim.rule.counts_each_post:
        return _("The post was taken up on %(day)s.") % words
    return _("Appointed on %(day)s to a post that the rule asks for.") % words


def _length(claim: Claim) -> str:
    words = _days_of(claim)
    if claim.rule.due.in_working_days:
        return (
            ngettext(
                "From then on there is %(days)s working day.",
                "From then on there are %(days)s working days.",
                claim.rule.due_days,
            )
            % words
        )
    text = ngettext("From then on there is %(days)s day.", "From then on there are %(days)s days.", claim.rule.due_days)
    return text % words


def _awaited(claim: Claim, titles: Mapping[int, str]) -> str:
    if claim.rule.due.counts_from == CountsFrom.SIGN_IN:
        return _("The days begin with the first sign-in, and there was none so far.")
    return _("The days begin once %(course)s is passed, and it is not so far.") % {
        "course": titles.get(claim.rule.due.after or 0, _("another course"))
    }


def _days_of(claim: Claim) -> dict[str, object]:
    return {"day": day_in_words(claim.since), "days": claim.rule.due_days}
