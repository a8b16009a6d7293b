"""Whose figures somebody may look at: units granted, and those of the posts from which they lead others."""

from datetime import date

from django.db.models import QuerySet

from lms.core import clock
from lms.organisation.access import Capability, units_for
from lms.organisation.models import OrgUnit, PostHolding, ReportingLine, UnitAncestry, User


def units_seen(user: User) -> QuerySet[OrgUnit]:
    """Every unit whose coverage `user` may see today."""
    today = clock.today()
    own_posts = PostHolding.objects.on(today).filter(person=user.person_id).values("post")
    leading = ReportingLine.objects.on(today).filter(manager__in=own_posts).values("manager__unit")
    below = UnitAncestry.objects.on(today).filter(ancestor__in=leading).values("unit")
    led = OrgUnit.objects.filter(pk__in=below) if user.person_id else OrgUnit.objects.none()
    return led | units_for(user, Capability.SEE_COVERAGE)


def top_unit(units: QuerySet[OrgUnit], day: date) -> OrgUnit | None:
    """The highest of some units in the tree of the day: where a page begins."""
    depths = UnitAncestry.objects.on(day).filter(unit__in=units).order_by("-depth")
    highest: dict[int, int] = {}
    for unit, depth in depths.values_list("unit_id", "depth"):
        highest.setdefault(unit, depth)
    if not highest:
        return None
    return OrgUnit.objects.get(pk=min(highest, key=lambda unit: (highest[unit], unit)))


def path_to(unit: OrgUnit, day: date, seen: QuerySet[OrgUnit]) -> list[OrgUnit]:
    """The units above on that day that `user` may see, the highest first, without itself."""
    above = UnitAncestry.objects.on(day).filter(unit=unit, depth__gt=0).order_by("-depth")
    order = list(above.values_list("ancestor_id", flat=True))
    named = {found.pk: found for found in OrgUnit.objects.named(day).filter(pk__in=order).filter(pk__in=seen)}
    return [named[pk] for pk in order if pk in named]
