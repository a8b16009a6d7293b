"""Who may see or change what: the matrix role × capability, and the gates that every view goes through.

A stranger gets 404; who may see the person but not the thing gets 403. Every URL declares its gate with one of
`public`, `signed_in`, `needs`; a test walks the URL configuration and fails on one without.
Access goes by today's tree and today's reporting lines.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.gates import declare
from lms.organisation.lines import people_below
from lms.organisation.models import OrgUnit, Person, PostHolding, Role, RoleGrant, UnitAncestry, User


class Capability(StrEnum):
    """What a role may do. Names are shown in the printed matrix."""

    SEE_STATUS = "see training status"
    SEE_RECORD = "see results per criterion"
    SEE_ANSWERS = "see answers and evidence"
    ISSUE_CODES = "issue one-time codes"
    MANAGE_STAFF = "manage staff, posts and units"
    ASSIGN_ANY = "assign any course"
    ASSIGN_INTEGRITY = "assign integrity courses"
    SEE_COVERAGE = "see coverage"
    EXPORT = "export lists"
    ASSESS = "assess evidence"
    MODERATE = "moderate decisions"
    AUTHOR = "write courses and questions"
    APPROVE = "approve and publish courses"
    SEE_REGISTER = "see the register"
    REVOKE = "revoke certificates"
    SEE_AUDIT = "see the audit trail"
    GRANT_ROLES = "grant roles"


C = Capability
_HR = {C.SEE_STATUS, C.SEE_RECORD, C.ISSUE_CODES, C.MANAGE_STAFF, C.ASSIGN_ANY, C.ASSIGN_INTEGRITY, C.SEE_COVERAGE}
MATRIX: dict[Role, frozenset[Capability]] = {
    Role.SUPERVISOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.ISSUE_CODES, C.SEE_COVERAGE}),
    Role.TRAINING_COORDINATOR: frozenset(_HR | {C.EXPORT, C.SEE_REGISTER}),
    Role.INTEGRITY_OFFICER: frozenset({C.SEE_STATUS, C.ASSIGN_INTEGRITY, C.SEE_COVERAGE, C.EXPORT}),
    Role.SERVICE_OFFICER: frozenset({C.SEE_COVERAGE}),
    Role.ASSESSOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.SEE_ANSWERS, C.ASSESS}),
    Role.MODERATOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.SEE_ANSWERS, C.MODERATE}),
    Role.PANEL_MEMBER: frozenset(),
    Role.COURSE_AUTHOR: frozenset({C.AUTHOR}),
    Role.APPROVER: frozenset({C.AUTHOR, C.APPROVE}),
    Role.AUDITOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.SEE_COVERAGE, C.EXPORT, C.SEE_REGISTER, C.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset(
        {C.ISSUE_CODES, C.MANAGE_STAFF, C.SEE_REGISTER, C.REVOKE, C.GRANT_ROLES, C.SEE_AUDIT, C.SEE_STATUS}
    ),
}

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Gate: anybody with a login. The view sees to it that people get only what is theirs."""

    @wraps(view)
    def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(cast("View[P]", gated), "signed in")


def needs(*capabilities: Capability) -> Callable[[View[P]], View[P]]:
    """Gate: who holds at least one of the capabilities in some unit or over some person."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(may_somewhere(user_of(request), capability) for capability in capabilities):
                raise PermissionDenied(_("Your role does not include this page."))
            return view(request, *args, **kwargs)

        return declare(signed_in(cast("View[P]", gated)), "needs " + " or ".join(capabilities))

    return decorate


def user_of(request: HttpRequest) -> User:
    """The signed-in user, typed. Behind `signed_in` or `needs` there always is one."""
    return cast("User", request.user)


def person_of(request: HttpRequest) -> Person:
    """The signed-in user's person; 403 with a word of explanation for an account that is nobody's."""
    person = user_of(request).person
    if person is None:
        raise PermissionDenied(_("This account does not belong to a member of staff, so it has no training record."))
    return person


def grants_of(user: User, capability: Capability) -> QuerySet[RoleGrant]:
    """Today's grants that carry `capability`."""
    roles = [role for role, can in MATRIX.items() if capability in can]
    return RoleGrant.objects.on(clock.today()).filter(user=user, role__in=roles)


def units_for(user: User, capability: Capability) -> QuerySet[OrgUnit]:
    """Units, with all below them, in which `user` holds `capability` by a grant."""
    granted = grants_of(user, capability).values("unit")
    below = UnitAncestry.objects.on(clock.today()).filter(ancestor__in=granted).values("unit")
    return OrgUnit.objects.filter(pk__in=below)


def may_in(user: User, capability: Capability, unit: OrgUnit) -> bool:
    """Whether `user` holds `capability` over `unit`."""
    return units_for(user, capability).filter(pk=unit.pk).exists()


def may_somewhere(user: User, capability: Capability) -> bool:
    """Whether `user` holds `capability` anywhere: by a grant, or over somebody who reports to them."""
    if grants_of(user, capability).exists():
        return True
    return capability in MATRIX[Role.SUPERVISOR] and _leads_somebody(user)


def people_for(user: User, capability: Capability) -> QuerySet[Person]:
    """Everybody over whom `user` holds `capability` today: in granted units, or in the line below."""
    today = clock.today()
    held = PostHolding.objects.on(today).filter(post__unit__in=units_for(user, capability)).values("person")
    people = Person.objects.filter(pk__in=held)
    if user.person and capability in MATRIX[Role.SUPERVISOR]:
        people = people | Person.objects.filter(pk__in=people_below(user.person, today))
    return people.exclude(pk=user.person_id) if user.person_id else people


def person_for(user: User, uuid: UUID, capability: Capability) -> Person:
    """The person, if `user` holds `capability` over them or it is themselves.

    Raises Http404 for a stranger, PermissionDenied when `user` may see the person but not this.
    """
    person = Person.objects.filter(uuid=uuid).first()
    if person is None:
        raise Http404
    if person.pk == user.person_id or people_for(user, capability).filter(pk=person.pk).exists():
        return person
    if people_for(user, Capability.SEE_STATUS).filter(pk=person.pk).exists():
        raise PermissionDenied(_("You may see this person's training status, but not this."))
    raise Http404


def _leads_somebody(user: User) -> bool:
    return user.person is not None and people_below(user.person, clock.today()).exists()
