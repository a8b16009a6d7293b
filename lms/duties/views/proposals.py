"""Proposals of rules: the preview, asking for approval, deciding."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core.errors import Refused
from lms.core.exports.writing import safe
from lms.duties.forms import DecideForm
from lms.duties.models import ProposalDecision, ProposalPreview, RequirementProposal
from lms.duties.proposing import asked as asking_for
from lms.duties.proposing import asking, deciding, in_words, reached
from lms.duties.proposing.asked import Asked
from lms.organisation.access import Capability, needs, remembered_capabilities, units_for, user_of
from lms.organisation.models import User

_may_assign = needs(Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY)
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal as the list shows it."""

    proposal: RequirementProposal
    state: str
    may_decide: bool


@_may_assign
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, one's own drafts, and what was decided last."""
    user = user_of(request)
    lines = [Line(one, in_words.state(one), _may_decide(one, user)) for one in _seen(user)[:_SHOWN]]
    return render(request, "duties/proposals.html", {"lines": lines})


@_may_assign
def proposal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What would change, for whom and by how much; its author asks for approval, somebody else decides."""
    user = user_of(request)
    found = _proposal(user, uuid)
    form = DecideForm(request.POST or None, initial={"preview": found.preview.pk})
    if request.method == "POST" and form.is_valid() and _done(request, form, found, user):
        return _after(found)
    return render(request, "duties/proposal.html", _shown(found, form, user))


@_may_assign
@require_safe
def proposal_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The figures by unit as a file."""
    found = _proposal(user_of(request), uuid)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="proposal-{found.uuid}.csv"'
    writer = csv.writer(response)
    writer.writerow(["unit", *reached.COLUMNS])
    figures = found.preview.figures
    for line in [*figures["lines"], figures]:
        writer.writerow([safe(line["name"]), *(line[column] for column in reached.COLUMNS)])
    return response


def _shown(found: RequirementProposal, form: DecideForm, user: User) -> dict[str, object]:
    preview, decision = found.preview, getattr(found, "decision", None)
    if decision is not None:
        preview = decision.preview
    try:
        asked: Asked | None = asking_for.read(found)
    except Refused:
        asked = None
    is_open = decision is None and asked is not None
    return {
        "proposal": found,
        "state": in_words.state(found),
        "preview": preview,
        "dates": in_words.dates(preview),
        "sentences": in_words.before_and_after(asked) if asked else None,
        "decision": decision,
        "why_alone": in_words.why_alone(decision.reason) if decision else "",
        "is_author": found.by_user == user,
        "may_decide": is_open and _may_decide(found, user),
        "is_stale": is_open and asked is not None and deciding.is_stale(asked, preview),
        "makes_alone": is_open and asked is not None and found.by_user == user and asking.why_alone(asked, user),
        "form": form,
    }


def _done(request: HttpRequest, form: DecideForm, found: RequirementProposal, user: User) -> bool:
    """Take the step that was chosen; where it is refused the form says why."""
    preview = ProposalPreview.objects.filter(proposal=found, pk=form.cleaned_data["preview"]).first() or found.preview
    reason = form.cleaned_data["reason"]
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "ask": (lambda: asking.ask(found, by=user), _("Approval is asked for. You find the proposal in this list.")),
        "withdraw": (lambda: asking.withdraw(found, by=user), _("The proposal is withdrawn. Nothing has changed.")),
        "again": (lambda: asking.preview_again(found), _("A fresh preview is made.")),
        "approve": (lambda: deciding.approve(found, preview=preview, by=user), _("Approved: the rules are changed.")),
        "decline": (lambda: deciding.decline(found, reason=reason, by=user), _("The proposal is declined.")),
        "alone": (lambda: deciding.make_alone(found, by=user), _("Saved without a second person.")),
    }
    step, told = steps[form.cleaned_data["step"]]
    try:
        step()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, told)
    return True


def _after(found: RequirementProposal) -> HttpResponse:
    """Where to go on: the rules once they are changed, else the proposal itself."""
    made = ProposalDecision.objects.filter(proposal=found, version__isnull=False)
    return redirect("requirements") if made.exists() else redirect("proposal", uuid=found.uuid)


def _may_decide(found: RequirementProposal, user: User) -> bool:
    if found.asked_at is None or hasattr(found, "decision"):
        return False
    try:
        return asking.may_approve(user, asking_for.read(found), author=found.by_user)
    except Refused:
        return False


def _seen(user: User) -> QuerySet[RequirementProposal]:
    """One's own, and those in one's units that are more than a draft; what waits first."""
    units = units_for(user, Capability.ASSIGN_ANY) | units_for(user, Capability.ASSIGN_INTEGRITY)
    found = RequirementProposal.objects.select_related("by_user__person", "decision", "unit", "requirement")
    mine = found.filter(Q(by_user=user) | Q(unit__in=units, asked_at__isnull=False))
    return mine.order_by(F("decision__on").desc(nulls_first=True), "-pk")


def _proposal(user: User, uuid: UUID) -> RequirementProposal:
    """404 outside one's units and for others' drafts, 403 for who may not require its courses."""
    found = _seen(user).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    if (
        found.by_user != user
        and Capability.ASSIGN_ANY not in remembered_capabilities(user)
        and not _is_integrity(found)
    ):
        raise PermissionDenied(_("An integrity unit may read proposals for integrity courses only."))
    return found


def _is_integrity(found: RequirementProposal) -> bool:
    try:
        matters = asking_for.read(found).matters
    except Refused:
        return False
    return bool(matters) and all(matter.is_integrity for matter in matters)
