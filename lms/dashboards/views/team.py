"""A supervisor's own people, and one person's record."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lms.core import clock
from lms.dashboards import courses_offered, person_record, statuses_of
from lms.dashboards.forms import PickForm
from lms.organisation import purposes
from lms.organisation.access import Capability, needs, people_for, person_for, user_of
from lms.organisation.models import Person, User

_PAGE = 50


@needs(Capability.SEE_STATUS)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who of one's own line is due, overdue or in date, course by course."""
    today = clock.today()
    found = statuses_of.lines(purposes.own_line(user_of(request)), courses_offered.by_id(), today)
    form = PickForm(request.GET, courses=(line.course for line in found if line.course))
    del form.fields["q"]
    chosen = form.cleaned_data if form.is_valid() else {}
    picked = statuses_of.picked(found, state=chosen.get("state", ""), course=chosen.get("course", ""))
    context = {
        "form": form,
        "page": Paginator(picked, _PAGE).get_page(request.GET.get("page")),
        "figures": statuses_of.figures(found),
        "has_team": bool(found),
    }
    return render(request, "dashboards/team.html", context)


@needs(Capability.SEE_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def team_person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One person's record. The look is recorded; outside one's own line it asks for a purpose first."""
    user = user_of(request)
    person = person_for(user, uuid, Capability.SEE_RECORD)
    key, form = str(uuid), purposes.PurposeForm(request.POST or None)
    if form.is_valid():
        purposes.keep(request, key, form.cleaned_data["purpose"])
        return redirect("team_person", uuid=uuid)
    if purposes.must_be_asked(request, person, key):
        return render(request, "dashboards/purpose.html", {"form": form, "person": person})
    purposes.record_look(request, "training record seen", person, key)
    context = {
        "person": person,
        "record": person_record.of(person, clock.today()),
        "may_see_answers": _may(user, person, Capability.SEE_ANSWERS),
        "may_ask_recognition": _may(user, person, Capability.ASK_RECOGNITION),
        "may_nominate": _may(user, person, Capability.NOMINATE),
        "may_decide_entry": _may(user, person, Capability.DECIDE_ENTRY),
        "may_issue_code": _may(user, person, Capability.ISSUE_CODES),
    }
    return render(request, "dashboards/team_person.html", context)


def _may(user: User, person: Person, capability: Capability) -> bool:
    return people_for(user, capability).filter(pk=person.pk).exists()
