"""The commands about one certificate and about missing ones."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certificates import numbers, revoking
from certificates.models import Certificate, Issuer, Revocation
from tests.certificates.fixtures import BY, MakeResult
from tests.plugins.time import SetClock


def said(*args: object) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


def test_a_certificate_says_what_it_is_worth(certificate: Certificate, at: SetClock) -> None:
    at("2026-06-01")
    told = said("certificate", certificate.number.lower())
    assert f"{certificate.number}: valid" in told
    assert "valid until 2027-03-01" in told


def test_its_file_is_written_unless_revoked(certificate: Certificate, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    said("certificate", certificate.number, "--pdf", file)
    assert file.read_bytes().startswith(b"%PDF")
    reason = Revocation.Reason.ERROR
    revoking.revoke(certificate, reason_code=reason, public_wording="x", internal_reason="x", by=BY)
    with pytest.raises(CommandError, match="no file") as failure:
        said("certificate", certificate.number, "--pdf", file)
    assert failure.value.returncode == 1


@pytest.mark.parametrize(("number", "code"), [("nonsense", 2), ("MCS-2026-12345-67890-A", 2)])
def test_a_number_that_cannot_be_is_bad_input(db: None, number: str, code: int) -> None:
    with pytest.raises(CommandError, match="check character") as failure:
        said("certificate", number)
    assert failure.value.returncode == code


def test_an_unknown_number_is_refused(certificate: Certificate) -> None:
    with pytest.raises(CommandError, match="There is no certificate") as failure:
        said("certificate", numbers.new("XYZ", 2026))
    assert failure.value.returncode == 1


def test_missing_ones_are_awarded_once(issuer: Issuer, make_result: MakeResult) -> None:
    make_result()
    assert said("award_missing") == "1 awarded, 1 entries numbered\n"
    assert said("award_missing") == "0 awarded, 0 entries numbered\n"


def test_without_an_issuer_the_command_says_what_to_do(make_result: MakeResult) -> None:
    make_result()
    with pytest.raises(CommandError, match="Set one up"):
        said("award_missing")
