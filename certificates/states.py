"""What a certificate is worth on a day, computed from facts. Nothing stores a state."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, CertificateQuerySet, Revocation
from lms.core import clock


class State(models.TextChoices):
    """What a page or a check says of a certificate."""

    BEING_ISSUED = "being_issued", _("Being issued")
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that decide. Days are in the site's time zone; `last_good_day` is None for no end."""

    is_numbered: bool
    issued_on: date
    last_good_day: date | None = None
    superseded_on: date | None = None
    revoked_on: date | None = None


def compute(facts: Facts, on: date) -> State:
    """The state on a day. Revoked before all, then superseded, then expired: the strongest reason is told."""
    if _reached(facts.revoked_on, on):
        return State.REVOKED
    if not facts.is_numbered or on < facts.issued_on:
        return State.BEING_ISSUED
    if _reached(facts.superseded_on, on):
        return State.SUPERSEDED
    if facts.last_good_day is not None and facts.last_good_day < on:
        return State.EXPIRED
    return State.VALID


def of(certificate: Certificate, on: date | None = None) -> State:
    """The state of a certificate on a day, today by default. Read it `with_facts()`."""
    return compute(facts_of(certificate), on or clock.today())


def facts_of(certificate: Certificate) -> Facts:
    """The facts of a certificate read `with_facts()`."""
    revocation = revocation_of(certificate)
    superseded_at = certificate.superseded_at  # type: ignore[attr-defined]  # annotated by with_facts
    return Facts(
        is_numbered=certificate.is_numbered,  # type: ignore[attr-defined]
        issued_on=certificate.issued_on,
        last_good_day=last_good_day(certificate),
        superseded_on=clock.day_of(superseded_at) if superseded_at else None,
        revoked_on=clock.day_of(revocation.on) if revocation else None,
    )


def revocation_of(certificate: Certificate) -> Revocation | None:
    """How it was taken back, if it was."""
    revocation: Revocation | None = getattr(certificate, "revocation", None)
    return revocation


def last_good_day(certificate: Certificate) -> date | None:
    """The last day for which it holds: as printed, or earlier where its result was ended."""
    ended_on = certificate.result.ended_on if certificate.result else None
    days = [certificate.holds_until, ended_on - timedelta(days=1) if ended_on else None]
    return min((day for day in days if day is not None), default=None)


def _reached(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def rows_in(rows: CertificateQuerySet, state: State, on: date) -> CertificateQuerySet:
    """Those of `rows`, read `with_facts()`, that are in a state on a day: the same rule as `compute`, for the database."""
    after = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    revoked = Q(revocation__on__lt=after)
    not_yet = Q(is_numbered=False) | Q(issued_on__gt=on)
    superseded = Q(superseded_at__lt=after)
    expired = Q(holds_until__lt=on) | Q(result__valid_until__lte=on)
    cases = [
        When(revoked, then=Value(State.REVOKED)),
        When(not_yet, then=Value(State.BEING_ISSUED)),
        When(superseded, then=Value(State.SUPERSEDED)),
        When(expired, then=Value(State.EXPIRED)),
    ]
    told = Case(*cases, default=Value(State.VALID), output_field=models.CharField())
    return rows.annotate(told=told).filter(told=state)


def may_be_downloaded(state: State) -> bool:
    """Whether its file is handed out: not before it is issued, and never again once it is revoked."""
    return state not in {State.BEING_ISSUED, State.REVOKED}
