"""Who holds sessions, and who signs whom up."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.models import Arrangement, Course, SessionKind, SessionSeries
from courses.models.sessions import ArrangementQuerySet
from lms.core import clock
from lms.organisation import access
from lms.organisation.access import Capability
from lms.organisation.models import OrgUnit, Person, UnitAncestry, User
from lms.organisation.models.people import PersonQuerySet

_INTEGRITY: dict[str, Any] = {"kind": SessionKind.FORUM, "course__is_integrity": True}


def sessions_kept(user: User) -> ArrangementQuerySet:
    """Sessions, as they stand, that `user` may plan, change and sign the list of: by the unit that is invited."""
    all_kinds = Q(unit__in=access.units_for(user, Capability.HOLD_SESSIONS))
    some_kinds = Q(unit__in=access.units_for(user, Capability.HOLD_INTEGRITY_SESSIONS))
    return Arrangement.objects.named().filter(all_kinds | (some_kinds & _about_integrity("session__")))


def series_kept(user: User) -> QuerySet[SessionSeries]:
    """Series of which `user` may hold sessions: those for their units, and those for units above, such as the whole."""
    mine = SessionSeries.objects.filter(_in_reach(access.units_for(user, Capability.HOLD_SESSIONS)))
    integrity = _in_reach(access.units_for(user, Capability.HOLD_INTEGRITY_SESSIONS)) & _about_integrity("")
    return (mine | SessionSeries.objects.filter(integrity)).distinct()


def units_kept(user: User, *, is_integrity: bool) -> QuerySet[OrgUnit]:
    """Units for which `user` may hold sessions of this kind."""
    units = access.units_for(user, Capability.HOLD_SESSIONS)
    return units | access.units_for(user, Capability.HOLD_INTEGRITY_SESSIONS) if is_integrity else units


def courses_kept(user: User) -> QuerySet[Course]:
    """Courses of which `user` may hold sessions."""
    if Capability.HOLD_SESSIONS in access.remembered_capabilities(user):
        return Course.objects.all()
    return Course.objects.filter(is_integrity=True)


def kinds_kept(user: User) -> list[SessionKind]:
    """Kinds of session without a course that `user` may hold."""
    if Capability.HOLD_SESSIONS in access.remembered_capabilities(user):
        return list(SessionKind)
    return [SessionKind.WORKSHOP, SessionKind.FORUM]


def is_about_integrity(kind: str, course: Course | None) -> bool:
    """Whether an integrity unit may hold it."""
    return kind == SessionKind.FORUM or (course is not None and course.is_integrity)


def may_plan(user: User, *, kind: str, course: Course | None, unit: OrgUnit) -> bool:
    """Whether `user` may hold such a session for a unit."""
    return units_kept(user, is_integrity=is_about_integrity(kind, course)).filter(pk=unit.pk).exists()


def team_of(user: User) -> PersonQuerySet:
    """People whom `user` may sign up: those who report to them, or who work in their units."""
    return access.people_for(user, Capability.SIGN_UP)


def may_sign_up(user: User, person: Person) -> bool:
    """Whether `user` may sign this person up: oneself always."""
    return person.pk == user.person_id or team_of(user).filter(pk=person.pk).exists()


def _about_integrity(prefix: str) -> Q:
    found = Q()
    for name, value in _INTEGRITY.items():
        found |= Q(**{f"{prefix}{name}": value})
    return found


def _in_reach(units: QuerySet[OrgUnit]) -> Q:
    """Series whose plan is for one of the units or for a unit above one of them."""
    from_above = UnitAncestry.objects.on(clock.today()).filter(unit__in=units).values("ancestor")
    return Q(plans__known_until__isnull=True, plans__unit__in=from_above)
