"""Marking by sheet: who waits for an assessor, and the sheet itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assessments import observing, sheets
from assessments.forms import SheetForm
from courses.models import CertifiedCriterion
from lms.core.errors import Refused
from lms.organisation.access import Capability, needs, user_of


@needs(Capability.ASSESS)
@require_GET
def marking(request: HttpRequest) -> HttpResponse:
    """People in the assessor's units whose course still needs a sheet."""
    search = request.GET.get("q", "").replace("\x00", "")[:100]
    waiting = sheets.waiting_for(user_of(request), search=search)
    return render(request, "assessments/marking.html", {"waiting": waiting, "search": search})


@needs(Capability.ASSESS)
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, uuid: UUID, code: str, criterion: str) -> HttpResponse:
    """The sheet for one person and one criterion."""
    enrolment, criterion_version = sheets.sheet_subject(user_of(request), uuid, code, criterion)
    guide = observing.guide_for(enrolment, criterion_version)
    evidence = CertifiedCriterion.objects.get(
        course_version=enrolment.course_version_id, criterion_version=criterion_version
    ).evidence
    form = SheetForm(request.POST or None, guide=guide, initial={"kind": evidence})
    if request.method == "POST" and form.is_valid():
        try:
            observing.judge(enrolment, criterion_version, _observation(form.cleaned_data), by=user_of(request))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your decision on %(name)s is recorded.") % {"name": enrolment.person})
            return redirect("marking")
    context = {
        "form": form,
        "enrolment": enrolment,
        "criterion": criterion_version,
        "guide": guide,
        "refusal": observing.refusal(enrolment.person, by=user_of(request)),
    }
    return render(request, "assessments/sheet.html", context, status=422 if form.errors else 200)


def _observation(data: dict[str, Any]) -> observing.Observation:
    return observing.Observation(
        kind=data["kind"],
        observed_on=data["observed_on"],
        place=data["place"],
        outcome=data["outcome"],
        is_valid=data["valid"],
        is_authentic=data["authentic"],
        is_current=data["current"],
        is_sufficient=data["sufficient"],
        reason=data["reason"],
        seen=data.get("seen", []),
    )
