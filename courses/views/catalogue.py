"""The public catalogue: what is taught here, for anybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses import entry_words
from courses.bodies import adopted
from courses.curriculum.countries import names
from courses.entry_words import Entry
from courses.models import ALL_JURISDICTIONS, CourseVersion, LessonVersion
from lms.core.gates import public
from lms.organisation.access import Capability, remembered_capabilities


@public
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """All courses that are offered."""
    offered = CourseVersion.objects.current().select_related("course").order_by("course__track", "title")
    countries = sorted(names().get(code, code) for code in adopted() - {ALL_JURISDICTIONS})
    return render(request, "courses/catalogue.html", {"offered": entry_words.in_brief(offered), "countries": countries})


@public
@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """One course: its purpose, what people can do afterwards, its minutes and criteria."""
    version = CourseVersion.objects.current().select_related("course").filter(course__code=code).first()
    if version is None:
        raise Http404
    lessons = LessonVersion.objects.newest_edition().filter(course_version=version).defer("blocks")
    certified = version.certified.select_related("criterion_version__criterion")
    criteria = [row.criterion_version for row in certified]
    context = {
        "version": version,
        "course": version.course,
        "lessons": lessons,
        "criteria": criteria,
        "entry": _entry(request, version),
        "may_see_insight": Capability.SEE_FEEDBACK in remembered_capabilities(request.user),
    }
    return render(request, "courses/course.html", context)


def _entry(request: HttpRequest, version: CourseVersion) -> Entry:
    """What it asks, and where the reader stands with it."""
    person = getattr(request.user, "person", None)
    return entry_words.for_anybody(version) if person is None else entry_words.for_person(person, version)
