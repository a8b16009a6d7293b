"""What it is worth outside: certificates, the register log, and who issues them."""

from certificates.models.awarding import Certificate, CertificateQuerySet, FrozenText, Revocation
from certificates.models.issuing import Issuer, Signatory
from certificates.models.register import RegisterEntry, TreeHead, VerificationLookup

__all__ = [
    "Certificate",
    "CertificateQuerySet",
    "FrozenText",
    "Issuer",
    "RegisterEntry",
    "Revocation",
    "Signatory",
    "TreeHead",
    "VerificationLookup",
]
