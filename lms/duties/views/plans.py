"""Training plans: the list, one with what was done, its draft, and the decision on it."""

import csv
from io import StringIO
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.core import audit, clock
from lms.core.errors import Refused
from lms.core.exports.writing import safe
from lms.duties.models import PlanKind, PlanVersion, TrainingPlan
from lms.duties.planning import approving, drafting, proposing, reading
from lms.duties.planning.forms import BeginForm, DecisionForm, LineForm, PlanDayForm, ReasonForm
from lms.organisation.access import Capability, may_in, needs, units_for, user_of
from lms.organisation.models import OrgUnit, User

_C = Capability
_READERS = {
    PlanKind.HR: (_C.ASSIGN_ANY, _C.APPROVE_PLANS, _C.SEE_AUDIT),
    PlanKind.INTEGRITY: (_C.ASSIGN_INTEGRITY, _C.APPROVE_INTEGRITY, _C.SEE_AUDIT),
}
_reads_hr = needs(*_READERS[PlanKind.HR])
_reads_integrity = needs(*_READERS[PlanKind.INTEGRITY])
_reads = needs(_C.ASSIGN_INTEGRITY, _C.APPROVE_INTEGRITY, _C.SEE_AUDIT, _C.ASSIGN_ANY, _C.APPROVE_PLANS)
_COLUMNS = ("quarter", "target", "audience", "planned", "done", "percent", "state", "at_sessions", "note")


@_reads_hr
def plans(request: HttpRequest) -> HttpResponse:
    """HR's plans, and the form that begins one."""
    return _list(request, PlanKind.HR)


@_reads_integrity
def integrity_plans(request: HttpRequest) -> HttpResponse:
    """The same of the integrity unit."""
    return _list(request, PlanKind.INTEGRITY)


@_reads
@require_safe
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One plan: as approved on the day, planned against done by quarter."""
    user, shown, form = user_of(request), _plan(request, uuid), PlanDayForm(request.GET)
    version = reading.version_on(shown, form.day)
    with_names = may_in(user, _C.SEE_STATUS, shown.unit)
    quarters = reading.quarters(version, form.day, with_names=with_names) if version else []
    open_one = shown.versions.with_state().order_by("-number").first()
    context = {
        "plan": shown,
        "unit": OrgUnit.objects.filter(pk=shown.unit_id).named(form.day).get(),
        "form": form,
        "version": version,
        "quarters": quarters,
        "year": reading.total([quarter.total for quarter in quarters]) if quarters else None,
        "open": open_one if open_one and open_one.state != "approved" else None,
        "may_write": drafting.may_write(user, shown),
        "with_names": with_names,
        "reason_form": ReasonForm(),
    }
    return render(request, "duties/plans/plan.html", context)


@_reads
@require_safe
def plan_csv(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same as a file."""
    user, shown, form = user_of(request), _plan(request, uuid), PlanDayForm(request.GET)
    version = reading.version_on(shown, form.day)
    if version is None:
        raise Http404
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for part in reading.quarters(version, form.day, with_names=may_in(user, _C.SEE_STATUS, shown.unit)):
        writer.writerows([part.quarter.number, *_cells(row)] for row in part.rows)
    audit.record("training plan taken as a file", shown, by=user, on=form.day.isoformat())
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"plan-{shown.kind}-{shown.unit.code}-{shown.first_day}-as-at-{form.day}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@_reads
def plan_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The version that is being written or waits for approval."""
    user, shown = user_of(request), _plan(request, uuid)
    version = shown.versions.with_state().order_by("-number").select_related("by_user__person").first()
    if version is None or version.state == "approved":
        return redirect("plan", uuid=uuid)
    may_write = version.is_draft and drafting.may_write(user, shown)
    units = OrgUnit.objects.in_subtree(shown.unit, clock.today())
    form = LineForm(request.POST or None, plan=shown, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            drafting.add(shown, form.line, by=user)
            messages.success(request, _("The line is in the plan."))
            return redirect("plan_draft", uuid=uuid)
        except Refused as why:
            form.add_error(None, str(why))
    return render(request, "duties/plans/draft.html", _draft_context(user, version, form, may_write=may_write))


@_reads
@require_POST
def plan_step(request: HttpRequest, uuid: UUID, step: str) -> HttpResponse:
    """Propose lines, ask for approval, or reopen an approved plan."""
    user, shown = user_of(request), _plan(request, uuid)
    try:
        if step == "propose":
            made = proposing.begin_from_what_falls_due(shown, by=user)
            messages.success(request, _("Lines put in: %(n)s. Change them as you see fit.") % {"n": len(made)})
        elif step == "ask":
            approving.ask(shown, by=user)
            messages.success(request, _("The plan waits for somebody else's approval."))
        else:
            form = ReasonForm(request.POST)
            drafting.change(shown, reason=form.cleaned_data["reason"] if form.is_valid() else "", by=user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("plan" if step == "reopen" else "plan_draft", uuid=uuid)
    return redirect("plan_draft", uuid=uuid)


@_reads
@require_POST
def plan_line_out(request: HttpRequest, uuid: UUID, line: UUID) -> HttpResponse:
    """Take a line out of the draft."""
    shown = _plan(request, uuid)
    newest = shown.versions.order_by("-number").first()
    found = newest.lines.filter(uuid=line).first() if newest else None
    try:
        if found is not None:
            drafting.take_out(found, by=user_of(request))
        messages.success(request, _("The line is no longer in the plan."))
    except Refused as why:
        messages.error(request, str(why))
    return redirect("plan_draft", uuid=uuid)


@_reads
@require_POST
def plan_decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Approve what was read, or send it back."""
    user, shown, form = user_of(request), _plan(request, uuid), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether you approve the plan or send it back. Nothing was changed."))
        return redirect("plan_draft", uuid=uuid)
    data = form.cleaned_data
    try:
        if data["decision"] == "approve":
            approving.approve(shown, number=data["number"], by=user)
            messages.success(request, _("The plan is approved from today on."))
            return redirect("plan", uuid=uuid)
        approving.send_back(shown, number=data["number"], reason=data["reason"], by=user)
        messages.success(request, _("The plan is a draft again."))
    except Refused as why:
        messages.error(request, str(why))
    return redirect("plan_draft", uuid=uuid)


def _list(request: HttpRequest, kind: PlanKind) -> HttpResponse:
    user = user_of(request)
    writes = units_for(user, _C.ASSIGN_ANY if kind == PlanKind.HR else _C.ASSIGN_INTEGRITY)
    may_begin = writes.exists()
    form = BeginForm(request.POST or None, units=writes)
    if request.method == "POST" and form.is_valid():
        begun = drafting.begin(kind, form.cleaned_data["unit"], form.first_day, by=user)
        return redirect("plan_draft", uuid=begun.uuid)
    found = TrainingPlan.objects.filter(kind=kind, unit__in=_units(user, kind)).select_related("unit")
    newest = PlanVersion.objects.filter(plan__in=found).with_state().order_by("number")
    states = {version.plan_id: version for version in newest}
    named = OrgUnit.objects.named(clock.today()).filter(pk__in=found.values("unit"))
    names = {unit.pk: unit.name for unit in named}
    lines = [(one, names.get(one.unit_id, one.unit.code), states[one.pk]) for one in found]
    context = {"form": form, "plans": lines, "may_begin": may_begin, "is_integrity": kind == PlanKind.INTEGRITY}
    return render(request, "duties/plans/plans.html", context)


def _draft_context(user: User, version: PlanVersion, form: LineForm, *, may_write: bool) -> dict[str, object]:
    lines = list(reading.lines_of(version))
    named = reading.names(line.target for line in lines)
    waits = version.state == "waiting for approval"
    sent_back = version.steps.filter(kind="sent_back").order_by("-pk").first()
    return {
        "plan": version.plan,
        "unit": OrgUnit.objects.filter(pk=version.plan.unit_id).named(clock.today()).get(),
        "version": version,
        "lines": [(line, named[line.target.key], reading.audience_of(line)) for line in lines],
        "form": form,
        "may_write": may_write,
        "waits": waits,
        "may_decide": waits and approving.may_approve(user, version),
        "decision_form": DecisionForm(initial={"number": version.number}),
        "sent_back": sent_back if version.is_draft else None,
    }


def _plan(request: HttpRequest, uuid: UUID) -> TrainingPlan:
    """The plan, if its unit is one that the user sees to; a stranger's is not found."""
    user = user_of(request)
    found = get_object_or_404(TrainingPlan.objects.select_related("unit"), uuid=uuid)
    if not _units(user, PlanKind(found.kind)).filter(pk=found.unit_id).exists():
        raise Http404
    return found


def _units(user: User, kind: PlanKind) -> QuerySet[OrgUnit]:
    one, other, third = (units_for(user, capability) for capability in _READERS[kind])
    return one | other | third


def _cells(row: reading.Row) -> list[object]:
    hidden = row.is_hidden
    state = "" if hidden else row.progress.state
    percent = row.done if hidden else row.progress.percent
    return [
        safe(row.what),
        safe(row.audience),
        row.progress.planned,
        row.done,
        percent,
        state,
        row.came,
        safe(row.note),
    ]
