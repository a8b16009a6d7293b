"""What follows from a handed-in attempt: a certificate, other evidence, another try, or a talk."""

from dataclasses import dataclass
from datetime import date

from assessments import starting
from assessments.models import Attempt
from courses import scores, standing
from courses.models import CriterionVersion, EvidenceKind


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a learner has to know after the paper."""

    is_passed: bool
    to_retake: list[CriterionVersion]
    other_evidence: list[CriterionVersion]
    tries_left: int
    opens_on: date | None

    @property
    def may_retake(self) -> bool:
        """Whether another try is left and has something to ask."""
        return bool(self.to_retake) and self.tries_left > 0


def of(attempt: Attempt) -> Outcome:
    """Where the enrolment stands now, after this attempt and whatever came since. Three queries."""
    standings = standing.of(attempt.enrolment)
    newest = Attempt.objects.filter(enrolment=attempt.enrolment_id).select_related("submission").latest("number")
    paper = attempt.paper_version
    missing = [item.certified for item in standings if not item.is_met]
    pass_percent = attempt.enrolment.course_version.pass_percent
    return Outcome(
        is_passed=scores.is_passed([item.as_score for item in standings], pass_percent=pass_percent),
        to_retake=[item.criterion_version for item in missing if item.evidence == EvidenceKind.PAPER],
        other_evidence=[item.criterion_version for item in missing if item.evidence != EvidenceKind.PAPER],
        tries_left=max(0, paper.tries - newest.number),
        opens_on=starting.opens_on(
            paper, newest.handed_in.recorded_at if newest.handed_in else None, person=attempt.enrolment.person_id
        ),
    )
