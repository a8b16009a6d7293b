"""A proposal and its preview in words for its pages."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core import clock
from lms.duties.models import ProposalDecision, ProposalPreview, RequirementProposal
from lms.duties.proposing.asked import Asked, as_version
from lms.duties.proposing.asking import NOBODY_ELSE, NOT_ASKED
from lms.duties.sentences import sentences

_STATES = {
    ProposalDecision.Outcome.APPROVED: "approved",
    ProposalDecision.Outcome.DECLINED: "declined",
    ProposalDecision.Outcome.WITHDRAWN: "withdrawn",
    ProposalDecision.Outcome.ALONE: "made alone",
}


def state(proposal: RequirementProposal) -> str:
    """Its state as a word of `lms.core.statuses`."""
    decision = getattr(proposal, "decision", None)
    if decision is not None:
        return _STATES[decision.outcome]
    return "awaiting" if proposal.asked_at else "draft"


def before_and_after(asked: Asked) -> tuple[str, str]:
    """What the rule says now and what it would say; empty where there is none."""
    current = asked.current
    before = sentences([current], clock.today())[current.pk] if current else ""
    after = sentences([as_version(asked)], clock.today())[0] if asked.audience and asked.terms else ""
    return before, after


def why_alone(reason: str) -> str:
    """Why nobody else was asked."""
    return {
        NOBODY_ELSE: _("Nobody else may approve this rule: no other person has the role for it."),
        NOT_ASKED: _("This site does not ask a second person to approve rules."),
    }.get(reason, "")


def dates(preview: ProposalPreview) -> list[tuple[str, int]]:
    """What was counted in the background, line by line."""
    return [(words, preview.dates.get(key, 0)) for key, words in _lines() if preview.dates.get(key)]


def _lines() -> Iterator[tuple[str, str]]:
    yield "overdue", _("Overdue from the beginning: the date is past already")
    yield "too_little", _("Too little time: fewer days than the course takes")
    for band, longest in ((91, None), (31, 90), (8, 30), (1, 7)):
        yield f"earlier-{band}", _earlier(band, longest)
    for band, longest in ((1, 7), (8, 30), (31, 90), (91, None)):
        yield f"later-{band}", _later(band, longest)
    yield "no_date", _("Had a date and will have none yet")
    yield "has_date", _("Had no date yet and will have one")
    yield "lapses", _("In date now, and no longer")
    yield "in_date", _("In date: nothing to do now")
    yield "exempt", _("Exempt")


def _earlier(least: int, most: int | None) -> str:
    if most is None:
        return ngettext("Due %(n)s day earlier or more", "Due %(n)s days earlier or more", least) % {"n": least}
    return _("Due %(least)s to %(most)s days earlier") % {"least": least, "most": most}


def _later(least: int, most: int | None) -> str:
    if most is None:
        return ngettext("Due %(n)s day later or more", "Due %(n)s days later or more", least) % {"n": least}
    return _("Due %(least)s to %(most)s days later") % {"least": least, "most": most}
