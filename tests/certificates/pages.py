"""The room's pages in their states, for the walk by roles and for axe."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from certificates import awards, revoking, sequencing
from certificates.models import Certificate, Revocation
from lms.organisation.models import User
from tests.certificates.fixtures import BY
from tests.page_cases import ACCOUNT, LEARNER, NOBODY, Fixtures, PageCase

LONG_AGO = datetime(2021, 3, 2, 10, tzinfo=UTC)


def _valid(f: Fixtures) -> Certificate:
    certificate: Certificate = f.getfixturevalue("make_certificate")(holds_until=None)
    return certificate


def _expired(f: Fixtures) -> Certificate:
    make = f.getfixturevalue("make_certificate")
    certificate: Certificate = make(competent_on=date(2021, 3, 2), holds_until=date(2022, 3, 1), at=LONG_AGO)
    return certificate


def _superseded(f: Fixtures) -> Certificate:
    old = _expired(f)
    f.getfixturevalue("make_certificate")(old.person, holds_until=None)
    return old


def _revoked(f: Fixtures) -> Certificate:
    certificate = _valid(f)
    reason = Revocation.Reason.NAME_ERROR
    revoking.revoke(certificate, reason_code=reason, public_wording="Misspelt.", internal_reason="By HR.", by=BY)
    sequencing.number_entries()
    return certificate


def _being_issued(f: Fixtures) -> Certificate:
    f.getfixturevalue("issuer")
    return awards.award(f.getfixturevalue("make_result")(), by=BY)


STATES = {
    "valid": _valid,
    "expired": _expired,
    "superseded": _superseded,
    "revoked": _revoked,
    "being issued": _being_issued,
}
KEY = pytest.StashKey[dict[str, Certificate]]()


def _made(f: Fixtures, state: str) -> Certificate:
    """One for each test, however often it is asked for."""
    made: dict[str, Certificate] = f.node.stash.setdefault(KEY, {})
    if state not in made:
        made[state] = STATES[state](f)
    return made[state]


def _uuid(state: str) -> Any:
    return lambda f: {"uuid": _made(f, state).uuid}


def _code(state: str) -> Any:
    return lambda f: {"code": _made(f, state).code}


def _holder(state: str) -> Any:
    return lambda f: User.objects.get(person=_made(f, state).person_id)


def _administrator(f: Fixtures) -> User:
    user: User = f.getfixturevalue("administrator")
    return user


def _hr_with_rows(f: Fixtures) -> User:
    for state in ("valid", "superseded", "revoked"):
        _made(f, state)
    user: User = f.getfixturevalue("hr")
    return user


def _learner_with_rows(f: Fixtures) -> User:
    return User.objects.get(person=_made(f, "superseded").person_id)


PAGES = [
    PageCase("certificate_check", NOBODY),
    PageCase("certificate_check_code", NOBODY, "not found", kwargs=lambda f: {"code": "A" * 22}),
    *(PageCase("certificate_check_code", NOBODY, state, kwargs=_code(state)) for state in list(STATES)[:4]),
    *(
        PageCase("certificate", LEARNER, state, kwargs=_uuid(state), user=_holder(state), others=404)
        for state in STATES
    ),
    PageCase("certificate", "administrator", "to reissue", kwargs=_uuid("revoked"), user=_administrator, others=404),
    PageCase("certificate_list", LEARNER, "empty", exceptions={ACCOUNT: 403}),
    PageCase("certificate_list", LEARNER, user=_learner_with_rows, exceptions={ACCOUNT: 403}),
    PageCase("register", "training_coordinator", "empty"),
    PageCase("register", "training_coordinator", user=_hr_with_rows),
    PageCase("register_export", "training_coordinator", exceptions={"administrator": 403}),
    PageCase(
        "certificate_revoke",
        "administrator",
        kwargs=_uuid("valid"),
        user=_administrator,
        others=403,
        exceptions={"administrator": 404},
    ),
    PageCase("certificate_issuer", "administrator", "not set up"),
    PageCase("certificate_issuer", "administrator", user=lambda f: (f.getfixturevalue("issuer"), _administrator(f))[1]),
    PageCase("certificate_signatory_new", "administrator"),
]
NOT_PAGES = {"certificate_pdf", "certificate_reissue", "certificate_signatory_end"}
