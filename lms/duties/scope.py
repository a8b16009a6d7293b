"""Whose figures somebody may look at: units granted, and those of the posts from which they lead others."""

from datetime import date
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from lms.core import clock
from lms.organisation.access import Capability, may_in, people_for, units_for
from lms.organisation.models import OrgUnit, PostHolding, ReportingLine, UnitAncestry, User


def units_seen(user: User) -> QuerySet[OrgUnit]:
    """Every unit whose coverage `user` may see today."""
    today = clock.today()
    own_posts = PostHolding.objects.on(today).filter(person=user.person_id).values("post")
    leading = ReportingLine.objects.on(today).filter(manager__in=own_posts).values("manager__unit")
    below = UnitAncestry.objects.on(today).filter(ancestor__in=leading).values("unit")
    led = OrgUnit.objects.filter(pk__in=below) if user.person_id else OrgUnit.objects.none()
    return led | units_for(user, Capability.SEE_COVERAGE)


def may_see_names(user: User, unit: OrgUnit, day: date) -> bool:
    """Whether `user` may know by name whoever is behind the figures of a unit with all below it on a day.

    By a grant over the unit, or because everybody there on that day but themselves is of their own line.
    """
    if may_in(user, Capability.SEE_STATUS, unit):
        return True
    there = PostHolding.objects.on(day).in_subtree(unit, day).exclude(person=user.person_id)
    return not there.exclude(person__in=people_for(user, Capability.SEE_STATUS)).exists()


def top_unit(units: QuerySet[OrgUnit], day: date) -> OrgUnit | None:
    """The highest of some units in the tree of the day: where a page begins."""
    depths = UnitAncestry.objects.on(day).filter(unit__in=units).values("unit").annotate(steps=Max("depth"))
    highest = depths.order_by("steps", "unit").values("unit")[:1]
    return OrgUnit.objects.filter(pk=Subquery(highest)).first()


def path_to(unit: UUID, day: date, seen: QuerySet[OrgUnit]) -> list[OrgUnit]:
    """The units above on that day that the user may see, the highest first, and itself last, with their names.

    Nothing where the user may not see the unit itself.
    """
    above = UnitAncestry.objects.on(day).filter(unit__uuid=unit, depth__gt=0, ancestor=OuterRef("pk"))
    found = OrgUnit.objects.named(day).annotate(steps=Subquery(above.values("depth")[:1]))
    on_the_way = found.filter(Q(steps__isnull=False) | Q(uuid=unit), pk__in=seen)
    path = list(on_the_way.order_by(F("steps").desc(nulls_last=True)))
    return path if path and path[-1].uuid == unit else []
