"""What a learner reads and does: always her own enrolment, found by the course's code."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import enrolling, entry_words, feedback, lesson_pages, progress, reading
from courses.forms import form_for
from courses.models import Course, Enrolment, LessonVersion
from lms.organisation.access import person_of, signed_in, user_of


@signed_in
@require_safe
def learn(request: HttpRequest, code: str) -> HttpResponse:
    """The course as the learner takes it: what is done, what is next. Before she begins: the button to begin."""
    enrolment = _enrolment(request, code)
    if enrolment is None:
        return redirect("course", code=get_object_or_404(Course, code=code).code)
    so_far = progress.of(enrolment)
    asks = 0 < so_far.lessons_done == len(so_far.lessons) and not feedback.is_given(enrolment)
    context = {
        "enrolment": enrolment,
        "progress": so_far,
        "asks_for_feedback": asks,
        "waits_for": entry_words.still_waits_for(enrolment) if enrolment.is_under_way else [],
    }
    return render(request, "courses/learn.html", context)


@signed_in
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the course, and go to its first lesson."""
    course = get_object_or_404(Course, code=code)
    enrolment = enrolling.enrol(person_of(request), course, by=user_of(request))
    following = progress.of(enrolment).next
    return redirect(following.url if following else reverse("learn", args=[code]))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A lesson. Posting finishes it: by having read it, or by putting one's name to its document."""
    enrolment = _enrolment(request, code)
    if enrolment is None:
        return redirect("course", code=get_object_or_404(Course, code=code).code)
    opened = _opened(enrolment, key)
    if request.method == "POST":
        return _finish(request, enrolment, opened)
    if progress.place_of(enrolment) != key:
        reading.open_lesson(enrolment, opened.lesson, by=user_of(request))
    return render(request, "courses/lesson.html", {"page": lesson_pages.page(enrolment, opened)})


@signed_in
@require_POST
def activity(request: HttpRequest, code: str, key: str, block: UUID) -> HttpResponse:
    """Check an activity: the answer is kept, and the page comes back to it with what there is to learn."""
    enrolment = _enrolment(request, code)
    if enrolment is None:
        raise Http404
    opened = _opened(enrolment, key)
    part = lesson_pages.activity(opened.lesson, str(block))
    if part is None:
        raise Http404
    form = form_for(part.block, request.POST, before=lesson_pages.standing_answer(enrolment, opened.lesson, part))
    if form.is_valid():
        reading.answer_activity(enrolment, opened.lesson, part.id, form.answer(), by=user_of(request))
    bound = None if form.is_valid() else form
    if getattr(request, "htmx", False):
        shown = lesson_pages.shown_activity(enrolment, opened.lesson, part, bound=bound)
        return render(request, shown.template, {"shown": shown, "is_swap": True})
    if bound is None:
        return redirect(f"{reverse('lesson', args=[code, key])}#{form.anchor}")
    page = lesson_pages.page(enrolment, opened, bound=bound)
    return render(request, "courses/lesson.html", {"page": page, "form": bound})


def _finish(request: HttpRequest, enrolment: Enrolment, opened: lesson_pages.Opened) -> HttpResponse:
    shown = opened.lesson
    if shown.completion == LessonVersion.Completion.ACKNOWLEDGED:
        reading.acknowledge(enrolment, shown, by=user_of(request))
    else:
        reading.complete(enrolment, shown, by=user_of(request))
    following = lesson_pages.following(opened)
    return redirect(following.url if following else reverse("learn", args=[enrolment.course_version.course.code]))


def _enrolment(request: HttpRequest, code: str) -> Enrolment | None:
    """Her enrolment under way, else her last one."""
    return Enrolment.objects.of(person_of(request), code).first()


def _opened(enrolment: Enrolment, key: str) -> lesson_pages.Opened:
    found = lesson_pages.opened(enrolment, key)
    if found is None:
        raise Http404
    return found
