"""Why me? One person and one thing that is asked of them, on any day up to today."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.core import clock
from lms.duties.exceptions import deciders, why
from lms.duties.exceptions.forms import DayForm
from lms.duties.spans import Obligation
from lms.organisation import purposes
from lms.organisation.access import Capability, people_for, person_for, remembered_capabilities, signed_in, user_of
from lms.organisation.models import Person, User

# One purpose for all its looks in a sitting: its work lies outside any line.
_INTEGRITY = "integrity"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def why_page(request: HttpRequest, uuid: UUID, target: str) -> HttpResponse:
    """Which rules ask it, through which post, where its day comes from, what moved it and what comes next."""
    form = DayForm(request.GET)
    person, obligation, key = seen(request, uuid, target)
    asking = purposes.PurposeForm(request.POST or None)
    if asking.is_valid():
        purposes.keep(request, key, asking.cleaned_data["purpose"])
        return redirect(request.get_full_path())
    if purposes.must_be_asked(request, person, key):
        return render(request, "dashboards/purpose.html", {"form": asking, "person": person})
    purposes.record_look(request, "why a duty is asked seen", person, key)
    told = why.of(person, obligation, form.day)
    context = {
        "person": person,
        "why": told,
        "name": told.name if told else why.name_of(obligation.target),
        "slug": target,
        "form": form,
        "day": form.day,
        "is_today": form.day == clock.today(),
        "is_own": person.pk == user_of(request).person_id,
        "record_url": "integrity_person" if key == _INTEGRITY else "team_person",
        "may_exempt": deciders.in_reach(user_of(request)).filter(pk=person.pk).exists(),
        "may_ask": deciders.may_ask(user_of(request), person),
    }
    return render(request, "duties/exceptions/why.html", context)


def seen(request: HttpRequest, uuid: UUID, slug: str) -> tuple[Person, Obligation, str]:
    """The person and what is asked of them, if the viewer may see both; and the key under which a purpose is kept.

    Whoever may see the record sees why of all; the integrity unit sees why of integrity courses.
    """
    user = user_of(request)
    integrity_only = _sees_integrity_only(user, uuid)
    person = person_for(user, uuid, Capability.ASSIGN_INTEGRITY if integrity_only else Capability.SEE_RECORD)
    obligation = why.target_of(person, slug, clock.today())
    if obligation is None:
        raise Http404
    if integrity_only and not deciders.is_integrity(obligation.target):
        raise PermissionDenied(_("The integrity unit sees integrity courses only."))
    return person, obligation, _INTEGRITY if integrity_only else str(uuid)


def _sees_integrity_only(user: User, uuid: UUID) -> bool:
    if Capability.ASSIGN_INTEGRITY not in remembered_capabilities(user):
        return False
    is_own = user.person is not None and user.person.uuid == uuid
    return not is_own and not people_for(user, Capability.SEE_RECORD).filter(uuid=uuid).exists()
