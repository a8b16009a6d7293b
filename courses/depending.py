"""What people and rules of this room depend on, beyond what foreign keys show: for refusing deletions in the admin."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import (
    Acknowledgement,
    Course,
    CourseIndexPage,
    CoursePage,
    Criterion,
    CriterionDecision,
    CriterionVersion,
    Document,
    DocumentVersion,
    Enrolment,
    Result,
)
from lms.organisation.grants import GROUPS
from lms.organisation.models import User


def of(thing: models.Model) -> list[str]:
    """Sentences about `thing`; none where nobody depends on it."""
    for kind, ask in _ASK.items():
        if isinstance(thing, kind):
            return ask(thing)
    return []


def on_course(course: Course) -> list[str]:
    """Who is under way on a course, and who holds a result of it."""
    under_way = Enrolment.objects.under_way().filter(course_version__course=course).values("person").distinct().count()
    results = Result.objects.held().filter(course_version__course=course).count()
    return [
        *_some(under_way, ngettext("%s person is under way.", "%s people are under way.", under_way)),
        *_some(results, ngettext("%s result rests on it.", "%s results rest on it.", results)),
    ]


def _on_course_page(page: CoursePage) -> list[str]:
    versions = ", ".join(str(version) for version in page.course.versions.order_by("number"))
    published = [_("It has been published: %s. Unpublish it instead; people under way go on.") % versions]
    return on_course(page.course) + (published if versions else [])


def _on_course_list(page: CourseIndexPage) -> list[str]:
    courses = page.get_children().count()
    words = ngettext("%s course hangs below it.", "%s courses hang below it.", courses)
    return _some(courses, words) or [_("Every course is made below it.")]


def _on_criterion(thing: Any) -> list[str]:
    which = {"criterion_version__criterion" if isinstance(thing, Criterion) else "criterion_version": thing}
    people = CriterionDecision.objects.filter(**which).values("person").distinct().count()
    return _some(people, ngettext("%s person was judged by it.", "%s people were judged by it.", people))


def _on_document(thing: Any) -> list[str]:
    which = {"document_version__document" if isinstance(thing, Document) else "document_version": thing}
    people = Acknowledgement.objects.filter(**which).values("person").distinct().count()
    return _some(people, ngettext("%s person put their name to it.", "%s people put their name to it.", people))


def _on_user(user: User) -> list[str]:
    if user.person is None:
        return []
    return [_("It is the login of %s. Close the login instead: what was done through it stays named.") % user.person]


def _on_group(group: Group) -> list[str]:
    role = next((role for role, name in GROUPS.items() if name == group.name), None)
    return [_("Everybody with the role “%s” is put into it.") % role.label] if role else []


def _some(count: int, words: str) -> list[str]:
    return [words % count] if count else []


_ASK: dict[type[models.Model], Callable[[Any], list[str]]] = {
    CoursePage: _on_course_page,
    CourseIndexPage: _on_course_list,
    Criterion: _on_criterion,
    CriterionVersion: _on_criterion,
    Document: _on_document,
    DocumentVersion: _on_document,
    User: _on_user,
    Group: _on_group,
}
