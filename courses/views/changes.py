"""What changed in a course that somebody holds: read, and confirmed with one press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses import changes
from courses.models import Course
from lms.organisation.access import person_of, signed_in, user_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def course_changes(request: HttpRequest, code: str) -> HttpResponse:
    """What is new since her own version, the newest first. Posting confirms all of it."""
    course = get_object_or_404(Course, code=code)
    person = person_of(request)
    if request.method == "POST":
        changes.confirm(person, course, by=user_of(request))
        messages.success(request, _("Thank you. That you read it is on your record."))
        return redirect("course_changes", code=code)
    version = course.current
    context = {"course": course, "version": version, "unread": changes.unread(person, course)}
    return render(request, "courses/changes.html", context)
