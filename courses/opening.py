"""Who may take a course: the organisation's own rule, outside the course's versions. After: nominating, enrolling."""

from collections.abc import Collection

from django.db import transaction

from courses.models import Course, CourseAudience
from lms.core import audit, clock, dated
from lms.core.actors import Actor, columns
from lms.organisation.models import PostCategory


@transaction.atomic
def open_to(
    course: Course | None, *, everybody: bool, categories: Collection[PostCategory] = (), by: Actor
) -> CourseAudience:
    """Say who may take a course; None for all advanced ones without a rule of their own. Harmless the second time.

    Without `everybody`, holders of posts of the categories may, and others by nomination. Those under way go on.
    """
    chosen = [] if everybody else list(categories)
    standing = _standing(course)
    if standing is not None and (standing.is_open, set(standing.categories.all())) == (everybody, set(chosen)):
        return standing
    made = _follow(standing, course, everybody=everybody, by=by)
    made.categories.set(chosen)
    codes = sorted(category.code for category in chosen)
    audit.record("who may take a course decided", course or made, by=by, everybody=everybody, categories=codes)
    return made


def _standing(course: Course | None) -> CourseAudience | None:
    rows = CourseAudience.objects.select_for_update().held().filter(course=course, valid_until__isnull=True)
    return rows.first()


def _follow(standing: CourseAudience | None, course: Course | None, *, everybody: bool, by: Actor) -> CourseAudience:
    today = clock.today()
    if standing is not None and standing.valid_from >= today:
        return dated.supersede(standing, by=by, reason="decided anew on the same day", is_open=everybody)
    if standing is not None:
        dated.close(standing, until=today, by=by)
    return CourseAudience.objects.create(course=course, is_open=everybody, valid_from=today, **columns(by))
