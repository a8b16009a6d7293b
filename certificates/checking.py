"""The public check: as little as tells a genuine certificate from another.

What is not issued, not known, or asked for with a wrong surname gets the same answer, after the same queries.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from certificates import names, numbers, states
from certificates.models import Certificate, VerificationLookup
from certificates.states import State
from lms.core import clock
from lms.core.actors import MachineRule, columns

CHECK = MachineRule("public certificate check")
NOT_FOUND = "not_found"
Way = VerificationLookup.Way


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who checks is told. Everything but `state` is empty where nothing was found."""

    state: str
    holder: str = ""
    course: str = ""
    kind: str = ""
    issuer: str = ""
    issued_on: date | None = None
    holds_until: date | None = None
    revoked_on: date | None = None
    public_wording: str = ""
    name_matched: bool | None = None

    @property
    def is_found(self) -> bool:
        """Whether there is such a certificate."""
        return self.state != NOT_FOUND


@transaction.atomic
def by_number(number: str, surname: str) -> Answer:
    """The answer to a number as typed and a surname."""
    found = _look_up(number=numbers.normalise(number) or "")
    # Compared even when nothing was found, so that both ways take as long.
    is_theirs = names.are_same(found.personal["surname"] if found else "", surname)
    return _told(found if is_theirs else None, Way.NUMBER)


@transaction.atomic
def by_code(code: str, *, name: str | None = None) -> Answer:
    """The answer to the code in the QR; with `name` as printed also whether it matches, and never what it is."""
    found = _look_up(code=code)
    matched = None if name is None or found is None else names.are_same(found.holder, name)
    return _told(found, Way.CODE, name_matched=matched)


def _look_up(**key: str) -> Certificate | None:
    """The certificate, if it is issued."""
    found = Certificate.objects.with_facts().filter(**key).first()
    return None if found is None or states.of(found) == State.BEING_ISSUED else found


def _told(found: Certificate | None, way: VerificationLookup.Way, *, name_matched: bool | None = None) -> Answer:
    answer = _answer(found, name_matched) if found else Answer(NOT_FOUND)
    VerificationLookup.objects.create(
        way=way, certificate=found, answer=answer.state, name_matched=name_matched, **columns(CHECK)
    )
    return answer


def _answer(certificate: Certificate, name_matched: bool | None) -> Answer:
    revocation = states.revocation_of(certificate)
    text = certificate.text
    return Answer(
        state=states.of(certificate),
        holder=certificate.personal["initials"],
        course=text["course"]["title"],
        kind=certificate.get_kind_display(),
        issuer=text["issuer"]["name"],
        issued_on=certificate.issued_on,
        holds_until=states.last_good_day(certificate),
        revoked_on=clock.day_of(revocation.on) if revocation else None,
        public_wording=revocation.public_wording if revocation else "",
        name_matched=name_matched,
    )
