"""Who may see or change what: the matrix role × capability, and the gates that every view goes through.

A stranger gets 404; who may see the person but not the thing gets 403. Every URL declares its gate with one of
`public`, `signed_in`, `needs`; a test walks the URL configuration and fails on one without.
Access goes by today's tree and today's reporting lines.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.gates import declare
from lms.organisation.lines import people_below, people_without_line
from lms.organisation.models import OrgUnit, Person, PostHolding, Role, RoleGrant, UnitAncestry, User
from lms.organisation.models.people import PersonQuerySet


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
    CLOSE_PERIODS = "close months and quarters"
    FILE_PACKS = "file packs and returns"
    APPROVE_PLANS = "approve training plans of HR"
    APPROVE_INTEGRITY = "approve plans and advice notes of the integrity unit"
    ADVISE = "write advice notes on ethics"
    ASSESS = "assess evidence"
    MODERATE = "moderate decisions"
    AUTHOR = "write courses and questions"
    APPROVE = "approve and publish courses"
    SEE_FEEDBACK = "see what learners say of courses, and where they stop"
    NOMINATE = "nominate for courses that are not for everybody"
    SEE_REMINDERS = "see who was reminded of what"
    WORD_REMINDERS = "word reminders"
    RECORD_LEAVE = "record long leave"
    DECIDE_ENTRY = "accept entry evidence and waive entry requirements"
    ASK_RECOGNITION = "bring somebody's certificate of another issuer"
    RECOGNISE = "decide on certificates of other issuers"
    LIST_ISSUERS = "list issuers whose certificates are recognised"
    IMPORT_RESULTS = "import past results"
    HOLD_SESSIONS = "hold training sessions"
    HOLD_INTEGRITY_SESSIONS = "hold sessions of integrity courses, and forums"
    SIGN_UP = "sign people up for sessions"
    SEE_REGISTER = "see the register"
    REVOKE = "revoke certificates"
    SEE_AUDIT = "see the audit trail"
    GRANT_ROLES = "grant roles"
    SET_UP = "name the organisation, choose its rules and working week"


C = Capability
_HR = {C.SEE_STATUS, C.SEE_RECORD, C.ISSUE_CODES, C.MANAGE_STAFF, C.ASSIGN_ANY, C.ASSIGN_INTEGRITY, C.SEE_COVERAGE}
_REMINDING = {C.SEE_REMINDERS, C.WORD_REMINDERS}
MATRIX: dict[Role, frozenset[Capability]] = {
    Role.SUPERVISOR: frozenset(
        {
            C.SEE_STATUS,
            C.SEE_RECORD,
            C.ISSUE_CODES,
            C.SEE_COVERAGE,
            C.NOMINATE,
            C.SIGN_UP,
            C.SEE_REMINDERS,
            C.RECORD_LEAVE,
            C.ASK_RECOGNITION,
        }
    ),
    Role.TRAINING_COORDINATOR: frozenset(
        _HR
        | _REMINDING
        | {C.EXPORT, C.CLOSE_PERIODS, C.FILE_PACKS, C.SEE_REGISTER, C.SEE_FEEDBACK, C.NOMINATE, C.DECIDE_ENTRY}
        | {C.HOLD_SESSIONS, C.SIGN_UP, C.RECORD_LEAVE, C.APPROVE_PLANS, C.APPROVE_INTEGRITY}
        | {C.ASK_RECOGNITION, C.RECOGNISE, C.LIST_ISSUERS, C.IMPORT_RESULTS}
    ),
    Role.INTEGRITY_OFFICER: frozenset(
        {C.SEE_STATUS, C.ASSIGN_INTEGRITY, C.SEE_COVERAGE, C.EXPORT, C.HOLD_INTEGRITY_SESSIONS, C.SIGN_UP}
        | {C.APPROVE_INTEGRITY, C.ADVISE}
    ),
    Role.SERVICE_OFFICER: frozenset({C.SEE_COVERAGE, C.FILE_PACKS, C.HOLD_SESSIONS, C.SIGN_UP}),
    Role.ASSESSOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.SEE_ANSWERS, C.ASSESS}),
    Role.MODERATOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.SEE_ANSWERS, C.MODERATE}),
    Role.PANEL_MEMBER: frozenset(),
    Role.COURSE_AUTHOR: frozenset({C.AUTHOR, C.SEE_FEEDBACK}),
    Role.APPROVER: frozenset({C.AUTHOR, C.APPROVE, C.SEE_FEEDBACK, C.APPROVE_PLANS, C.APPROVE_INTEGRITY}),
    Role.AUDITOR: frozenset({C.SEE_STATUS, C.SEE_RECORD, C.SEE_COVERAGE, C.EXPORT, C.SEE_REGISTER, C.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset(
        {C.ISSUE_CODES, C.MANAGE_STAFF, C.SEE_REGISTER, C.REVOKE, C.GRANT_ROLES, C.SEE_AUDIT, C.SEE_STATUS, C.SET_UP}
        | {C.WORD_REMINDERS, C.LIST_ISSUERS}
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
            if not remembered_capabilities(user_of(request)) & set(capabilities):
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
    """Units, with all below them, in which `user` holds `capability` by a grant.

    A supervisor's grant opens no unit: it stands in for missing reporting lines, so it reaches people only.
    """
    return _below(grants_of(user, capability).exclude(role=Role.SUPERVISOR))


def may_in(user: User, capability: Capability, unit: OrgUnit) -> bool:
    """Whether `user` holds `capability` over `unit`."""
    return units_for(user, capability).filter(pk=unit.pk).exists()


def capabilities_of(user: User) -> frozenset[Capability]:
    """All that `user` may do anywhere: by a grant, or over somebody who reports to them. One query."""
    today = clock.today()
    roles = RoleGrant.objects.on(today).filter(user=user).values_list("role")
    if user.person_id is not None:
        led = people_below(Person(pk=user.person_id), today)
        roles = roles.union(led.values_list(Value(str(Role.SUPERVISOR), output_field=CharField())))
    return frozenset().union(*(MATRIX[Role(role)] for (role,) in roles))


def remembered_capabilities(user: object) -> frozenset[Capability]:
    """The same, asked once for each request: for gates and navigation. Nothing for somebody not signed in."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    known: frozenset[Capability] | None = getattr(user, "_capabilities", None)
    if known is None:
        known = user._capabilities = capabilities_of(cast("User", user))  # type: ignore[attr-defined]
    return known


def may_somewhere(user: User, capability: Capability) -> bool:
    """Whether `user` holds `capability` anywhere: by a grant, or over somebody who reports to them."""
    return capability in capabilities_of(user)


def people_for(user: User, capability: Capability) -> PersonQuerySet:
    """Everybody over whom `user` holds `capability` today, without `user`: in granted units, or in the line below.

    To a unit belong those who hold a post there or are about to, and those whose last post was there.
    """
    today = clock.today()
    reach = Q(pk__in=_belonging_to(units_for(user, capability)))
    if capability in MATRIX[Role.SUPERVISOR]:
        standing_in = _below(grants_of(user, capability).filter(role=Role.SUPERVISOR))
        reach |= Q(pk__in=people_without_line(standing_in, today))
    if capability in MATRIX[Role.SUPERVISOR] and user.person_id is not None:
        reach |= Q(pk__in=people_below(Person(pk=user.person_id), today))
    people = Person.objects.filter(reach)
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


def holders_over(person: Person, capability: Capability) -> QuerySet[User]:
    """Those who hold `capability` over the person by a grant in a unit above: whom to ask. Never the person."""
    today = clock.today()
    roles = [role for role, can in MATRIX.items() if capability in can and role != Role.SUPERVISOR]
    units = PostHolding.objects.on(today).filter(person=person).values("post__unit")
    above = UnitAncestry.objects.on(today).filter(unit__in=units).values("ancestor")
    granted = RoleGrant.objects.on(today).filter(role__in=roles, unit__in=above)
    holders = User.objects.filter(pk__in=granted.values("user"), is_active=True).select_related("person")
    return holders.exclude(person=person).order_by("person__surname", "username")


def code_takers(user: User) -> PersonQuerySet:
    """Those for whom `user` may issue a one-time code, which is as good as their password.

    Never oneself. For somebody with a role of their own only whoever grants roles, or a supervisor could sign in
    as an administrator.
    """
    people = people_for(user, Capability.ISSUE_CODES).exclude(user__is_superuser=True)
    if may_somewhere(user, Capability.GRANT_ROLES):
        return people
    with_role = RoleGrant.objects.overlapping(clock.today(), None).values("user__person")
    return people.exclude(pk__in=with_role.filter(user__person__isnull=False))


def _below(grants: QuerySet[RoleGrant]) -> QuerySet[OrgUnit]:
    below = UnitAncestry.objects.on(clock.today()).filter(ancestor__in=grants.values("unit")).values("unit")
    return OrgUnit.objects.filter(pk__in=below)


def _belonging_to(units: QuerySet[OrgUnit]) -> QuerySet[PostHolding, Any]:
    goes_on = Q(valid_until__isnull=True) | Q(valid_until__gt=clock.today())
    ends_later = Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until"))
    later = PostHolding.objects.held().filter(ends_later, person=OuterRef("person"))
    return PostHolding.objects.held().filter(goes_on | ~Exists(later), post__unit__in=units).values("person")
