"""Giving and ending roles, with an audit entry each, and the groups that let role holders into Wagtail's admin."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import close, withdraw
from lms.core.errors import Refused
from lms.core.spans import covers, ends_by
from lms.organisation.models import OrgUnit, Role, RoleGrant, User
from lms.organisation.overlaps import refused_as

# Wagtail asks for groups, so those follow the grants. What each group may edit is for the rooms above to say.
GROUPS = {
    Role.COURSE_AUTHOR: "Course authors",
    Role.APPROVER: "Approvers",
    Role.ADMINISTRATOR: "Administrators",
}


@transaction.atomic
def grant(
    user: User, role: Role, unit: OrgUnit, *, by: Actor, from_day: date | None = None, until: date | None = None
) -> RoleGrant:
    """Give a role in a unit and all below it. Harmless while a grant covers all these days.

    Raises Refused where one covers a part of them, and when somebody would give a role to themselves.
    """
    start = from_day or clock.today()
    if ends_by(until, start):
        raise Refused(_("The end must be later than the start."))
    if user == by:
        raise Refused(_("Nobody can give themselves a role. Ask another administrator."))
    standing = RoleGrant.objects.overlapping(start, until).filter(user=user, role=role, unit=unit).first()
    if standing is not None and covers((standing.valid_from, standing.valid_until), (start, until)):
        return standing
    if standing is not None:
        raise Refused(_("This role is held on some of these days already. Let the new grant begin after it."))
    with refused_as(_("This role has just been given. Reload the page.")):
        made = RoleGrant.objects.create(
            user=user, role=role, unit=unit, valid_from=start, valid_until=until, **columns(by)
        )
    audit.record("role granted", user, by=by, role=role, unit=unit.code, from_day=start.isoformat())
    sync_groups([user])
    return made


@transaction.atomic
def end_grant(grant: RoleGrant, *, until: date, by: Actor, reason: str = "") -> RoleGrant:
    """End a role: `until` is the first day without."""
    ended = close(grant, until=until, by=by, reason=reason)
    audit.record("role ended", grant.user, by=by, role=grant.role, unit=grant.unit.code, until=until.isoformat())
    sync_groups([grant.user])
    return ended


@transaction.atomic
def take_back(grant: RoleGrant, *, by: Actor, reason: str = "") -> RoleGrant:
    """End a role as of today; one that begins today or later is not held at all. Refused for one's own."""
    if grant.user == by:
        raise Refused(_("Nobody takes a role from themselves. Ask another administrator."))
    today = clock.today()
    if grant.valid_from < today:
        return end_grant(grant, until=today, by=by, reason=reason)
    taken = withdraw(grant, by=by, reason=reason or _("Taken back"))
    audit.record("role taken back", grant.user, by=by, role=grant.role, unit=grant.unit.code)
    sync_groups([grant.user])
    return taken


@transaction.atomic
def sync_groups(users: Iterable[User]) -> int:
    """Make the groups of these users follow their grants of today. Returns how many memberships changed."""
    ids = {user.pk for user in users}
    roles = RoleGrant.objects.on(clock.today()).filter(user__in=ids, role__in=GROUPS)
    groups = {group.name: group.pk for group in Group.objects.filter(name__in=GROUPS.values())}
    wanted = {(user, groups[GROUPS[Role(role)]]) for user, role in roles.values_list("user_id", "role")}
    membership = User.groups.through
    rows = membership._default_manager.filter(user__in=ids, group__in=groups.values())
    standing = {(user, group): pk for pk, user, group in rows.values_list("pk", "user_id", "group_id")}
    over = [pk for pair, pk in standing.items() if pair not in wanted]
    new = wanted - standing.keys()
    membership._default_manager.filter(pk__in=over).delete()
    membership._default_manager.bulk_create(membership(user_id=user, group_id=group) for user, group in new)
    return len(over) + len(new)


def sync_all_groups() -> int:
    """The same for everybody whose groups may have changed as the calendar turned."""
    with_role = RoleGrant.objects.held().filter(role__in=GROUPS).values("user")
    in_group = User.objects.filter(groups__name__in=GROUPS.values()).values("pk")
    return sync_groups(User.objects.filter(pk__in=with_role) | User.objects.filter(pk__in=in_group))


def sync_on_sign_in(sender: object, user: User, **kwargs: object) -> None:
    """Receiver of Django's `user_logged_in`: grants that began or ended since the last time count from now on."""
    # Most people never had such a role, and signing in is to be quick for them.
    if RoleGrant.objects.filter(user=user, role__in=GROUPS).exists():
        sync_groups([user])
