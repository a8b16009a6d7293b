"""Register entries: what is committed about a certificate, and how it becomes a leaf of the log.

The parts are worked out from our own rows alone, so that `verifying` can work them out again years later.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from certificates import canonical, merkle
from certificates.models import Certificate, FrozenText, RegisterEntry, Revocation
from lms.core.actors import Actor, columns

SALT_BYTES = 32
Part = Mapping[str, Any]


class AwardedRow(NamedTuple):
    """The columns of a certificate that an entry commits to, for who reads a million of them."""

    number: str
    kind: str
    uuid: UUID
    code: str
    personal: dict[str, Any]
    record: dict[str, Any]
    frozen_text_id: int
    issued_on: date
    competent_on: date
    holds_until: date | None
    name_key: str
    person_id: int
    result_id: int | None
    course_id: int
    course_version_id: int
    unit_id: int | None
    replaces_id: int | None
    on: datetime
    recorded_at: datetime
    by_user_id: int | None
    by_rule: str


class RevokedRow(NamedTuple):
    """The same of a revocation."""

    reason_code: str
    public_wording: str
    internal_reason: str
    ends_result: bool
    on: datetime
    recorded_at: datetime
    by_user_id: int | None
    by_rule: str


Awarded = Certificate | AwardedRow
Revoked = Revocation | RevokedRow


def commitment(salt: bytes, part: bytes) -> bytes:
    """What the leaf says of a part: it binds to the bytes and tells nothing about them while the salt is kept."""
    return sha256(salt + part).digest()


def leaf(kind: str, number: str, on: datetime, *, public: bytes, private: bytes) -> Part:
    """What is hashed into the log, out of the entry's own columns and its two commitments."""
    return {"kind": kind, "number": number, "on": on, "private": private.hex(), "public": public.hex()}


def make(
    kind: RegisterEntry.Kind, number: str, *, on: datetime, public: Part, private: Part, by: Actor
) -> RegisterEntry:
    """An entry, not yet saved and without a position."""
    parts = [canonical.to_bytes(part) for part in (public, private)]
    salts = [secrets.token_bytes(SALT_BYTES) for _part in parts]
    commitments = [commitment(salt, part) for salt, part in zip(salts, parts, strict=True)]
    hashed = canonical.to_bytes(leaf(kind, number, on, public=commitments[0], private=commitments[1]))
    return RegisterEntry(
        kind=kind,
        number=number,
        on=on,
        public_part=parts[0],
        private_part=parts[1],
        public_salt=salts[0],
        private_salt=salts[1],
        public_commitment=commitments[0],
        private_commitment=commitments[1],
        leaf_input=hashed,
        leaf_hash=merkle.leaf_hash(hashed),
        **columns(by),
    )


def of_award(certificate: Certificate, *, kind: RegisterEntry.Kind, by: Actor) -> RegisterEntry:
    """The entry of a new certificate: award, renewal or correction."""
    public, private = parts_of_award(certificate, certificate.frozen_text)
    entry = make(kind, certificate.number, on=certificate.on, public=public, private=private, by=by)
    entry.certificate = certificate
    return entry


def of_revocation(revocation: Revocation, *, by: Actor) -> RegisterEntry:
    """The entry that takes a certificate back."""
    certificate = revocation.certificate
    public, private = parts_of_revocation(revocation, certificate)
    kind = RegisterEntry.Kind.REVOCATION
    entry = make(kind, certificate.number, on=revocation.on, public=public, private=private, by=by)
    entry.certificate = certificate
    return entry


def parts_of_award(certificate: Awarded, frozen: FrozenText) -> tuple[Part, Part]:
    """What is committed about a certificate: what the check page may show, and the rest."""
    text = frozen.content
    public = {
        "number": certificate.number,
        "kind": certificate.kind,
        "holder": certificate.personal["initials"],
        "course": text["course"],
        "issuer": text["issuer"]["name"],
        "issued_on": certificate.issued_on,
        "holds_until": certificate.holds_until,
    }
    private = {
        "certificate": certificate.uuid,
        "code": certificate.code,
        "personal": certificate.personal,
        "record": certificate.record,
        "text": frozen.sha256,
        "competent_on": certificate.competent_on,
        "name_key": certificate.name_key,
        **_references(certificate),
        **_made(certificate),
    }
    return public, private


def parts_of_revocation(revocation: Revoked, certificate: Awarded) -> tuple[Part, Part]:
    """What is committed about a revocation."""
    public = {
        "number": certificate.number,
        "reason": revocation.reason_code,
        "wording": revocation.public_wording,
        "on": revocation.on,
    }
    private = {
        "certificate": certificate.uuid,
        "internal_reason": revocation.internal_reason,
        "ends_result": revocation.ends_result,
        **_made(revocation),
    }
    return public, private


def _references(certificate: Awarded) -> dict[str, int | None]:
    """Rows of other rooms, by the ids with which this database joins them."""
    return {
        "course_id": certificate.course_id,
        "course_version_id": certificate.course_version_id,
        "person_id": certificate.person_id,
        "replaces_id": certificate.replaces_id,
        "result_id": certificate.result_id,
        "unit_id": certificate.unit_id,
    }


def _made(row: Awarded | Revoked) -> dict[str, Any]:
    return {"by_user": row.by_user_id, "by_rule": row.by_rule, "recorded_at": row.recorded_at}
