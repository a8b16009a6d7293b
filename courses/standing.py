"""Where somebody stands on a course version: the latest standing decision per certified criterion."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from courses import scores
from courses.models import CertifiedCriterion, CriterionDecision, Enrolment, EvidenceKind, LessonVersion


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
    """Each criterion that the enrolment's course version certifies, with its standing decision. Two queries.

    A decision by another kind of evidence, made for another course, does not count here; prior learning does.
    """
    return of_all([enrolment])[enrolment.pk]


def of_all(enrolments: Collection[Enrolment]) -> dict[int, list[CriterionStanding]]:
    """The same for many enrolments, by their ids. Two queries, however many."""
    certified: dict[int, list[CertifiedCriterion]] = {enrolment.course_version_id: [] for enrolment in enrolments}
    rows = CertifiedCriterion.objects.filter(course_version__in=certified)
    for row in rows.select_related("criterion_version__criterion"):
        certified[row.course_version_id].append(row)
    decisions = _decisions(enrolments, certified)
    return {
        enrolment.pk: [
            CriterionStanding(item, _standing(decisions, enrolment, item))
            for item in certified[enrolment.course_version_id]
        ]
        for enrolment in enrolments
    }


def lessons_missing(enrolment: Enrolment) -> list[LessonVersion]:
    """Lessons of the newest edition that the person has not finished, in reading order. One query."""
    finished = enrolment.completions.values("lesson_key")
    lessons = LessonVersion.objects.newest_edition().filter(course_version=enrolment.course_version)
    return list(lessons.exclude(key__in=finished))


Decisions = dict[tuple[int, int], list[CriterionDecision]]


def _decisions(enrolments: Collection[Enrolment], certified: dict[int, list[CertifiedCriterion]]) -> Decisions:
    """All decisions on these people and criteria, oldest first."""
    criteria = {item.criterion_version_id for items in certified.values() for item in items}
    people = {enrolment.person_id for enrolment in enrolments}
    found: Decisions = defaultdict(list)
    rows = CriterionDecision.objects.filter(person__in=people, criterion_version__in=criteria)
    for decision in rows.order_by("on", "recorded_at", "pk"):
        found[decision.person_id, decision.criterion_version_id].append(decision)
    return found


def _standing(decisions: Decisions, enrolment: Enrolment, certified: CertifiedCriterion) -> CriterionDecision | None:
    """The newest one whose evidence is of the right kind, and recent enough for the enrolment."""
    since = timezone.make_aware(datetime.combine(enrolment.evidence_from, time.min))
    kinds = {certified.evidence, EvidenceKind.PRIOR_LEARNING}
    made = decisions.get((enrolment.person_id, certified.criterion_version_id), [])
    recent = [row for row in made if row.on >= since and row.evidence_kind in kinds]
    return recent[-1] if recent else None
