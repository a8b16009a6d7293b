"""Reports on a schedule: the plans, making one, ending one, and what each sent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.core.errors import Refused
from lms.duties.models import ReportPlan
from lms.duties.periods import reports as planning
from lms.duties.periods.forms import ReportForm
from lms.duties.periods.packs import packs
from lms.organisation.access import Capability, needs, remembered_capabilities, units_for, user_of

_may_file = needs(Capability.FILE_PACKS, Capability.ASSIGN_INTEGRITY)


@_may_file
def reports(request: HttpRequest) -> HttpResponse:
    """What is filed and told of by itself, in the units for which one files packs."""
    user = user_of(request)
    units = units_for(user, Capability.FILE_PACKS) | units_for(user, Capability.ASSIGN_INTEGRITY)
    held = remembered_capabilities(user)
    offered = [(name, kind.label) for name, kind in packs if kind.capability in held]
    form = ReportForm(request.POST or None, units=units, kinds=offered)
    if request.method == "POST" and form.is_valid():
        try:
            planning.plan(form.wish, recipients=form.cleaned_data["recipients"], by=user)
            messages.success(request, _("The report is planned."))
            return redirect("reports")
        except Refused as why:
            form.add_error(None, str(why))
    labels = {name: kind.label for name, kind in packs}
    standing = ReportPlan.objects.filter(unit__in=units, ended_at__isnull=True)
    shown = standing.select_related("unit").prefetch_related("recipients__person", "sent__pack")
    return render(request, "duties/reports.html", {"form": form, "plans": [(one, labels[one.what]) for one in shown]})


@_may_file
@require_POST
def report_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop one."""
    user = user_of(request)
    units = units_for(user, Capability.FILE_PACKS) | units_for(user, Capability.ASSIGN_INTEGRITY)
    planning.end(get_object_or_404(ReportPlan, uuid=uuid, unit__in=units), by=user)
    messages.success(request, _("The report is no longer sent. What was filed stays."))
    return redirect("reports")
