"""Proposing a rule, a change or an end, with its preview; asking for approval; withdrawing. Next: `deciding`."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import columns
from lms.core.errors import Refused
from lms.duties import requiring
from lms.duties.models import ProposalDecision, ProposalPreview, RequirementProposal
from lms.duties.proposing import dates, reached
from lms.duties.proposing.asked import Asked, effect, read, stored
from lms.organisation.access import MATRIX, Capability
from lms.organisation.models import Role, RoleGrant, User

Kind = RequirementProposal.Kind
NOT_ASKED = "not_asked"
NOBODY_ELSE = "nobody_else"


@transaction.atomic
def propose(asked: Asked, *, title: str = "", reason: str = "", by: User) -> RequirementProposal:
    """Keep a draft with its first preview. Raises Refused as the step would that it proposes."""
    check(asked, reason=reason, by=by)
    current = asked.current
    audience = asked.audience
    unit = audience.unit if audience else current.unit if current else None
    assert unit is not None
    proposal = RequirementProposal.objects.create(
        kind=asked.kind,
        title=asked.requirement.title if asked.requirement else title,
        requirement=asked.requirement,
        unit=unit,
        asked=stored(audience, asked.terms) if audience and asked.terms else {},
        from_day=asked.from_day,
        reason=reason,
        **columns(by),
    )
    _preview(proposal, asked)
    audit.record("rule proposed", proposal, by=by, kind=asked.kind.value, **{"from": asked.from_day.isoformat()})
    return proposal


@transaction.atomic
def preview_again(proposal: RequirementProposal) -> ProposalPreview:
    """A fresh preview beside the older ones."""
    locked(proposal)
    return _preview(proposal, read(proposal))


@transaction.atomic
def ask(proposal: RequirementProposal, *, by: User) -> RequirementProposal:
    """Ask for approval. Harmless the second time. Raises Refused for who did not write it."""
    proposal = locked(proposal)
    _check_author(proposal, by)
    if proposal.asked_at is None:
        proposal.asked_at = clock.now()
        proposal.save(update_fields=["asked_at"])
        audit.record("approval asked for", proposal, by=by)
    return proposal


@transaction.atomic
def withdraw(proposal: RequirementProposal, *, by: User) -> ProposalDecision:
    """Take a proposal back. Raises Refused for who did not write it, and once it is decided."""
    proposal = locked(proposal)
    _check_author(proposal, by)
    audit.record("proposal withdrawn", proposal, by=by)
    return ProposalDecision.objects.create(
        proposal=proposal,
        preview=proposal.preview,
        outcome=ProposalDecision.Outcome.WITHDRAWN,
        author=proposal.by_user,
        **columns(by),
    )


def check(asked: Asked, *, reason: str, by: User) -> None:
    """Raises Refused for what `by` could not require, change or end."""
    if asked.kind == Kind.NEW:
        assert asked.audience is not None
        assert asked.terms is not None
        requiring.check(asked.audience, asked.terms, from_day=asked.from_day, by=by)
        return
    assert asked.requirement is not None
    if asked.audience is None or asked.terms is None:
        requiring.check_end(asked.requirement, by=by, reason=reason)
    else:
        requiring.check_change(
            asked.requirement, audience=asked.audience, terms=asked.terms, from_day=asked.from_day, by=by, reason=reason
        )


def why_alone(asked: Asked, by: User) -> str:
    """Why a rule needs no second person; empty where it does."""
    if not settings.RULES_NEED_APPROVAL:
        return NOT_ASKED
    return "" if any(may_approve(user, asked, author=by) for user in _assigners()) else NOBODY_ELSE


def may_approve(user: User, asked: Asked, *, author: User | None) -> bool:
    """Whoever could make it by themselves, but the author: not with another account of theirs either."""
    if author is not None and (user == author or (user.person_id and user.person_id == author.person_id)):
        return False
    return bool(asked.matters) and all(requiring.may_assign(user, *matter) for matter in asked.matters)


def locked(proposal: RequirementProposal) -> RequirementProposal:
    """The proposal while nobody else changes it. Raises Refused once it is decided."""
    found = RequirementProposal.objects.select_for_update(of=("self",)).select_related("by_user", "requirement")
    proposal = found.get(pk=proposal.pk)
    if hasattr(proposal, "decision"):
        raise Refused(_("This proposal is decided already. Reload the page."))
    return proposal


def _preview(proposal: RequirementProposal, asked: Asked) -> ProposalPreview:
    found = effect(asked)
    preview = ProposalPreview.objects.create(proposal=proposal, day=found.day, figures=reached.figures(found))
    dates.begin(preview, found)
    return preview


def _check_author(proposal: RequirementProposal, by: User) -> None:
    if proposal.by_user != by:
        raise Refused(_("Only whoever wrote a proposal may do this."))


def _assigners() -> list[User]:
    """Everybody who may require something somewhere today."""
    wanted = {Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY}
    roles = [role for role, can in MATRIX.items() if can & wanted and role != Role.SUPERVISOR]
    grants = RoleGrant.objects.on(clock.today()).filter(role__in=roles)
    return list(User.objects.filter(Q(pk__in=grants.values("user")), is_active=True).order_by("pk"))
