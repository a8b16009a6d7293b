"""The page after the paper, and the log of an attempt for assessors."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments import access, feedback, outcome, review, submitting
from lms.core import audit
from lms.organisation.access import signed_in, user_of


@signed_in
@require_GET
@never_cache
def attempt_result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Per criterion the decision and the feedback, and what happens next."""
    attempt = submitting.settle_if_over(access.own_attempt(request, uuid))
    if attempt.handed_in is None:
        return redirect("attempt", uuid)
    context = {"attempt": attempt, "criteria": feedback.of(attempt), "outcome": outcome.of(attempt)}
    return render(request, "assessments/result.html", context)


@signed_in
@require_GET
@never_cache
def attempt_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The attempt as a story, for who may see this person's answers. The look is recorded."""
    attempt = access.attempt_to_review(request, uuid)
    if attempt.person_id == user_of(request).person_id:
        return redirect("attempt_result", uuid)
    audit.record("read an attempt", attempt, by=user_of(request))
    return render(request, "assessments/review.html", {"attempt": attempt, "story": review.story(attempt)})
