"""Setting up who issues certificates and who signs them. Certificates that wait for it are awarded at once."""

from datetime import date

from django.db import transaction

from certificates.models import Issuer, Signatory
from lms.core import audit, clock, dated, outbox
from lms.core.actors import Actor, columns


@transaction.atomic
def set_up_issuer(name: str, *, code: str, place: str, by: Actor, statement: str = "", contact: str = "") -> Issuer:
    """Make or change the one issuer. Certificates awarded before keep the words that they were awarded in.

    Raises ValidationError for a code that cannot begin a certificate number.
    """
    issuer = Issuer.objects.select_for_update().first() or Issuer()
    issuer.name, issuer.code, issuer.place, issuer.statement, issuer.contact = name, code, place, statement, contact
    issuer.full_clean()
    issuer.save()
    audit.record("issuer set up", issuer, by=by, code=code)
    outbox.enqueue("certificates.award_missing")
    return issuer


@transaction.atomic
def add_signatory(name: str, post: str, *, by: Actor, order: int = 1, since: date | None = None) -> Signatory:
    """Let somebody's name stand under certificates awarded from a day on, today by default. Harmless the second time."""
    since = since or clock.today()
    there = Signatory.objects.on(since).filter(name=name, post=post).first()
    if there is not None:
        return there
    signatory = Signatory.objects.create(name=name, post=post, order=order, valid_from=since, **columns(by))
    audit.record("signatory added", signatory, by=by)
    return signatory


def end_signatory(signatory: Signatory, *, until: date, by: Actor) -> Signatory:
    """From `until` on, the name no longer stands under new certificates."""
    if signatory.valid_from >= until:
        return dated.withdraw(signatory, by=by, reason="")
    return dated.close(signatory, until=until, by=by)
