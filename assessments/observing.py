"""Judging by a sheet: one person, one criterion, seen on one day.

Before: an assessor watches at the counter. After: `courses.decisions.record`, as with a paper.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import AssessorSheet, ObservationGuideVersion
from courses import decisions
from courses.models import CriterionDecision, CriterionVersion, Enrolment, EvidenceKind
from lms.core import clock
from lms.core.actors import columns
from lms.core.errors import Refused
from lms.organisation.lines import people_below
from lms.organisation.models import Person, User


@dataclass(frozen=True, slots=True)
class Observation:
    """What the assessor saw and decided."""

    kind: str
    observed_on: date
    place: str
    outcome: str
    is_valid: bool
    is_authentic: bool
    is_current: bool
    is_sufficient: bool
    reason: str = ""
    seen: list[int] = field(default_factory=list)

    @property
    def has_all_ticks(self) -> bool:
        """Whether the evidence passes all four rules of evidence."""
        return self.is_valid and self.is_authentic and self.is_current and self.is_sufficient


@transaction.atomic
def judge(
    enrolment: Enrolment, criterion_version: CriterionVersion, observation: Observation, *, by: User
) -> AssessorSheet:
    """Write the sheet and record its decision. The same sheet sent twice is one sheet.

    Raises Refused for a day in the future or before evidence counts, for oneself, for one's own direct report,
    and for what `decisions.record` refuses.
    """
    _refuse_the_impossible(enrolment, observation, by=by)
    twin = _sent_before(enrolment, criterion_version, observation, by=by)
    if twin is not None:
        return twin
    sheet = AssessorSheet.objects.create(
        person=enrolment.person,
        course_version=enrolment.course_version,
        criterion_version=criterion_version,
        guide=guide_for(enrolment, criterion_version),
        on=_instant(observation.observed_on),
        **_columns(observation),
        **columns(by),
    )
    decisions.record(
        enrolment.person,
        criterion_version,
        course_version=enrolment.course_version,
        evidence=decisions.Evidence(kind=EvidenceKind(sheet.kind), row=sheet),
        by=by,
        on=sheet.on,
        judgement=_judgement(sheet),
    )
    return sheet


def refusal(person: Person, *, by: User) -> str:
    """Why `by` may not judge this person at all, in words; empty if they may."""
    if by.person_id == person.pk:
        return _("Nobody assesses themselves. Ask another assessor.")
    if by.person is not None and people_below(by.person, clock.today()).filter(person=person).exists():
        return _("This person reports to you. Ask another assessor, so that the decision is free of doubt.")
    return ""


def guide_for(enrolment: Enrolment, criterion_version: CriterionVersion) -> ObservationGuideVersion | None:
    """What to look for, as last published for the enrolment's course version."""
    guides = ObservationGuideVersion.objects.filter(
        course_version=enrolment.course_version_id, criterion_version=criterion_version
    )
    return guides.order_by("-edition").first()


def _refuse_the_impossible(enrolment: Enrolment, observation: Observation, *, by: User) -> None:
    reason = refusal(enrolment.person, by=by)
    if reason:
        raise Refused(reason)
    if observation.observed_on > clock.today():
        raise Refused(_("The date of the evidence lies in the future. Give the day on which you saw it."))
    if observation.observed_on < enrolment.evidence_from:
        raise Refused(
            _("Evidence for this course counts from %(day)s. Something seen before cannot be used.")
            % {"day": date_format(enrolment.evidence_from, "j F Y")}
        )
    is_competent = observation.outcome == CriterionDecision.Outcome.COMPETENT
    if is_competent and not observation.has_all_ticks:
        raise Refused(_("Competent needs evidence that is valid, authentic, current and sufficient: tick all four."))
    if not is_competent and not observation.reason.strip():
        raise Refused(_("Say why, so that the learner knows what to do next."))


def _sent_before(
    enrolment: Enrolment, criterion_version: CriterionVersion, observation: Observation, *, by: User
) -> AssessorSheet | None:
    # The enrolment's lock lets a double click's second sheet see the first.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    newest = (
        AssessorSheet.objects.filter(
            person=enrolment.person_id, course_version=enrolment.course_version_id, criterion_version=criterion_version
        )
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if newest is None or newest.by_user_id != by.pk:
        return None
    is_same = all(getattr(newest, name) == value for name, value in _columns(observation).items())
    return newest if is_same else None


def _columns(observation: Observation) -> dict[str, object]:
    names = ("kind", "observed_on", "place", "outcome", "reason", "seen")
    ticks = ("is_valid", "is_authentic", "is_current", "is_sufficient")
    return {name: getattr(observation, name) for name in names + ticks}


def _instant(day: date) -> datetime:
    """Today is now; an earlier day is its noon, since nobody wrote down the hour."""
    return clock.now() if day == clock.today() else timezone.make_aware(datetime.combine(day, time(12)))


def _judgement(sheet: AssessorSheet) -> decisions.Judgement:
    return decisions.Judgement(
        outcome=CriterionDecision.Outcome(sheet.outcome),
        is_valid=sheet.is_valid,
        is_authentic=sheet.is_authentic,
        is_current=sheet.is_current,
        is_sufficient=sheet.is_sufficient,
        place=sheet.place,
        reason=sheet.reason,
    )
