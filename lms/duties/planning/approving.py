"""Approval of a plan: asked for, given by somebody who did not write it, or sent back. Before: `drafting`."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import columns
from lms.core.dated import close, withdraw
from lms.core.errors import Refused
from lms.duties.models import PlanApproval, PlanKind, PlanLine, PlanStep, PlanVersion, TrainingPlan
from lms.duties.planning import drafting
from lms.organisation.access import Capability, may_in
from lms.organisation.models import User

APPROVES = {PlanKind.HR: Capability.APPROVE_PLANS, PlanKind.INTEGRITY: Capability.APPROVE_INTEGRITY}


def may_approve(user: User, version: PlanVersion) -> bool:
    """Whether `user` may decide: by role, and not having written, changed or asked for any of it."""
    plan = version.plan
    return may_in(user, APPROVES[PlanKind(plan.kind)], plan.unit) and not wrote(user, version)


def wrote(user: User, version: PlanVersion) -> bool:
    """Whether the version, a line of it or a step before its approval is theirs."""
    lines = PlanLine.objects.filter(version=version, by_user=user)
    steps = PlanStep.objects.filter(version=version, by_user=user).exclude(kind=PlanStep.Kind.SENT_BACK)
    return version.by_user_id == user.pk or lines.exists() or steps.exists()


@transaction.atomic
def ask(plan: TrainingPlan, *, by: User) -> PlanVersion:
    """Ask for approval of the draft; from here on its lines stand still. Harmless the second time."""
    if not drafting.may_write(by, plan):
        raise PermissionDenied(_("Your role does not include writing this plan."))
    version = drafting.newest(plan)
    if version.state == "waiting for approval":
        return version
    if version.was_approved:
        raise Refused(_("This version is approved already. Begin a new one to change it."))
    if not version.lines.exists():
        raise Refused(_("The plan has no line yet. Put in at least one."))
    PlanStep.objects.create(version=version, kind=PlanStep.Kind.ASKED, **columns(by))
    audit.record("approval of training plan asked for", plan, by=by, version=version.number)
    return version


@transaction.atomic
def approve(plan: TrainingPlan, *, number: int, by: User) -> PlanApproval:
    """From today on the plan says what its version `number` says. Harmless the second time.

    Raises Refused where another version waits than the one that was read, or where `by` wrote any of it.
    """
    version = drafting.newest(plan)
    if version.number == number and version.was_approved:
        return PlanApproval.objects.get(version=version)
    _check(version, number, by)
    today = clock.today()
    standing = PlanApproval.objects.held().filter(version__plan=plan, valid_until__isnull=True).first()
    if standing is not None and standing.valid_from >= today:
        withdraw(standing, by=by, reason=version.reason)
    elif standing is not None:
        close(standing, until=today, by=by, reason=version.reason)
    made = PlanApproval.objects.create(version=version, valid_from=today, reason=version.reason, **columns(by))
    audit.record("training plan approved", plan, by=by, version=number)
    return made


@transaction.atomic
def send_back(plan: TrainingPlan, *, number: int, reason: str, by: User) -> PlanVersion:
    """Make the version a draft again, and say what is wrong with it."""
    version = drafting.newest(plan)
    if version.number == number and version.is_draft:
        return version
    _check(version, number, by)
    if not reason.strip():
        raise Refused(_("Say what should be different: whoever wrote the plan reads it."))
    PlanStep.objects.create(version=version, kind=PlanStep.Kind.SENT_BACK, reason=reason, **columns(by))
    audit.record("training plan sent back", plan, by=by, version=number)
    return version


def _check(version: PlanVersion, number: int, by: User) -> None:
    if version.number != number or version.state != "waiting for approval":
        raise Refused(_("This version does not wait for approval any more. Read the plan again."))
    if wrote(by, version):
        raise Refused(_("You wrote some of this plan, so somebody else approves it."))
    if not may_approve(by, version):
        raise PermissionDenied(_("Your role does not include approving this plan."))
