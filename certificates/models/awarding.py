"""What was awarded, with the words it was awarded in, and what was taken back."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certificates.models.register import RegisterEntry
from courses.models import Course, CourseVersion, Result
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import OrgUnit, Person, User


class FrozenText(models.Model):
    """The words that many certificates share: issuer, course version, criteria, signatories. Kept once, by hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return self.sha256[:12]


class CertificateQuerySet(EventQuerySet["Certificate"]):
    """Certificates, and the facts beside them that decide their state."""

    def with_facts(self) -> Self:
        """Add what `states.of` asks for, so that a page needs one query whatever its length."""
        from_register = RegisterEntry.objects.filter(certificate=OuterRef("pk"), position__isnull=False)
        newer = self.model.objects.newer_than_outer().order_by("on", "pk")
        return self.select_related("revocation", "result", "frozen_text").annotate(
            is_numbered=Exists(from_register.filter(kind__in=RegisterEntry.ISSUING)),
            superseded_at=Subquery(newer.values("on")[:1]),
        )

    def newer_than_outer(self) -> Self:
        """For a subquery: issued, unrevoked certificates of the outer row's person, course and kind that came later."""
        later = Q(competent_on__gt=OuterRef("competent_on")) | Q(
            competent_on=OuterRef("competent_on"), pk__gt=OuterRef("pk")
        )
        issued = RegisterEntry.objects.filter(
            certificate=OuterRef("pk"), kind__in=RegisterEntry.ISSUING, position__isnull=False
        )
        same = self.filter(person=OuterRef("person"), course=OuterRef("course"), kind=OuterRef("kind"))
        return same.filter(later, Exists(issued), revocation__isnull=True)


class Certificate(Event):
    """What somebody holds in their hand. `on` is the instant of award; it is issued once its entry has a position.

    `personal` is the holder as HR had them at award; `record` is how the result came about, for the register alone.
    Neither changes when HR or the course does. The state is computed: `states.of`.
    """

    class Kind(models.TextChoices):
        COMPETENCE = "competence", _("Competence")
        ATTENDANCE = "attendance", _("Attendance")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=30, unique=True)
    code = models.CharField(max_length=22, unique=True, help_text="128 random bits, in the QR code.")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.COMPETENCE)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+", help_text="At award.")
    frozen_text = models.ForeignKey(FrozenText, models.PROTECT, related_name="+")
    personal = models.JSONField()
    record = models.JSONField()
    name_key = models.CharField(
        max_length=310, db_index=True, help_text="Surname first, plain letters, for looking up."
    )
    issued_on = models.DateField()
    competent_on = models.DateField()
    holds_until = models.DateField(null=True, help_text="Last good day; empty: no end.")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    objects = CertificateQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(
                fields=["result"], condition=Q(replaces__isnull=True), name="certificates_certificate_once_per_result"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["competence", "attendance"]), name="certificates_certificate_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="attendance") | Q(result__isnull=False),
                name="certificates_certificate_competence_has_result",
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True) | Q(holds_until__gte=F("competent_on")),
                name="certificates_certificate_holds_at_least_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "course", "competent_on"], name="certificates_cert_holder"),
            models.Index(fields=["unit", "name_key"], name="certificates_cert_unit"),
            models.Index(fields=["course", "issued_on"], name="certificates_cert_course"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("certificate", args=[self.uuid])

    @property
    def text(self) -> dict[str, Any]:
        """The shared words, as frozen at award."""
        return dict(self.frozen_text.content)

    @property
    def holder(self) -> str:
        """The holder's full name as HR had it at award."""
        return str(self.personal["name"])

    def is_of(self, user: User) -> bool:
        """Whether `user` is its holder."""
        return user.person_id is not None and user.person_id == self.person_id


class Revocation(Event):
    """A certificate was taken back. Checks show the public wording, never the internal reason."""

    class Reason(models.TextChoices):
        ERROR = "error", _("Issued in error")
        FRAUD = "fraud", _("Obtained by fraud")
        NAME_ERROR = "name_error", _("Mistake in the name")
        OTHER = "other", _("Another reason")

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="revocation")
    reason_code = models.CharField(max_length=20, choices=Reason)
    public_wording = models.CharField(max_length=300)
    internal_reason = models.TextField()
    ends_result = models.BooleanField()

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reason_code__in=["error", "fraud", "name_error", "other"]),
                name="certificates_revocation_reason_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason_code="fraud") | Q(ends_result=True),
                name="certificates_revocation_fraud_ends_result",
            ),
            models.CheckConstraint(
                condition=~Q(reason_code="name_error") | Q(ends_result=False),
                name="certificates_revocation_name_error_keeps_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.get_reason_code_display()}"
