"""The last step on the learner's course page."""

from certificates import awards, sequencing
from certificates.course_page import certificate_steps
from certificates.models import Issuer
from tests.certificates.fixtures import BY, MakeResult
from tests.plugins.time import SetClock


def test_the_certificate_comes_is_made_and_is_there(issuer: Issuer, make_result: MakeResult, at: SetClock) -> None:
    at("2026-03-02")
    result = make_result()
    enrolment = result.enrolment
    assert enrolment is not None
    (step,) = certificate_steps(enrolment)
    assert (step.is_open, step.is_done) == (False, False)
    certificate = awards.award(result, by=BY)
    (step,) = certificate_steps(enrolment)
    assert (step.is_open, step.is_done, step.url) == (True, False, certificate.get_absolute_url())
    sequencing.number_entries()
    (step,) = certificate_steps(enrolment)
    assert step.is_done
    assert step.detail == "Ready to download, valid until 1 March 2027."
