"""A person's roles, given and taken back by administrators."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.core import clock
from lms.organisation import grants
from lms.organisation.access import Capability, needs, person_for, units_for, user_of
from lms.organisation.by_hand_forms import RoleForm
from lms.organisation.logins import open_login
from lms.organisation.models import Person, Role, RoleGrant, User
from lms.organisation.views.accounts import typed_in
from lms.organisation.views.organisation import done

_GRANTING = needs(Capability.GRANT_ROLES)


@_GRANTING
def staff_roles(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The roles that a person has or is about to have; one more."""
    user = user_of(request)
    person = person_for(user, uuid, Capability.GRANT_ROLES)
    units = units_for(user, Capability.GRANT_ROLES)
    form = RoleForm(typed_in(request), units=units, initial={"from_day": clock.today()})
    if form.is_valid() and done(form, lambda: _give(person, form, user)):
        messages.success(request, _("The role is given. It holds from its day on."))
        return redirect("staff_roles", uuid=uuid)
    names = {unit.pk: unit.name for unit in units.named(clock.today())}  # type: ignore[attr-defined]
    standing = _standing(person).filter(unit__in=units)
    roles = [(grant, names[grant.unit_id]) for grant in standing.order_by("valid_from", "pk")]
    return render(request, "organisation/staff_roles.html", {"form": form, "person": person, "roles": roles})


@_GRANTING
@require_POST
def staff_role_back(request: HttpRequest, uuid: UUID, grant: int) -> HttpResponse:
    """Take a role back as of today."""
    user = user_of(request)
    person = person_for(user, uuid, Capability.GRANT_ROLES)
    mine = _standing(person).filter(unit__in=units_for(user, Capability.GRANT_ROLES))
    grants.take_back(get_object_or_404(mine.select_related("user", "unit"), pk=grant), by=user)
    messages.success(request, _("The role is taken back."))
    return redirect("staff_roles", uuid=uuid)


def _give(person: Person, form: RoleForm, by: User) -> RoleGrant:
    data = form.cleaned_data
    return grants.grant(open_login(person, by=by), Role(data["role"]), data["unit"], from_day=data["from_day"], by=by)


def _standing(person: Person) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.overlapping(clock.today(), None).filter(user__person=person)
