"""Whose attempt it is, and who else may read it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from assessments.models import Attempt, AttemptQuestion
from lms.organisation.access import Capability, person_for, user_of

_WITH = ("paper_version", "enrolment__course_version__course", "submission")


def own_attempt(request: HttpRequest, uuid: UUID) -> Attempt:
    """The attempt, for whoever made it. Raises Http404 for everybody else."""
    person_id = user_of(request).person_id
    attempts = Attempt.objects.select_related(*_WITH)
    return get_object_or_404(attempts, uuid=uuid, person=person_id or 0)


def own_question(request: HttpRequest, uuid: UUID, position: int) -> AttemptQuestion:
    """A question of one's own attempt. Raises Http404 for everybody else."""
    questions = AttemptQuestion.objects.select_related(
        "question_version", "attempt__paper_version", "attempt__submission"
    )
    person_id = user_of(request).person_id or 0
    return get_object_or_404(questions, attempt__uuid=uuid, attempt__person=person_id, position=position)


def attempt_to_review(request: HttpRequest, uuid: UUID) -> Attempt:
    """The attempt, for whoever may see its person's answers; 404 for a stranger, 403 for who sees status only."""
    attempt = Attempt.objects.select_related("person", *_WITH).filter(uuid=uuid).first()
    if attempt is None:
        raise Http404
    person_for(user_of(request), attempt.person.uuid, Capability.SEE_ANSWERS)
    return attempt
