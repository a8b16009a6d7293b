"""Where somebody stands on a course version: the latest standing decision per certified criterion."""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from courses import scores
from courses.models import CertifiedCriterion, CriterionDecision, Enrolment, LessonVersion


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """One certified criterion and the decision that stands for it, if there is one."""

    certified: CertifiedCriterion
    decision: CriterionDecision | None

    @property
    def is_met(self) -> bool:
        """Whether the criterion is met."""
        return self.decision is not None and self.decision.is_met

    @property
    def as_score(self) -> scores.Standing:
        """The numbers that the passing rule needs."""
        return scores.Standing(
            is_critical=self.certified.criterion_version.is_critical,
            weight=self.certified.weight,
            is_met=self.is_met,
            percent=self.decision.percent if self.decision else None,
            is_judged=self.decision is not None,
        )


def of(enrolment: Enrolment) -> list[CriterionStanding]:
    """Each criterion that the enrolment's course version certifies, with its standing decision. Two queries."""
    certified = list(
        CertifiedCriterion.objects.filter(course_version=enrolment.course_version).select_related(
            "criterion_version__criterion"
        )
    )
    latest = _latest_decisions(enrolment, certified)
    return [CriterionStanding(item, latest.get(item.criterion_version_id)) for item in certified]


def lessons_missing(enrolment: Enrolment) -> list[LessonVersion]:
    """Lessons of the newest edition that the person has not finished, in reading order. One query."""
    finished = enrolment.completions.values("lesson_key")
    lessons = LessonVersion.objects.newest_edition().filter(course_version=enrolment.course_version)
    return list(lessons.exclude(key__in=finished))


def _latest_decisions(enrolment: Enrolment, certified: list[CertifiedCriterion]) -> dict[int, CriterionDecision]:
    since = timezone.make_aware(datetime.combine(enrolment.evidence_from, time.min))
    decisions = CriterionDecision.objects.filter(
        person=enrolment.person_id, criterion_version__in=[c.criterion_version_id for c in certified], on__gte=since
    ).order_by("on", "recorded_at", "pk")
    return {decision.criterion_version_id: decision for decision in decisions}
