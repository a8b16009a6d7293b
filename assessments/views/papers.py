"""The paper's own pages: what awaits the learner, one question a screen, all questions, handing in."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments import access, answering, progress, starting, submitting
from assessments.forms import StepForm
from assessments.models import AttemptQuestion
from courses.models import Enrolment
from lms.core.errors import Refused
from lms.organisation.access import person_of, signed_in, user_of


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper asks, in how many minutes, how often; POST begins it or goes on."""
    enrolment = Enrolment.objects.of(person_of(request), code).first()
    if enrolment is None:
        raise Http404(_("Start the course first."))
    if request.method == "POST":
        attempt = starting.start(enrolment, by=user_of(request))
        return redirect("attempt_question", attempt.uuid, 1)
    frozen = starting.paper_of(enrolment)
    if frozen is None:
        raise Http404
    attempts = starting.attempts_of(enrolment)
    context = {
        "enrolment": enrolment,
        "paper": frozen,
        "outlook": starting.outlook_now(enrolment, frozen, attempts),
        "last_attempt": attempts[-1] if attempts else None,
    }
    return render(request, "assessments/paper.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def attempt_question(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """One question. POST saves the answer and goes on; the same form works with and without a script."""
    question = access.own_question(request, uuid, position)
    attempt = submitting.settle_if_over(question.attempt)
    if attempt.handed_in is not None and request.method == "GET":
        return redirect("attempt_result", uuid)
    view = progress.of(attempt)
    form = _form(request, question, view)
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "question": question, "progress": view}
        return render(request, "assessments/question.html", context, status=422 if form.errors else 200)
    try:
        if form.says_more:
            _save(request, question, form)
    except answering.Settled as error:
        messages.warning(request, str(error))
        return redirect("attempt_question", uuid, position)
    return _onwards(request, view, position)


@signed_in
@require_POST
def save_step(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """Save an answer for the page's script: a receipt as JSON, or why not."""
    question = access.own_question(request, uuid, position)
    form = StepForm(question, request.POST)
    if not form.is_valid():
        errors = [error for found in form.errors.values() for error in found]
        return JsonResponse({"error": " ".join(map(str, errors))}, status=422)
    try:
        receipt = _save(request, question, form)
    except answering.TooLate as error:
        return JsonResponse({"error": str(error), "late": True}, status=409)
    except Refused as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({**receipt.as_json(), "left": progress.seconds_left(question.attempt)})


@signed_in
@require_GET
@never_cache
def attempt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All questions of the paper and which of them have an answer."""
    own = submitting.settle_if_over(access.own_attempt(request, uuid))
    if own.handed_in is not None:
        return redirect("attempt_result", uuid)
    return render(request, "assessments/overview.html", {"attempt": own, "progress": progress.of(own)})


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def submit_attempt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is still open, and handing in. A second time changes nothing and shows the result."""
    own = submitting.settle_if_over(access.own_attempt(request, uuid))
    if own.handed_in is not None:
        return redirect("attempt_result", uuid)
    if request.method == "POST":
        submitting.submit(own, by=user_of(request))
        return redirect("attempt_result", uuid)
    return render(request, "assessments/submit.html", {"attempt": own, "progress": progress.of(own)})


def _form(request: HttpRequest, question: AttemptQuestion, view: progress.Progress) -> StepForm:
    return StepForm(
        question,
        request.POST if request.method == "POST" else None,
        answer=view.answers.get(question.pk),
        opened=view.opened.get(question.pk, 0),
        initial={"client": str(uuid4()), "sequence": 1},
    )


def _save(request: HttpRequest, question: AttemptQuestion, form: StepForm) -> answering.Receipt:
    data = form.cleaned_data
    return answering.save(
        question,
        form.answer(),
        client=data["client"],
        sequence=data["sequence"],
        seen=data["seen"],
        opens=data["opens"],
        by=user_of(request),
    )


def _onwards(request: HttpRequest, view: progress.Progress, position: int) -> HttpResponse:
    """To the scene or question whose number was pressed, to the next question, or to all of them after the last."""
    scene, wish = request.POST.get("opens", ""), request.POST.get("go_to", "")
    if scene.isdecimal() and len(scene) < 5:
        return redirect(reverse("attempt_question", args=[view.attempt.uuid, position]) + f"#scene-{int(scene)}")
    if wish.isdecimal() and len(wish) < 5 and 1 <= int(wish) <= view.count:
        return redirect("attempt_question", view.attempt.uuid, int(wish))
    if wish == "all" or position >= view.count:
        return redirect("attempt", view.attempt.uuid)
    return redirect("attempt_question", view.attempt.uuid, position + 1)
