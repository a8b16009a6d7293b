"""Taking a certificate back, and issuing another in its place. Every check and page shows it at once.

Before: an award. After: `sequencing` numbers the entry.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from certificates import entries
from certificates.models import Certificate, Revocation
from courses import results
from courses.models import Result
from lms.core import audit, clock, outbox
from lms.core.actors import Actor, MachineRule, columns
from lms.core.errors import Refused

WITHDRAWAL_RULE = MachineRule("certificate follows a withdrawn result")
Reason = Revocation.Reason


@transaction.atomic
def revoke(
    certificate: Certificate,
    *,
    reason_code: Revocation.Reason,
    public_wording: str,
    internal_reason: str,
    by: Actor,
    ends_result: bool = False,
    result_ends_on: date | None = None,
) -> Revocation:
    """Take a certificate back for good. Harmless the second time for the same reason.

    Fraud ends the result from its first day, or from `result_ends_on`; a mistake in the name never does. Raises
    Refused when it was revoked for another reason.
    """
    locked = Certificate.objects.select_for_update(of=("self",)).select_related("frozen_text").get(pk=certificate.pk)
    made = Revocation.objects.filter(certificate=locked).first()
    if made is not None:
        return _the_same_or_refused(made, reason_code)
    revocation = Revocation.objects.create(
        certificate=locked,
        reason_code=reason_code,
        public_wording=public_wording,
        internal_reason=internal_reason,
        ends_result=_does_end_result(reason_code, ends_result),
        **columns(by),
    )
    entries.of_revocation(revocation, by=by).save()
    audit.record("certificate revoked", locked, by=by, reason=reason_code, ends_result=revocation.ends_result)
    outbox.enqueue("certificates.number")
    if revocation.ends_result:
        _end_result(locked, on=result_ends_on, by=by, reason=internal_reason)
    return revocation


def follow_withdrawal(result: Result) -> None:
    """Revoke the certificates of a result that is no longer held true. Harmless the second time.

    A result that was corrected gets a new certificate by itself, which supersedes; it needs no revocation.
    """
    if Result.objects.filter(replaces=result).exists():
        return
    standing = Certificate.objects.filter(result=result, revocation__isnull=True)
    for certificate in standing:
        revoke(
            certificate,
            reason_code=Reason.OTHER,
            public_wording=_("The result behind this certificate was withdrawn."),
            internal_reason=result.end_reason or _("The result was withdrawn."),
            by=WITHDRAWAL_RULE,
        )


def _the_same_or_refused(made: Revocation, reason_code: Revocation.Reason) -> Revocation:
    if made.reason_code != reason_code:
        raise Refused(
            _("This certificate was revoked on %(day)s already: %(reason)s.")
            % {"day": clock.day_of(made.on), "reason": made.get_reason_code_display()}
        )
    return made


def _does_end_result(reason_code: Revocation.Reason, wish: bool) -> bool:
    return reason_code == Reason.FRAUD or (wish and reason_code != Reason.NAME_ERROR)


def _end_result(certificate: Certificate, *, on: date | None, by: Actor, reason: str) -> None:
    result = certificate.result
    if result is not None and result.known_until is None and result.valid_until is None:
        results.end(result, on=on or result.valid_from, by=by, reason=reason[:500])
