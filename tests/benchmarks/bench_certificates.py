"""What certificates cost: drawing, issuing, verifying, looking up."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from certificates import awards, pdf, sequencing
from certificates.models import Certificate, Issuer
from certificates.verifying import verify
from courses.models import CourseVersion, Enrolment, Result
from lms.core.actors import columns
from lms.organisation.models import Person, User
from tests.benchmarks.conftest import Measure
from tests.benchmarks.figures import cpu_ms, report
from tests.certificates.fixtures import BY

pytestmark = pytest.mark.django_db
MANY = 2_000


@dataclass(frozen=True)
class Cost:
    """CPU time in milliseconds of one piece of work, once."""

    milliseconds: float


def once(work: Callable[[], object]) -> Cost:
    began = time.process_time_ns()
    work()
    return Cost((time.process_time_ns() - began) / 1e6)


@pytest.fixture
def many_results(make_version: Callable[..., CourseVersion]) -> list[Result]:
    """As many people, each with a result, made in bulk."""
    version, by = make_version(), columns(BY)
    people = Person.objects.bulk_create(Person(given_names=f"Given {n}", surname=f"Surname {n}") for n in range(MANY))
    day = version.review_due
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(person=person, course_version=version, evidence_from=day, **by) for person in people
    )
    return Result.objects.bulk_create(
        Result(person=enrolment.person, course_version=version, enrolment=enrolment, valid_from=day, **by)
        for enrolment in enrolments
    )


def test_drawing_a_certificate(certificate: Certificate) -> None:
    html = render_to_string("certificates/pdf/competence-1.html", pdf.context(certificate))
    policy = ResourceAccessPolicy(allow_remote=False, base_dir=str(pdf.FONTS))

    def bare() -> None:
        pisa.CreatePDF(html, dest=io.BytesIO(), encoding="utf-8", resource_policy=policy)

    floor = cpu_ms(bare, times=20)
    report(
        "certificate as PDF: CPU",
        cpu_ms(lambda: pdf.render(certificate), times=20),
        "ms",
        floor=floor,
        budget=1.3 * floor,
    )


def test_issuing_and_verifying_many(issuer: Issuer, many_results: list[Result]) -> None:
    issuing = once(lambda: (awards.award_missing(by=BY), sequencing.number_entries()))
    assert Certificate.objects.count() == MANY
    scaled = issuing.milliseconds / MANY * 10
    report("10,000 certificates issued (from 2,000): CPU", scaled, "s", budget=10)
    checking = once(verify)
    report("1,000,000 entries verified (from 2,000): CPU", checking.milliseconds / MANY * 1000, "s", budget=60)


def test_pages(certificate: Certificate, measure_page: Measure, client_of: Callable[[User | None], Client]) -> None:
    client = client_of(User.objects.get(person=certificate.person))
    measure_page("my certificates", client, reverse("certificate_list"))
    measure_page("a certificate", client, certificate.get_absolute_url())
    measure_page("certificate check", client_of(None), reverse("certificate_check_code", args=[certificate.code]))
