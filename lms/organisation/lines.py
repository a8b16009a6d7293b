"""Who reports to whom on a day: from post to post, through whoever holds them, acting holders included."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lms.organisation.models import OrgUnit, Person, PostHolding, ReportingLine, Role, RoleGrant
from lms.organisation.models.people import PersonQuerySet


def people_below(person: Person, day: date) -> QuerySet[PostHolding, Any]:
    """Ids (as a sub-query) of those who hold a post that reports to one of `person`'s posts on `day`."""
    own_posts = PostHolding.objects.on(day).filter(person=person).values("post")
    posts = ReportingLine.objects.on(day).filter(manager__in=own_posts).values("post")
    return PostHolding.objects.on(day).filter(post__in=posts).exclude(person=person).values("person")


def people_without_line(units: QuerySet[OrgUnit], day: date) -> QuerySet[PostHolding, Any]:
    """Ids (as a sub-query) of those in `units` who hold a post that reports to no other on `day`."""
    lines = ReportingLine.objects.on(day).values("post")
    return PostHolding.objects.on(day).filter(post__unit__in=units).exclude(post__in=lines).values("person")


def managers_of(person: Person, day: date) -> PersonQuerySet:
    """Those who hold, on `day`, a post that one of `person`'s posts reports to."""
    own_posts = PostHolding.objects.on(day).filter(person=person).values("post")
    posts = ReportingLine.objects.on(day).filter(post__in=own_posts).values("manager")
    holders = PostHolding.objects.on(day).filter(post__in=posts).values("person")
    return Person.objects.filter(pk__in=holders).exclude(pk=person.pk)


def leaders(day: date) -> PersonQuerySet:
    """Everybody who holds a post, on `day`, to which another post reports, or stands in by a grant."""
    managers = ReportingLine.objects.on(day).values("manager")
    holding = PostHolding.objects.on(day).filter(post__in=managers).values("person")
    granted = RoleGrant.objects.on(day).filter(role=Role.SUPERVISOR, user__person__isnull=False)
    return Person.objects.filter(Q(pk__in=holding) | Q(pk__in=granted.values("user__person")))


def teams_of(people: Sequence[int], day: date) -> dict[int, set[int]]:
    """Whom each of some people leads on `day`: those below in the line, and by a grant those without a line."""
    held = PostHolding.objects.on(day)
    own: dict[int, set[int]] = defaultdict(set)
    for person, post in held.filter(person__in=people).values_list("person_id", "post_id"):
        own[post].add(person)
    above: dict[int, set[int]] = defaultdict(set)
    lines = ReportingLine.objects.on(day).filter(manager__in=own)
    for post, manager in lines.values_list("post_id", "manager_id"):
        above[post] |= own[manager]
    teams: dict[int, set[int]] = defaultdict(set)
    for post, person in held.filter(post__in=above).values_list("post_id", "person_id"):
        for leader in above[post] - {person}:
            teams[leader].add(person)
    for leader, person in _standing_in(people, day):
        teams[leader].add(person)
    return teams


def _standing_in(people: Sequence[int], day: date) -> Iterator[tuple[int, int]]:
    grants = RoleGrant.objects.on(day).filter(role=Role.SUPERVISOR, user__person__in=people, user__is_active=True)
    for unit, leader in grants.values_list("unit_id", "user__person_id"):
        units = OrgUnit.objects.in_subtree(OrgUnit(pk=unit), day)
        for (person,) in people_without_line(units, day).exclude(person=leader).values_list("person_id"):
            yield leader, person
