"""After a course: three questions, the learner's own journal, and for authors how the course is doing."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses import feedback, journal, stopping
from courses.afterwards_forms import FeedbackForm, JournalForm
from courses.models import Course, Enrolment, JournalEntry
from lms.organisation.access import Capability, needs, person_of, signed_in, user_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def give_feedback(request: HttpRequest, code: str) -> HttpResponse:
    """Three questions about the course, asked once."""
    enrolment = _enrolment(request, code)
    if not feedback.may_give(enrolment):
        return render(request, "courses/feedback_closed.html", {"enrolment": enrolment})
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        feedback.give(enrolment, **form.answers(), by=user_of(request))
        messages.success(request, _("Thank you. Your answers are kept without your name."))
        return redirect("learn", code=code)
    context = {"form": form, "enrolment": enrolment, "needed": settings.FEEDBACK_SHOWN_FROM}
    return render(request, "courses/feedback.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def journal_page(request: HttpRequest, code: str) -> HttpResponse:
    """The learner's notes on a course, and a place for the next."""
    enrolment = _enrolment(request, code)
    version = enrolment.course_version
    lesson = journal.lesson_of(version, request.GET.get("lesson", ""))
    form = JournalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        journal.write(enrolment.person, version.course, form.cleaned_data["text"], lesson=lesson)
        messages.success(request, _("Your note is kept. Only you can read it."))
        return redirect("journal", code=code)
    entries = journal.entries(enrolment.person, version.course)
    return render(request, "courses/journal.html", {"form": form, "version": version, "entries": entries})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def journal_entry(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """One of her own notes, to change or to take out."""
    entry = get_object_or_404(JournalEntry, uuid=uuid, person=person_of(request), course__code=code)
    if request.method == "POST" and "take_out" in request.POST:
        journal.take_out(entry)
        messages.success(request, _("Your note is gone."))
        return redirect("journal", code=code)
    form = JournalForm(request.POST or None, initial={"text": entry.text})
    if request.method == "POST" and form.is_valid():
        journal.change(entry, form.cleaned_data["text"])
        messages.success(request, _("Your note is changed."))
        return redirect("journal", code=code)
    return render(request, "courses/journal_entry.html", {"form": form, "entry": entry})


@needs(Capability.SEE_FEEDBACK)
@require_safe
def insight(request: HttpRequest, code: str) -> HttpResponse:
    """How a version of a course is doing: what learners say, and where they stop."""
    course = get_object_or_404(Course, code=code)
    versions = list(course.versions.order_by("-number"))
    wanted = request.GET.get("version", "")
    version = next((version for version in versions if str(version.number) == wanted or not wanted), None)
    if version is None:
        raise Http404
    context = {
        "version": version,
        "versions": versions,
        "feedback": feedback.summary(version),
        "lessons": stopping.per_lesson(version),
    }
    return render(request, "courses/insight.html", context)


def _enrolment(request: HttpRequest, code: str) -> Enrolment:
    """Her enrolment under way, else her last one; 404 for a course that she never began."""
    enrolment = Enrolment.objects.of(person_of(request), code).first()
    if enrolment is None:
        raise Http404
    return enrolment
