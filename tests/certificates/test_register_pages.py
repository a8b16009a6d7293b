"""The register and a certificate's page: who sees what, and what they can do."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates import revoking, sequencing, states
from certificates.models import Certificate, RegisterEntry, Revocation
from certificates.states import State
from courses.models import CourseVersion, Result
from lms.core.models import AuditEntry
from lms.organisation import grants
from lms.organisation.models import Person, Role, User
from tests.cast import SINCE, Office
from tests.certificates.fixtures import BY, MakePerson
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _in_june(at: SetClock) -> None:
    at("2026-06-01")


@pytest.fixture
def owner(certificate: Certificate) -> User:
    return User.objects.get(person=certificate.person)


def page(client: Client, address: str, **asked: str) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_holder_sees_and_downloads_it(client_for: ClientFor, owner: User, certificate: Certificate) -> None:
    client = client_for(owner)
    assert certificate.number in page(client, reverse("certificate_list"))
    shown = page(client, certificate.get_absolute_url())
    assert "Valid" in shown
    assert certificate.code in shown
    file = client.get(reverse("certificate_pdf", args=[certificate.uuid]))
    assert file["Content-Type"] == "application/pdf"
    assert f'filename="{certificate.number}.pdf"' in file["Content-Disposition"]
    assert file.content.startswith(b"%PDF")
    assert not AuditEntry.objects.filter(action__startswith="certificate").exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("hr", 200),
        ("auditor", 200),
        ("administrator", 200),
        ("her_manager", 403),
        ("integrity_officer", 403),
        ("stranger", 404),
        ("colleague", 404),
    ],
)
@pytest.mark.parametrize("name", ["certificate", "certificate_pdf"])
def test_others_by_their_role(
    request: pytest.FixtureRequest,
    client_for: ClientFor,
    office: Office,
    make_certificate: Callable[..., Certificate],
    who: str,
    status: int,
    name: str,
) -> None:
    other: User = request.getfixturevalue(who)
    learner: User = request.getfixturevalue("learner")
    certificate = make_certificate(learner.person)
    response = client_for(other).get(reverse(name, args=[certificate.uuid]))
    assert response.status_code == status
    looked = AuditEntry.objects.filter(subject_id=str(certificate.uuid), by_user=other).exists()
    assert looked is (status == 200)


@pytest.mark.parametrize(
    ("who", "sees", "exports"),
    [
        ("hr", 200, 200),
        ("auditor", 200, 200),
        ("administrator", 200, 403),
        ("her_manager", 403, 403),
        ("integrity_officer", 403, 403),
        ("learner", 403, 403),
    ],
)
def test_the_register_is_for_those_who_keep_it(
    request: pytest.FixtureRequest, client_for: ClientFor, office: Office, who: str, sees: int, exports: int
) -> None:
    request.getfixturevalue("learner")
    client = client_for(request.getfixturevalue(who))
    assert client.get(reverse("register")).status_code == sees
    assert client.get(reverse("register_export")).status_code == exports


def test_somebody_not_signed_in_is_sent_to_sign_in(client: Client, certificate: Certificate) -> None:
    for address in [certificate.get_absolute_url(), reverse("register"), reverse("certificate_list")]:
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_the_register_shows_only_ones_own_part(
    client_for: ClientFor, office: Office, make_certificate: Callable[..., Certificate], make_person: MakePerson
) -> None:
    hill_hr = office.hire("Lena", "Fourie", "assessor-desk")
    grants.grant(hill_hr, Role.TRAINING_COORDINATOR, office.units["hill"], from_day=SINCE, by=BY)
    make_certificate(make_person("Ayo", "Brook", "brook"))
    hidden = make_certificate(make_person("Sam", "Quay", "quay"))
    client = client_for(hill_hr)
    shown = page(client, reverse("register"))
    assert "Ayo Brook" in shown
    assert "Sam Quay" not in shown
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert "Sam Quay" not in page(client, reverse("register"), q=hidden.number)


def test_finding_by_number_name_unit_course_state_and_date(
    client_for: ClientFor,
    hr: User,
    office: Office,
    make_certificate: Callable[..., Certificate],
    make_person: MakePerson,
    make_version: Callable[..., CourseVersion],
) -> None:
    first = make_version("TST-1")
    ayo = make_certificate(make_person("Ayo", "Ọládélé", "brook"), version=first)
    make_certificate(
        make_person("Sam", "Quinn", "quay"),
        version=make_version("TST-2"),
        at=datetime(2026, 5, 1, tzinfo=UTC),
        competent_on=date(2026, 5, 1),
        holds_until=date(2026, 5, 20),
    )
    client = client_for(hr)
    asks: list[tuple[dict[str, str], bool, bool]] = [
        ({"q": ayo.number.lower()}, True, False),
        ({"q": "olade"}, True, False),
        ({"q": "quinn sam"}, False, True),
        ({"q": "sam"}, False, False),
        ({"unit": str(office.units["hill"].uuid)}, True, False),
        ({"course": "TST-2"}, False, True),
        ({"state": "valid"}, True, False),
        ({"state": "expired"}, False, True),
        ({"state": "revoked"}, False, False),
        ({"issued_from": "2026-04-01"}, False, True),
        ({"issued_until": "2026-04-01"}, True, False),
        ({}, True, True),
    ]
    for asked, has_ayo, has_sam in asks:
        shown = page(client, reverse("register"), **asked)
        assert ("Ayo Ọládélé" in shown, "Sam Quinn" in shown) == (has_ayo, has_sam), asked


def test_the_register_asks_the_same_at_three_rows_and_at_thirty(
    client_for: ClientFor, hr: User, make_certificate: Callable[..., Certificate], make_version: Callable[..., object]
) -> None:
    make_version()
    client = client_for(hr)
    counts = []
    for rows in (3, 27):
        for _one in range(rows):
            make_certificate()
        page(client, reverse("register"))
        with CaptureQueriesContext(connection) as queries:
            page(client, reverse("register"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_my_certificates_ask_the_same_whatever_their_number(
    client_for: ClientFor,
    owner: User,
    make_certificate: Callable[..., Certificate],
    make_version: Callable[..., object],
) -> None:
    client = client_for(owner)
    counts = []
    for rows in (2, 9):
        for _one in range(rows):
            make_certificate(owner.person, competent_on=date(2026, 4, 1))
        page(client, reverse("certificate_list"))
        with CaptureQueriesContext(connection) as queries:
            page(client, reverse("certificate_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_the_list_leaves_with_a_purpose_and_runs_nothing(
    client_for: ClientFor, hr: User, make_certificate: Callable[..., Certificate], make_person: MakePerson
) -> None:
    make_certificate(make_person("=cmd|' /C calc'!A0", "Evil"))
    client = client_for(hr)
    refused = client.post(reverse("register_export"), {"purpose": ""})
    assert refused["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.filter(action="register exported").exists()
    response = client.post(reverse("register_export") + "?state=valid", {"purpose": "Audit 2026"})
    rows = list(csv.reader(b"".join(response).decode("utf-8-sig").splitlines()))
    assert rows[1][1].startswith("'=cmd")
    assert rows[1][12] == "Valid"
    entry = AuditEntry.objects.get(action="register exported")
    assert (entry.purpose, entry.by_user) == ("Audit 2026", hr)


REVOKE = {
    "reason_code": "name_error",
    "public_wording": "The name was misspelt.",
    "internal_reason": "HR wrote it wrong.",
}


def test_revoking_shows_everywhere_at_once(
    client_for: ClientFor, administrator: User, owner: User, certificate: Certificate, client: Client
) -> None:
    admin = client_for(administrator)
    address = reverse("certificate_revoke", args=[certificate.uuid])
    assert address in page(admin, certificate.get_absolute_url())
    assert admin.post(address, REVOKE).status_code == 302
    assert "Revoked" in page(admin, reverse("register"))
    hers = page(client_for(owner), certificate.get_absolute_url())
    assert "The name was misspelt." in hers
    assert "HR wrote it wrong." not in hers
    assert "Download" not in hers
    assert client_for(owner).get(reverse("certificate_pdf", args=[certificate.uuid])).status_code == 409
    assert (
        "The name was misspelt."
        in client.get(reverse("certificate_check_code", args=[certificate.code])).content.decode()
    )
    assert RegisterEntry.objects.filter(kind="revocation", certificate=certificate).exists()
    assert Result.objects.held().filter(valid_until__isnull=True).count() == 1


def test_after_a_mistake_in_the_name_another_is_issued(
    client_for: ClientFor, administrator: User, certificate: Certificate
) -> None:
    admin = client_for(administrator)
    Person.objects.filter(pk=certificate.person_id).update(surname="Mokwena")
    admin.post(reverse("certificate_revoke", args=[certificate.uuid]), REVOKE)
    address = reverse("certificate_reissue", args=[certificate.uuid])
    assert address in page(admin, certificate.get_absolute_url())
    assert admin.get(address).status_code == 405
    admin.post(address)
    sequencing.number_entries()
    new = Certificate.objects.with_facts().get(replaces=certificate)
    assert states.of(new) == State.VALID
    assert f"Replaces {certificate.number}" in page(admin, new.get_absolute_url())


def test_a_revocation_without_its_reasons_is_refused(
    client_for: ClientFor, administrator: User, certificate: Certificate
) -> None:
    address = reverse("certificate_revoke", args=[certificate.uuid])
    response = client_for(administrator).post(address, {**REVOKE, "internal_reason": ""})
    assert "govuk-error-summary" in response.content.decode()
    assert not Revocation.objects.exists()


@pytest.mark.parametrize("who", ["hr", "auditor", "her_manager", "learner"])
def test_only_administrators_revoke(
    request: pytest.FixtureRequest, client_for: ClientFor, certificate: Certificate, who: str
) -> None:
    address = reverse("certificate_revoke", args=[certificate.uuid])
    assert client_for(request.getfixturevalue(who)).post(address, REVOKE).status_code == 403
    assert not Revocation.objects.exists()


@pytest.mark.parametrize("state", list(State))
def test_the_database_and_the_rule_agree_on_states(
    make_certificate: Callable[..., Certificate], at: SetClock, state: State
) -> None:
    held = make_certificate()
    make_certificate(held.person, competent_on=date(2026, 4, 1), at=datetime(2026, 4, 1, tzinfo=UTC))
    make_certificate(holds_until=date(2026, 5, 1))
    gone = make_certificate()
    revoking.revoke(gone, reason_code=Revocation.Reason.ERROR, public_wording="x", internal_reason="x", by=BY)
    make_certificate(holds_until=None)
    for day in [date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 2), date(2026, 6, 1)]:
        rows = Certificate.objects.with_facts()
        by_rule = {row.pk for row in rows if states.of(row, day) == state}
        assert {row.pk for row in states.rows_in(rows, state, day)} == by_rule
