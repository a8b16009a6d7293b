"""Approving or declining a proposal; making a rule alone where nobody else may approve. The rule follows at once."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.actors import columns
from lms.core.errors import Refused
from lms.duties import requiring
from lms.duties.models import ProposalDecision, ProposalPreview, RequirementProposal, RequirementVersion
from lms.duties.proposing import asking, reached
from lms.duties.proposing.asked import Asked, effect, read
from lms.organisation.models import User

Outcome = ProposalDecision.Outcome


@transaction.atomic
def approve(proposal: RequirementProposal, *, preview: ProposalPreview, by: User) -> ProposalDecision:
    """Make what is proposed, on the preview that `by` read; both are kept.

    Raises Refused for the author, for who could not make the rule, when that preview is not the newest or not
    finished, and when the facts have changed since.
    """
    proposal = asking.locked(proposal)
    asked = read(proposal)
    _check_may_decide(proposal, asked, by)
    _check_fresh(proposal, asked, preview)
    return _carry_out(proposal, asked, preview, Outcome.APPROVED, by=by, reason="")


@transaction.atomic
def decline(proposal: RequirementProposal, *, reason: str, by: User) -> ProposalDecision:
    """Leave it, and say why. Raises Refused as approving does for who may not decide."""
    proposal = asking.locked(proposal)
    _check_may_decide(proposal, read(proposal), by)
    if not reason.strip():
        raise Refused(_("Say why: whoever wrote the proposal reads it."))
    audit.record("proposal declined", proposal, by=by, reason=reason)
    return _decision(proposal, proposal.preview, Outcome.DECLINED, by=by, reason=reason)


@transaction.atomic
def make_alone(proposal: RequirementProposal, *, by: User) -> ProposalDecision:
    """Make the rule without a second person; why is kept and audited. Raises Refused where there is somebody to ask."""
    proposal = asking.locked(proposal)
    asked = read(proposal)
    asking.check(asked, reason=proposal.reason, by=by)
    why = asking.why_alone(asked, by)
    if proposal.by_user != by or not why:
        raise Refused(_("Somebody else may approve this. Ask for approval."))
    return _carry_out(proposal, asked, proposal.preview, Outcome.ALONE, by=by, reason=why)


def is_stale(asked: Asked, preview: ProposalPreview) -> bool:
    """Whether the rules or the people on which a preview rests have changed: its key figures are no longer the same."""
    return bool(reached.figures(effect(asked)) != preview.figures)


def _carry_out(
    proposal: RequirementProposal, asked: Asked, preview: ProposalPreview, outcome: Outcome, *, by: User, reason: str
) -> ProposalDecision:
    version = _step(proposal, asked)
    audit.record(
        "proposal approved" if outcome == Outcome.APPROVED else "rule made without a second person",
        proposal,
        by=by,
        preview=preview.pk,
        people=preview.figures["people"],
        **({"why": reason} if reason else {}),
    )
    return _decision(proposal, preview, outcome, by=by, reason=reason, version=version)


def _step(proposal: RequirementProposal, asked: Asked) -> RequirementVersion:
    """The rule is its author's; who approved it stands beside it."""
    author = proposal.by
    if asked.requirement is not None and (asked.audience is None or asked.terms is None):
        return requiring.end(asked.requirement, until=asked.from_day, by=author, reason=proposal.reason)
    assert asked.audience is not None
    assert asked.terms is not None
    if asked.requirement is not None:
        return requiring.change(
            asked.requirement,
            audience=asked.audience,
            terms=asked.terms,
            from_day=asked.from_day,
            by=author,
            reason=proposal.reason,
        )
    made = requiring.require(
        proposal.title, audience=asked.audience, terms=asked.terms, by=author, from_day=asked.from_day
    )
    return made.versions.held().latest("valid_from")


def _decision(
    proposal: RequirementProposal,
    preview: ProposalPreview,
    outcome: Outcome,
    *,
    by: User,
    reason: str,
    version: RequirementVersion | None = None,
) -> ProposalDecision:
    return ProposalDecision.objects.create(
        proposal=proposal,
        preview=preview,
        version=version,
        outcome=outcome,
        reason=reason,
        author=proposal.by_user,
        **columns(by),
    )


def _check_may_decide(proposal: RequirementProposal, asked: Asked, by: User) -> None:
    if proposal.by_user == by:
        raise Refused(_("Nobody approves their own proposal. Somebody else decides."))
    if not asking.may_approve(by, asked, author=proposal.by_user):
        raise Refused(_("Your role does not let you decide on this proposal."))
    if proposal.asked_at is None:
        raise Refused(_("This is a draft still: nobody has asked for approval."))


def _check_fresh(proposal: RequirementProposal, asked: Asked, preview: ProposalPreview) -> None:
    if proposal.by_user is not None:
        asking.check(asked, reason=proposal.reason, by=proposal.by_user)
    newest = proposal.preview
    if preview != newest:
        raise Refused(_("There is a newer preview than the one you read. Read it, then decide."))
    if newest.finished_at is None:
        raise Refused(_("The preview is not finished. Wait until all dates are counted, then decide."))
    if is_stale(asked, newest):
        raise Refused(_("Rules or people have changed since this preview. Make a fresh one, read it, then decide."))
