"""Who may see a certificate and who may take it back. Used by every view that shows one."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from certificates.models import Certificate, CertificateQuerySet
from lms.organisation.access import Capability, people_for
from lms.organisation.models import User


def certificates_for(user: User, capability: Capability = Capability.SEE_REGISTER) -> CertificateQuerySet:
    """Certificates of all over whom `user` holds `capability` today. One's own are on one's own page."""
    rows: CertificateQuerySet = Certificate.objects.filter(person__in=people_for(user, capability))
    return rows


def certificate_for(user: User, uuid: UUID) -> Certificate:
    """A certificate to look at, with its facts: one's own, or of somebody in one's part of the register.

    Raises Http404 for a stranger, PermissionDenied when `user` may see the person but not this.
    """
    certificate = _with_facts_or_404(uuid)
    if certificate.is_of(user) or certificates_for(user).filter(pk=certificate.pk).exists():
        return certificate
    _refuse(user, certificate)
    return certificate


def certificate_to_revoke(user: User, uuid: UUID) -> Certificate:
    """A certificate that `user` may take back, with its facts. Nobody takes back their own."""
    certificate = _with_facts_or_404(uuid)
    if not certificates_for(user, Capability.REVOKE).filter(pk=certificate.pk).exists():
        _refuse(user, certificate)
    return certificate


def may_revoke(user: User, certificate: Certificate) -> bool:
    """Whether `certificate_to_revoke` would hand it out."""
    return certificates_for(user, Capability.REVOKE).filter(pk=certificate.pk).exists()


def _with_facts_or_404(uuid: UUID) -> Certificate:
    certificate = Certificate.objects.with_facts().filter(uuid=uuid).first()
    if certificate is None:
        raise Http404
    return certificate


def _refuse(user: User, certificate: Certificate) -> None:
    seen = people_for(user, Capability.SEE_STATUS) | people_for(user, Capability.SEE_REGISTER)
    if certificate.is_of(user) or seen.filter(pk=certificate.person_id).exists():
        raise PermissionDenied(_("You may see this person's training status, but not this."))
    raise Http404
