"""The queue of exceptions: what is out of the ordinary, and leaving it as it is."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core import clock
from lms.duties.exceptions import deciders, leaving, queue
from lms.duties.exceptions.forms import LeaveForm, QueueForm
from lms.duties.exceptions.views.more_time import done
from lms.organisation.access import Capability, needs, people_for, units_for, user_of
from lms.organisation.models import OrgUnit, User

_PAGE = 25
_deciding = needs(Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY)


@_deciding
@require_safe
def exceptions(request: HttpRequest) -> HttpResponse:
    """What is out of the ordinary in one's units: a sentence each, what can be done, or leave it as it is."""
    user = user_of(request)
    every, integrity_only = _scope(user)
    form = QueueForm(request.GET, units=every)
    chosen = form.cleaned_data if form.is_valid() else {}
    units = _below(every, chosen.get("unit"))
    found = queue.of_units(units, apart_from=user.person_id, integrity_only=integrity_only)
    lines = [line for line in found.lines if chosen.get("kind") in (None, "", line.finding.kind)]
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
        "queue": found,
        "number": len(lines),
        "query": query.urlencode(),
    }
    return render(request, "duties/exceptions/queue.html", context)


@_deciding
def exception_leave(request: HttpRequest, uuid: UUID, finding: str) -> HttpResponse:
    """Leave an exception as it is, and say why. One that is no longer so is not found."""
    user = user_of(request)
    person = get_object_or_404(deciders.in_reach(user), uuid=uuid)
    integrity_only = not people_for(user, Capability.ASSIGN_ANY).filter(pk=person.pk).exists()
    lines = queue.of_person(person, integrity_only=integrity_only)
    line = next((line for line in lines if line.finding.slug == finding), None)
    if line is None:
        raise Http404
    form = LeaveForm(request.POST or None)
    if form.is_valid() and done(
        form, lambda: leaving.leave_as_it_is(person, line.finding, **form.cleaned_data, by=user)
    ):
        messages.success(request, _("It stays as it is, and comes back when the facts are different."))
        return redirect("exceptions")
    context = {
        "form": form,
        "heading": _("Leave it as it is: %(person)s") % {"person": person},
        "told": line.sentence,
        "button": _("Leave it as it is"),
    }
    return render(request, "duties/exceptions/form.html", context)


def _scope(user: User) -> tuple[QuerySet[OrgUnit], bool]:
    """The units in which the user decides, and whether on integrity courses only."""
    every = units_for(user, Capability.ASSIGN_ANY)
    if every.exists():
        return every, False
    return units_for(user, Capability.ASSIGN_INTEGRITY), True


def _below(every: QuerySet[OrgUnit], unit: OrgUnit | None) -> QuerySet[OrgUnit]:
    if unit is None:
        return every
    from_unit: QuerySet[OrgUnit] = OrgUnit.objects.in_subtree(unit, clock.today())
    return from_unit
