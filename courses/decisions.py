"""Recording a decision on a criterion: the one end of every kind of evidence. Results follow in the same transaction.

Before: marking a paper, an assessor's sheet, prior learning. After: `results.settle`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext as _

from courses import results, scores
from courses.models import CertifiedCriterion, CourseVersion, CriterionDecision, CriterionVersion, EvidenceKind
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.models import Person, User

Outcome = CriterionDecision.Outcome


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decision rests on: a row with a `uuid`, such as an attempt or a sheet, and its points where it has any."""

    kind: EvidenceKind
    row: models.Model
    points: Decimal | None = None
    possible: Decimal | None = None
    has_critical_error: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's verdict on evidence, with the four ticks: valid, authentic, current, sufficient."""

    outcome: CriterionDecision.Outcome
    is_valid: bool
    is_authentic: bool
    is_current: bool
    is_sufficient: bool
    place: str = ""
    reason: str = ""

    @property
    def has_all_ticks(self) -> bool:
        """Whether the evidence passes all four rules of evidence."""
        return self.is_valid and self.is_authentic and self.is_current and self.is_sufficient


@transaction.atomic
def record(
    person: Person,
    criterion_version: CriterionVersion,
    *,
    course_version: CourseVersion,
    evidence: Evidence,
    by: Actor,
    on: datetime | None = None,
    judgement: Judgement | None = None,
) -> CriterionDecision:
    """Record one decision and settle the results that it may complete. The same evidence twice changes nothing.

    With points the outcome is the course version's rule; without, `judgement` says it. `on` is when the evidence was
    given, now by default. Raises Refused for a future date, for evidence that the course does not take for this
    criterion, for somebody judging themselves, and for *competent* without all four ticks.
    """
    on = on or clock.now()
    certified = _certified(course_version, criterion_version, evidence.kind)
    _refuse_the_impossible(person, on=on, by=by, judgement=judgement)
    decision, is_new = CriterionDecision.objects.get_or_create(
        criterion_version=criterion_version,
        evidence_type=evidence.row._meta.label,
        evidence_uuid=evidence.row.uuid,  # type: ignore[attr-defined]  # every kind of evidence has one
        defaults={
            "person": person,
            "course_version": course_version,
            "on": on,
            "outcome": _outcome(certified, evidence, judgement),
            "evidence_kind": evidence.kind,
            "points": evidence.points,
            "points_possible": evidence.possible,
            "has_critical_error": evidence.has_critical_error,
            **_judgement_columns(judgement),
            **columns(by),
        },
    )
    if is_new:
        results.settle_all(person, criterion_version)
    return decision


def _certified(version: CourseVersion, criterion: CriterionVersion, kind: EvidenceKind) -> CertifiedCriterion:
    certified = CertifiedCriterion.objects.filter(course_version=version, criterion_version=criterion).first()
    if certified is None or kind not in {certified.evidence, EvidenceKind.PRIOR_LEARNING}:
        raise Refused(
            _("%(course)s does not take this kind of evidence for %(criterion)s.")
            % {"course": version, "criterion": criterion}
        )
    return certified


def _refuse_the_impossible(person: Person, *, on: datetime, by: Actor, judgement: Judgement | None) -> None:
    if on > clock.now():
        raise Refused(_("The date of the evidence lies in the future. Give the day on which you saw it."))
    if judgement is None:
        return
    if isinstance(by, User) and by.person_id == person.pk:
        raise Refused(_("Nobody assesses themselves. Ask another assessor."))
    if judgement.outcome == Outcome.COMPETENT and not judgement.has_all_ticks:
        raise Refused(_("Competent needs evidence that is valid, authentic, current and sufficient: tick all four."))


def _outcome(certified: CertifiedCriterion, evidence: Evidence, judgement: Judgement | None) -> str:
    if judgement is not None:
        return judgement.outcome
    if evidence.points is None or evidence.possible is None:
        raise ValueError("Evidence without points needs a judgement.")
    version = certified.course_version
    critical = certified.criterion_version.is_critical
    met = scores.is_met(
        evidence.points,
        evidence.possible,
        needed_percent=version.met_critical_percent if critical else version.met_percent,
        has_critical_error=evidence.has_critical_error,
    )
    return Outcome.COMPETENT if met else Outcome.NOT_YET


def _judgement_columns(judgement: Judgement | None) -> dict[str, object]:
    if judgement is None:
        return {}
    names = ("is_valid", "is_authentic", "is_current", "is_sufficient", "place", "reason")
    return {name: getattr(judgement, name) for name in names}
