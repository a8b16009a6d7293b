"""kill -9 of the worker between result and award: the result stands, and exactly one certificate follows."""

import pytest
from django.core.management import call_command

from certificates.models import Certificate, Issuer
from courses import decisions, enrolling, reading
from courses.models import CourseVersion, CriterionDecision, Enrolment, EvidenceKind, Result
from lms.core.models import OutboxJob
from lms.organisation.models import User
from tests.plugins.live_site import LiveSite
from tools.processes import wait_until

pytestmark = pytest.mark.services
Outcome = CriterionDecision.Outcome


def test_a_result_whose_worker_was_killed_is_certified_exactly_once(
    live_site: LiveSite, tiny_course: CourseVersion, issuer: Issuer, learner: User, assessor: User
) -> None:
    live_site.kill_worker()
    enrolment = _learn(tiny_course, learner)
    result = _pass(enrolment, assessor)
    assert not Certificate.objects.exists()
    assert OutboxJob.objects.filter(done_at__isnull=True).exists()

    live_site.start_beat()
    live_site.start_worker()
    # Killed once more, as likely as not in the middle of it.
    wait_until(lambda: OutboxJob.objects.filter(tries__gt=0).exists() or Certificate.objects.exists(), seconds=180)
    live_site.kill_worker()
    live_site.start_worker()

    numbered = Certificate.objects.filter(result=result, entries__position__isnull=False)
    wait_until(numbered.exists, seconds=180)
    wait_until(lambda: not OutboxJob.objects.filter(done_at__isnull=True).exists(), seconds=180)
    call_command("award_missing")
    assert Certificate.objects.count() == 1
    call_command("register_verify")


def _learn(version: CourseVersion, learner: User) -> Enrolment:
    assert learner.person is not None
    enrolment = enrolling.enrol(learner.person, version.course, by=learner)
    for lesson in version.lessons.all():
        finish = reading.acknowledge if lesson.completion == "acknowledged" else reading.complete
        finish(enrolment, lesson, by=learner)
    return enrolment


def _pass(enrolment: Enrolment, assessor: User) -> Result:
    judgement = decisions.Judgement(Outcome.COMPETENT, True, True, True, True, place="Brook")
    for certified in enrolment.course_version.certified.all():
        # Any row with a uuid can be evidence; here it is the enrolment itself.
        evidence = decisions.Evidence(EvidenceKind(certified.evidence), enrolment)
        decisions.record(
            enrolment.person,
            certified.criterion_version,
            course_version=enrolment.course_version,
            evidence=evidence,
            by=assessor,
            judgement=judgement,
        )
    return Result.objects.get(enrolment=enrolment)
