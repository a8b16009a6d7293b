"""Who reports to whom on a day: from post to post, through whoever holds them, acting holders included."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from lms.organisation.models import OrgUnit, Person, PostHolding, ReportingLine
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
