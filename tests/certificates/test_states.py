"""States on past and future days, computed from facts."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from certificates import awards, revoking, sequencing, states
from certificates.models import Certificate, Issuer, Revocation
from certificates.states import Facts, State, compute
from courses import results
from lms.core import clock
from tests.certificates.fixtures import BY, MakeResult
from tests.plugins.time import SetClock

ISSUED = date(2026, 3, 2)


def fresh(certificate: Certificate) -> Certificate:
    return Certificate.objects.with_facts().get(pk=certificate.pk)


@pytest.mark.parametrize(
    ("facts", "day", "state"),
    [
        (Facts(False, ISSUED), date(2026, 3, 2), State.BEING_ISSUED),
        (Facts(True, ISSUED), date(2026, 3, 1), State.BEING_ISSUED),
        (Facts(True, ISSUED), date(2099, 1, 1), State.VALID),
        (Facts(True, ISSUED, last_good_day=date(2027, 3, 1)), date(2027, 3, 1), State.VALID),
        (Facts(True, ISSUED, last_good_day=date(2027, 3, 1)), date(2027, 3, 2), State.EXPIRED),
        (Facts(True, ISSUED, superseded_on=date(2026, 9, 1)), date(2026, 8, 31), State.VALID),
        (Facts(True, ISSUED, superseded_on=date(2026, 9, 1)), date(2026, 9, 1), State.SUPERSEDED),
        (Facts(True, ISSUED, revoked_on=date(2026, 9, 1)), date(2026, 8, 31), State.VALID),
        (Facts(True, ISSUED, date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)), date(2026, 7, 1), State.REVOKED),
        (Facts(True, ISSUED, date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)), date(2026, 6, 1), State.SUPERSEDED),
        (Facts(False, ISSUED, revoked_on=ISSUED), ISSUED, State.REVOKED),
    ],
)
def test_each_fact_tells_from_its_day_on(facts: Facts, day: date, state: State) -> None:
    assert compute(facts, day) == state


def test_an_award_is_being_issued_until_its_entry_has_a_position(issuer: Issuer, make_result: MakeResult) -> None:
    certificate = awards.award(make_result(), by=awards.AWARDING_RULE)
    assert states.of(fresh(certificate)) == State.BEING_ISSUED
    sequencing.number_entries()
    assert states.of(fresh(certificate)) == State.VALID


def test_a_certificate_holds_through_its_last_good_day(certificate: Certificate, at: SetClock) -> None:
    at("2027-03-01")
    assert states.of(certificate) == State.VALID
    at("2027-03-02")
    assert states.of(certificate) == State.EXPIRED


def test_a_renewal_supersedes_from_its_award(
    certificate: Certificate, make_certificate: Callable[..., Certificate]
) -> None:
    renewal = make_certificate(
        certificate.person, competent_on=date(2027, 1, 10), holds_until=None, at=datetime(2027, 1, 10, 9, tzinfo=UTC)
    )
    old = fresh(certificate)
    assert states.of(old, date(2027, 1, 9)) == State.VALID
    assert states.of(old, date(2027, 1, 10)) == State.SUPERSEDED
    assert states.of(renewal, date(2030, 1, 1)) == State.VALID


def test_a_renewal_that_is_revoked_supersedes_nothing(
    certificate: Certificate, make_certificate: Callable[..., Certificate]
) -> None:
    renewal = make_certificate(certificate.person, competent_on=date(2026, 9, 1), at=datetime(2026, 9, 1, tzinfo=UTC))
    reason = Revocation.Reason.FRAUD
    with clock.at(datetime(2026, 10, 1, tzinfo=UTC)):
        revoking.revoke(renewal, reason_code=reason, public_wording="x", internal_reason="y", by=BY)
    assert states.of(fresh(renewal), date(2026, 10, 1)) == State.REVOKED
    assert states.of(fresh(certificate), date(2026, 10, 1)) == State.VALID


def test_another_persons_or_courses_award_supersedes_nothing(
    certificate: Certificate,
    make_certificate: Callable[..., Certificate],
    make_version: Callable[..., object],
) -> None:
    make_certificate(competent_on=date(2026, 9, 1))
    make_certificate(certificate.person, version=make_version("TST-2"), competent_on=date(2026, 9, 1))
    assert states.of(fresh(certificate), date(2026, 9, 2)) == State.VALID


def test_an_ended_result_ends_what_the_certificate_is_worth(certificate: Certificate) -> None:
    assert certificate.result is not None
    results.end(certificate.result, on=date(2026, 8, 1), by=BY, reason="The document was replaced.")
    assert states.of(fresh(certificate), date(2026, 7, 31)) == State.VALID
    assert states.of(fresh(certificate), date(2026, 8, 1)) == State.EXPIRED
