"""Ending an enrolment whose tries are used up and that can come to no result, so that a fresh one may begin.

Before: the last try's marking.
"""

from dataclasses import replace

from assessments.models import Attempt
from courses import scores, standing
from courses.models import Enrolment, EnrolmentEnd, EvidenceKind
from lms.core.actors import MachineRule, columns

TRIES_RULE = MachineRule("tries of the paper")


def end_if_hopeless(attempt: Attempt) -> EnrolmentEnd | None:
    """End the enrolment if this was the last try and even perfect other evidence could not lead to a result."""
    enrolment = attempt.enrolment
    if attempt.number < attempt.paper_version.tries or _could_still_pass(enrolment):
        return None
    end, _is_new = EnrolmentEnd.objects.get_or_create(
        enrolment=enrolment, defaults={"reason": "All tries at the paper are used.", **columns(TRIES_RULE)}
    )
    return end


def _could_still_pass(enrolment: Enrolment) -> bool:
    numbers = [
        item.as_score
        if item.certified.evidence == EvidenceKind.PAPER
        else replace(item.as_score, is_met=True, is_judged=True)
        for item in standing.of(enrolment)
    ]
    return scores.is_passed(numbers, pass_percent=enrolment.course_version.pass_percent)
