"""The public check: what it tells in each state, and what never."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from certificates import awards, revoking, sequencing
from certificates.models import Certificate, Issuer, Revocation, VerificationLookup
from lms.core import clock
from tests.certificates.fixtures import BY, MakeResult
from tests.plugins.time import SetClock

CHECK = "/verify/"


def checked(client: Client, number: str, surname: str = "Mokoena") -> str:
    response = client.post(CHECK, {"number": number, "surname": surname})
    assert response.status_code == 200
    return response.content.decode()


def scanned(client: Client, code: str, **typed: str) -> str:
    address = reverse("certificate_check_code", args=[code])
    response = client.post(address, typed) if typed else client.get(address)
    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def as_valid(certificate: Certificate, at: SetClock) -> str:
    at("2026-06-01")
    return "Valid"


def as_expired(certificate: Certificate, at: SetClock) -> str:
    at("2027-06-01")
    return "Expired"


def as_superseded(certificate: Certificate, at: SetClock) -> str:
    at("2026-06-01")
    newer = certificate.result
    assert newer is not None
    newer.pk, newer.uuid, newer.enrolment_id, newer.valid_from = (
        None,
        uuid4(),
        None,
        date(2026, 5, 1),
    )
    newer._state.adding = True
    newer.save()
    awards.award(newer, by=BY)
    sequencing.number_entries()
    return "Superseded"


def as_revoked(certificate: Certificate, at: SetClock) -> str:
    at("2026-06-01")
    reason = Revocation.Reason.ERROR
    revoking.revoke(certificate, reason_code=reason, public_wording="Issued twice.", internal_reason="secret", by=BY)
    return "Revoked"


STATES = [as_valid, as_expired, as_superseded, as_revoked]


@pytest.mark.parametrize("come_to", STATES)
@pytest.mark.parametrize("way", ["number", "code"])
def test_each_state_is_told_with_least_disclosure(
    client: Client, certificate: Certificate, at: SetClock, come_to: Callable[..., str], way: str
) -> None:
    word = come_to(certificate, at)
    page = checked(client, certificate.number) if way == "number" else scanned(client, certificate.code)
    for told in [
        word,
        "T. M****",
        "Courtesy at the counter",
        "Competence",
        "2 March 2026",
        "1 March 2027",
        "Ministry of",
    ]:
        assert told in page
    for never in ["Thandi", "Mokoena", "K10", "Brook", "91.5", "secret", "clerk", str(certificate.uuid)]:
        assert never not in page
    if come_to is as_revoked:
        assert "Issued twice." in page
        assert "1 June 2026" in page


UNKNOWN = "We know no such certificate."


def test_not_found_wrong_surname_and_not_yet_issued_are_one_answer(
    client: Client, certificate: Certificate, make_result: MakeResult, issuer: Issuer
) -> None:
    waiting = awards.award(make_result(), by=BY)
    pages = []
    for number, surname in [
        ("MCS-2026-00000-00000-K", "Mokoena"),
        ("nonsense", "Mokoena"),
        (certificate.number, "Mokoen"),
        (waiting.number, "Mokoena"),
    ]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            pages.append((checked(client, number, surname), len(queries)))
    with CaptureQueriesContext(connection) as queries:
        checked(client, certificate.number)
    assert {count for _page, count in pages} == {len(queries)}
    assert all(UNKNOWN in page for page, _count in pages)
    assert UNKNOWN in scanned(client, "A" * 22)
    assert UNKNOWN in scanned(client, waiting.code)
    assert not VerificationLookup.objects.filter(certificate=waiting).exists()


@pytest.mark.parametrize("spoil", [str.lower, lambda n: n.replace("-", " ")])
def test_the_number_may_be_typed_in_many_ways(
    client: Client, certificate: Certificate, at: SetClock, spoil: Callable[[str], str]
) -> None:
    at("2026-06-01")
    assert "Valid" in checked(client, spoil(certificate.number), "  MOKOENA ")


def test_the_name_as_printed_is_compared_and_not_told(client: Client, certificate: Certificate) -> None:
    assert "The name matches." in scanned(client, certificate.code, name="thandi mokoena")
    assert "The name does not match." in scanned(client, certificate.code, name="Thandi Mokone")
    assert UNKNOWN in scanned(client, "A" * 22, name="Thandi Mokoena")


def test_look_ups_are_kept_without_anything_about_who(client: Client, certificate: Certificate, at: SetClock) -> None:
    at("2026-06-01")
    checked(client, certificate.number, "Mokoena")
    checked(client, "x", "Somebody")
    scanned(client, certificate.code, name="Somebody Else")
    rows = VerificationLookup.objects.order_by("pk")
    assert [(row.way, row.answer) for row in rows] == [("number", "valid"), ("number", "not_found"), ("code", "valid")]
    kept = str(list(rows.values()))
    assert "Somebody" not in kept
    assert "127.0.0.1" not in kept


def test_an_empty_form_says_what_is_missing(client: Client, db: None) -> None:
    page = client.post(CHECK, {"number": "", "surname": ""}).content.decode()
    assert "govuk-error-summary" in page
    assert VerificationLookup.objects.count() == 0
    assert "noindex" in client.get(CHECK)["X-Robots-Tag"]


@pytest.mark.parametrize("junk", ["x" * 100_000, "\x00", "'; DROP TABLE", "🙂"])
def test_junk_is_no_error(client: Client, db: None, junk: str) -> None:
    assert client.post(CHECK, {"number": junk, "surname": junk}).status_code == 200


def test_too_many_checks_wait(client: Client, certificate: Certificate, settings: Settings, at: SetClock) -> None:
    at("2026-06-01")
    settings.CERTIFICATE_CHECKS_PER_MINUTE = 2
    codes = [client.get(reverse("certificate_check_code", args=[certificate.code])).status_code for _one in range(3)]
    assert codes == [200, 200, 429]
    assert client.post(CHECK, {"number": certificate.number, "surname": "x"}).status_code == 429
    at("2026-06-01T12:01")
    assert client.post(CHECK, {"number": certificate.number, "surname": "x"}).status_code == 200


def test_a_corrected_name_is_checked_as_it_was_printed(client: Client, certificate: Certificate) -> None:
    type(certificate.person).objects.filter(pk=certificate.person_id).update(surname="Dlamini")
    with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        assert "Valid" in checked(client, certificate.number, "Mokoena")
        assert UNKNOWN in checked(client, certificate.number, "Dlamini")
