"""A small office, a course with two criteria, and results in it, made from plain rows."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from certificates import awards, sequencing
from certificates.models import Certificate, Issuer, Signatory
from courses.models import (
    CertifiedCriterion,
    Course,
    CourseVersion,
    Criterion,
    CriterionDecision,
    CriterionVersion,
    Enrolment,
    EvidenceKind,
    Result,
    StudyUnit,
)
from lms.core import clock
from lms.core.actors import MachineRule, columns
from lms.organisation.models import Person
from tests.cast import Office, person

LONG_AGO = date(2020, 1, 1)
BY = MachineRule("test")
counted = itertools.count(1)

MakeResult = Callable[..., Result]
MakePerson = Callable[..., Person]


@pytest.fixture
def make_person(office: Office) -> MakePerson:
    """Somebody new with a seat of their own, at Brook unless said otherwise."""

    def make(given_names: str = "Thandi", surname: str = "Mokoena", unit: str = "brook") -> Person:
        seat = office.seat(f"seat-{next(counted)}", unit=unit)
        return person(office.hire(given_names, surname, seat))

    return make


@pytest.fixture
def issuer(db: None) -> Issuer:
    """Who issues here, with two signatories."""
    issuer = Issuer.objects.create(
        name="Ministry of Community Services",
        code="MCS",
        place="Eastmarket",
        contact="register@example.org",
        statement="This certificate does not replace a qualification.",
    )
    for order, (name, post) in enumerate([("Amaka Eze", "Director of Training"), ("Yusuf Bello", "Moderator")], 1):
        Signatory.objects.create(name=name, post=post, order=order, valid_from=LONG_AGO, **columns(BY))
    return issuer


@pytest.fixture
def make_version(db: None) -> Callable[..., CourseVersion]:
    """A published course version that certifies `criteria` criteria, half of them critical."""

    def make(code: str = "TST-1", *, criteria: int = 2, title: str = "Courtesy at the counter") -> CourseVersion:
        course, _new = Course.objects.get_or_create(code=code)
        unit, _new = StudyUnit.objects.get_or_create(code="T1", defaults={"title": "Meeting the customer"})
        version = CourseVersion.objects.create(
            course=course,
            number=course.versions.count() + 1,
            title=title,
            summary="Short.",
            purpose="To serve.",
            review_due=date(2030, 1, 1),
            moderator_name="M",
            planned_minutes=90,
            pass_percent=Decimal(70),
            met_percent=Decimal("66.67"),
            met_critical_percent=Decimal(80),
            holds_months=12,
            content_hash="ab" * 32,
            **columns(BY),
        )
        for n in range(1, criteria + 1):
            criterion, _new = Criterion.objects.get_or_create(unit=unit, code=f"T1.C{n:02}")
            worded, _new = CriterionVersion.objects.get_or_create(
                criterion=criterion,
                number=1,
                defaults={
                    "text": f"Greets within the standard and finds the need, case {n}.",
                    "is_critical": n % 2 == 0,
                },
            )
            CertifiedCriterion.objects.create(
                course_version=version, criterion_version=worded, evidence=EvidenceKind.PAPER
            )
        return version

    return make


@pytest.fixture
def make_result(make_version: Callable[..., CourseVersion], make_person: MakePerson) -> MakeResult:
    """A result of our own assessment, with a decision per criterion, as `results.settle` leaves it."""

    def make(
        person: Person | None = None,
        *,
        version: CourseVersion | None = None,
        competent_on: date = date(2026, 3, 2),
        holds_until: date | None = date(2027, 3, 1),
    ) -> Result:
        person = person or make_person()
        version = version or CourseVersion.objects.order_by("pk").last() or make_version()
        enrolment = Enrolment.objects.create(
            person=person, course_version=version, evidence_from=competent_on, **columns(BY)
        )
        result = Result.objects.create(
            person=person,
            course_version=version,
            enrolment=enrolment,
            valid_from=competent_on,
            holds_until=holds_until,
            overall_percent=Decimal("91.5"),
            **columns(BY),
        )
        for certified in version.certified.all():
            decision = CriterionDecision.objects.create(
                person=person,
                criterion_version=certified.criterion_version,
                course_version=version,
                outcome=CriterionDecision.Outcome.COMPETENT,
                evidence_kind=EvidenceKind.PAPER,
                evidence_type="tests.Paper",
                evidence_uuid=uuid4(),
                points=Decimal(9),
                points_possible=Decimal(10),
                **columns(BY),
            )
            result.decisions.add(decision)
        return result

    return make


@pytest.fixture
def make_certificate(issuer: Issuer, make_result: MakeResult) -> Callable[..., Certificate]:
    """An issued certificate; arguments as for `make_result`."""

    def make(*args: object, at: datetime = datetime(2026, 3, 2, 10, tzinfo=UTC), **kwargs: object) -> Certificate:
        with clock.at(at):
            certificate = awards.award(make_result(*args, **kwargs), by=awards.AWARDING_RULE)
            sequencing.number_entries()
        return Certificate.objects.with_facts().get(pk=certificate.pk)

    return make


@pytest.fixture
def certificate(make_certificate: Callable[..., Certificate]) -> Certificate:
    """Thandi's, issued on 2 March 2026, good until 1 March 2027."""
    return make_certificate()
