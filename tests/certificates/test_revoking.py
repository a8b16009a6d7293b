"""Taking back and issuing anew."""

from datetime import UTC, date, datetime

import pytest

from certificates import awards, reissuing, revoking, sequencing, states
from certificates.models import Certificate, RegisterEntry, Revocation
from courses import results
from courses.models import Result
from lms.core import clock, dated
from lms.core.errors import Refused
from lms.organisation.models import Person
from tests.certificates.fixtures import BY

Reason = Revocation.Reason


def revoke(
    certificate: Certificate, reason: Revocation.Reason = Reason.FRAUD, *, ends_result: bool = False
) -> Revocation:
    with clock.at(datetime(2026, 5, 4, 8, tzinfo=UTC)):
        return revoking.revoke(
            certificate,
            reason_code=reason,
            public_wording="Revoked.",
            internal_reason="Somebody else sat the paper.",
            by=BY,
            ends_result=ends_result,
        )


def test_fraud_ends_the_result_and_is_in_the_log(certificate: Certificate) -> None:
    revoke(certificate)
    assert not Result.objects.held().exists()
    entry = RegisterEntry.objects.get(kind="revocation")
    assert (entry.number, entry.position) == (certificate.number, None)
    assert b"Somebody else" not in bytes(entry.public_part)
    sequencing.number_entries()
    assert RegisterEntry.objects.get(kind="revocation").position == 1


def test_a_mistake_in_the_name_leaves_the_result(certificate: Certificate) -> None:
    revoke(certificate, Reason.NAME_ERROR, ends_result=True)
    assert Result.objects.held().get().valid_until is None


@pytest.mark.parametrize("ends", [True, False])
def test_another_reason_ends_the_result_only_when_told(certificate: Certificate, ends: bool) -> None:
    revoke(certificate, Reason.OTHER, ends_result=ends)
    assert Result.objects.held().exists() is not ends


def test_revoking_again_for_the_same_reason_changes_nothing(certificate: Certificate) -> None:
    assert revoke(certificate) == revoke(certificate)
    assert RegisterEntry.objects.filter(kind="revocation").count() == 1


def test_revoking_again_for_another_reason_is_refused(certificate: Certificate) -> None:
    revoke(certificate)
    with pytest.raises(Refused, match="revoked on"):
        revoke(certificate, Reason.ERROR)


def test_a_withdrawn_result_takes_its_certificate_with_it(certificate: Certificate) -> None:
    assert certificate.result is not None
    result = results.end(certificate.result, on=certificate.competent_on, by=BY, reason="Wrong person.")
    awards.follow_result({"result": result.pk})
    awards.follow_result({"result": result.pk})
    revocation = Revocation.objects.get()
    assert (revocation.reason_code, revocation.by) == ("other", revoking.WITHDRAWAL_RULE)


def test_a_corrected_result_supersedes_the_certificate(certificate: Certificate) -> None:
    assert certificate.result is not None
    new = dated.supersede(certificate.result, by=BY, reason="The day was wrong.", valid_from=date(2026, 3, 3))
    awards.follow_result({"result": certificate.result.pk})
    awards.follow_result({"result": new.pk})
    sequencing.number_entries()
    old, corrected = Certificate.objects.with_facts().order_by("pk")
    assert not Revocation.objects.exists()
    assert states.of(old) == "superseded"
    assert states.of(corrected) == "valid"


def test_a_reissue_has_a_new_number_and_says_what_it_replaces(certificate: Certificate) -> None:
    Person.objects.filter(pk=certificate.person_id).update(surname="Mokwena")
    with pytest.raises(Refused, match="Revoke"):
        reissuing.reissue(certificate, by=BY)
    revoke(certificate, Reason.NAME_ERROR)
    old = Certificate.objects.get()
    assert reissuing.may_be_reissued(old)
    new = reissuing.reissue(old, by=BY)
    assert reissuing.reissue(old, by=BY) == new
    assert not reissuing.may_be_reissued(old)
    assert new.number != old.number
    assert (new.replaces, new.holder) == (old, "Thandi Mokwena")
    assert RegisterEntry.objects.get(certificate=new).kind == "correction"
    assert awards.award_missing(by=BY) == 0


def test_after_fraud_nothing_is_issued_anew(certificate: Certificate) -> None:
    revoke(certificate)
    with pytest.raises(Refused, match="no longer holds"):
        reissuing.reissue(Certificate.objects.get(), by=BY)
