"""All that is on record about one person's training, for whoever may see results per criterion."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assessments.models import Attempt
from certificates import states
from certificates.models import Certificate
from courses.models import Attendance, CriterionDecision, Result
from courses.sessions import figures
from lms.dashboards import courses_offered, statuses_of, wording
from lms.dashboards.statuses_of import Line
from lms.organisation.models import Person, PostHolding


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate and what it is worth today."""

    certificate: Certificate
    state: states.State


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """The page."""

    posts: QuerySet[PostHolding]
    lines: list[tuple[Line, str]]
    decisions: QuerySet[CriterionDecision]
    attempts: QuerySet[Attempt]
    certificates: list[Held]
    attended: QuerySet[Attendance]
    elsewhere: QuerySet[Result]


def of(person: Person, today: date) -> PersonRecord:
    """The record as at today."""
    found = statuses_of.lines(Person.objects.filter(pk=person.pk), courses_offered.by_id(), today)
    decisions = CriterionDecision.objects.filter(person=person).order_by("criterion_version__criterion__code", "-on")
    attempts = Attempt.objects.filter(person=person).order_by("-on")
    certificates = Certificate.objects.filter(person=person).with_facts().select_related("course").order_by("-on")
    return PersonRecord(
        posts=PostHolding.objects.on(today).filter(person=person).select_related("post__category", "post__unit"),
        lines=[(line, wording.why(line.duty)) for line in found if line.duty is not None],
        decisions=decisions.select_related("criterion_version__criterion", "by_user__person"),
        attempts=attempts.select_related("enrolment__course_version__course", "submission"),
        certificates=[Held(certificate, states.of(certificate, today)) for certificate in certificates],
        attended=figures.attended_by(person),
        elsewhere=Result.objects.on(today)
        .filter(person=person)
        .exclude(source=Result.Source.OWN)
        .select_related("course_version")
        .order_by("-valid_from", "pk"),
    )
