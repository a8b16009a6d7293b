"""A new certificate in place of one that was revoked while its result stands: a new number that says what it replaces."""

from django.db import transaction
from django.utils.translation import gettext as _

from certificates import awards
from certificates.models import Certificate, RegisterEntry
from courses.models import Result
from lms.core import audit
from lms.core.actors import Actor
from lms.core.errors import Refused


@transaction.atomic
def reissue(certificate: Certificate, *, by: Actor) -> Certificate:
    """Another certificate for the same result, with the holder as HR has them now. Harmless the second time.

    Raises Refused unless `certificate` is revoked and its result holds.
    """
    issuer = awards.issuer_or_refuse()
    old = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    made = Certificate.objects.filter(replaces=old).first()
    if made is not None:
        return made
    new = awards.draft([_result_of(old)], issuer=issuer, by=by)[0]
    new.replaces = old
    new.save()
    awards.register([new], [RegisterEntry.Kind.CORRECTION], by=by)
    audit.record("certificate reissued", new, by=by, replaces=old.number)
    return new


def may_be_reissued(certificate: Certificate) -> bool:
    """Whether `reissue` would make another one."""
    stands = certificate.result is not None and _stands(certificate.result)
    is_replaced = Certificate.objects.filter(replaces=certificate).exists()
    return stands and hasattr(certificate, "revocation") and not is_replaced


def _result_of(old: Certificate) -> Result:
    result = old.result
    if result is None or not _stands(result):
        raise Refused(_("Its result no longer holds, so there is nothing to certify."))
    if not hasattr(old, "revocation"):
        raise Refused(_("Revoke this certificate first, then issue another in its place."))
    return result


def _stands(result: Result) -> bool:
    return result.known_until is None and result.valid_until is None
