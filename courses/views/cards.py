"""The quick cards of a course on one page, to print and keep at the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from courses import bodies
from courses.models import Course, Enrolment, LessonVersion
from lms.organisation.access import person_of, signed_in


@signed_in
@require_safe
def cards(request: HttpRequest, code: str) -> HttpResponse:
    """The cards of the version that she takes or took last, with the lesson that each belongs to."""
    enrolment = Enrolment.objects.of(person_of(request), code).first()
    if enrolment is None:
        return redirect("course", code=get_object_or_404(Course, code=code).code)
    lessons = LessonVersion.objects.newest_edition().filter(course_version=enrolment.course_version_id)
    adopted = bodies.adopted()
    found = [
        (lesson, block)
        for lesson in lessons.only("key", "title", "blocks", "position", "course_version", "edition")
        for block in bodies.met_by_learners(lesson.blocks, adopted)
        if block["kind"] == "quick_card"
    ]
    return render(request, "courses/cards.html", {"version": enrolment.course_version, "cards": found})
