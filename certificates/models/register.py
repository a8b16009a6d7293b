"""The register log: entries, heads of its tree, and the checks that people made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.events import Event


class RegisterEntry(Event):
    """One line of the register log, a leaf of its Merkle tree once the sequencer gave it a position.

    The leaf is made of kind, number, instant and the two commitments. Position stands outside it. The bytes are kept
    exactly as committed: `verifying` works everything out from them and from the rows they describe.
    """

    class Kind(models.TextChoices):
        AWARD = "award", _("Award")
        RENEWAL = "renewal", _("Renewal")
        REVOCATION = "revocation", _("Revocation")
        CORRECTION = "correction", _("Correction")
        ERASURE = "erasure", _("Erasure")
        DIGEST = "digest", _("Digest")

    ISSUING = (Kind.AWARD, Kind.RENEWAL, Kind.CORRECTION)

    kind = models.CharField(max_length=20, choices=Kind)
    number = models.CharField(max_length=60, help_text="The certificate's number, or what a digest is of.")
    certificate = models.ForeignKey("certificates.Certificate", models.PROTECT, null=True, related_name="entries")
    public_part = models.BinaryField(help_text="Canonical bytes of what the check page may show.")
    private_part = models.BinaryField(help_text="Canonical bytes of the other fields of the register.")
    public_salt = models.BinaryField()
    private_salt = models.BinaryField()
    public_commitment = models.BinaryField()
    private_commitment = models.BinaryField()
    leaf_input = models.BinaryField()
    leaf_hash = models.BinaryField()
    position = models.PositiveBigIntegerField(null=True, unique=True, help_text="Index in the log, from 0.")
    numbered_at = models.DateTimeField(null=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["award", "renewal", "revocation", "correction", "erasure", "digest"]),
                name="certificates_registerentry_kind_known",
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(kind__in=["award", "renewal", "correction"]),
                name="certificates_registerentry_issued_once",
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(kind="revocation"), name="certificates_registerentry_revoked_once"
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=True, numbered_at__isnull=True)
                | Q(position__isnull=False, numbered_at__isnull=False),
                name="certificates_registerentry_numbered_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(position__isnull=True), name="certificates_entry_unnumbered")
        ]
        verbose_name_plural = "register entries"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class TreeHead(models.Model):
    """The log at a moment: how many entries, and the root over them. Signing comes on top.

    `frontier` holds the roots of the full subtrees, largest first, so that the next head needs only newer leaves.
    """

    size = models.PositiveBigIntegerField()
    root_hash = models.CharField(max_length=64, help_text="Hexadecimal.")
    frontier = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        get_latest_by = ("size", "at")
        indexes = [models.Index(fields=["-size", "-at"], name="certificates_treehead_newest")]

    def __str__(self) -> str:
        return f"{self.size} {self.root_hash[:12]}"


class VerificationLookup(Event):
    """Somebody checked a certificate. Nothing about who: no address, no name they typed."""

    class Way(models.TextChoices):
        CODE = "code", _("Code in the QR")
        NUMBER = "number", _("Number and surname")

    way = models.CharField(max_length=10, choices=Way)
    certificate = models.ForeignKey("certificates.Certificate", models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=20)
    name_matched = models.BooleanField(null=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(way__in=["code", "number"]), name="certificates_verificationlookup_way_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.answer}"
