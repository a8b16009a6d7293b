"""What is taught and judged: study units, outcomes, criteria, instruments, and documents to acknowledge."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.dated import facts_changed
from lms.core.errors import Refused

ALL_JURISDICTIONS = "all"


class Pack(models.Model):
    """A content pack that was loaded. It names people as text: loading is the command's own act."""

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=250)
    language = models.CharField(max_length=10, default="en")
    author = models.CharField(max_length=200, blank=True)
    approver = models.CharField(max_length=200, blank=True)
    moderator = models.CharField(max_length=200, blank=True)
    requires = models.JSONField(default=list, blank=True, help_text="Codes of packs to be loaded before.")
    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class FromPack(models.Model):
    """Something that a pack may have brought; what the site made itself has none."""

    pack = models.ForeignKey(Pack, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    class Meta:
        abstract = True


class StudyUnit(FromPack):
    """A named part of the curriculum that holds outcomes and criteria."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LearningOutcome(models.Model):
    """What somebody can do after learning."""

    unit = models.ForeignKey(StudyUnit, models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=20, unique=True)
    text = models.TextField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class EvidenceKind(models.TextChoices):
    """How a criterion can be shown."""

    PAPER = "paper", _("Paper")
    WRITTEN = "written", _("Written answer")
    OBSERVATION = "observation", _("Observation")
    PRODUCT = "product", _("Product from the workplace")
    PRIOR_LEARNING = "prior_learning", _("Prior learning")


class Criterion(models.Model):
    """The identity of an assessment criterion; its wording is in its versions, the newest of which is taught."""

    unit = models.ForeignKey(StudyUnit, models.PROTECT, related_name="criteria")
    outcome = models.ForeignKey(LearningOutcome, models.PROTECT, null=True, blank=True, related_name="criteria")
    code = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.code

    @property
    def current(self) -> "CriterionVersion":
        """The newest version."""
        return self.versions.latest("number")


class Frozen(models.Model):
    """A version: added once and never changed, since people were judged by it or put their name to it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it. Raises Refused where it is there already."""
        if not self._state.adding:
            raise Refused(_("%s is kept as it is. Add the next version instead; nothing was changed.") % self)
        super().save(*args, **kwargs)


class CriterionVersion(Frozen):
    """A criterion as it was worded from a day on. Frozen: decisions point at it."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    text = models.TextField()
    is_critical = models.BooleanField(default=False)
    evidence = models.JSONField(default=list, help_text="Kinds of evidence that can show it.")
    range_text = models.TextField(blank=True)
    jurisdiction = models.CharField(max_length=10, default=ALL_JURISDICTIONS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["criterion", "number"], name="courses_criterionversion_numbered_once")
        ]
        ordering = ["criterion__code", "number"]

    def __str__(self) -> str:
        return f"{self.criterion.code}{'*' if self.is_critical else ''}"


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    """Laws, rules, policies and codes."""

    def superseded_on(self, day: date) -> Self:
        """Those that are no longer in force on `day`."""
        return self.filter(superseded_on__lte=day)

    def in_force_on(self, day: date) -> Self:
        """Those that are in force on `day`."""
        return self.exclude(superseded_on__lte=day)


class Instrument(FromPack):
    """A law, rule, policy or code, with the day as at which we describe it and the day to look again."""

    class Kind(models.TextChoices):
        CONSTITUTION = "constitution", _("Constitution")
        ACT = "act", _("Act")
        REGULATION = "regulation", _("Regulation")
        POLICY = "policy", _("Policy")
        CODE = "code", _("Code")
        CIRCULAR = "circular", _("Circular")
        STRATEGY = "strategy", _("Strategy")
        STANDARD = "standard", _("Standard")

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, choices=Kind)
    jurisdiction = models.CharField(max_length=10)
    as_at = models.DateField()
    review_due = models.DateField()
    citation = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True, help_text="For authors: what is known and what is not.")
    superseded_on = models.DateField(
        _("no longer in force from"), null=True, blank=True, help_text=_("The first day without it.")
    )
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replaced by")
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(superseded_by__isnull=True) | models.Q(superseded_on__isnull=False),
                name="courses_instrument_superseded_on_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(superseded_by=models.F("id")), name="courses_instrument_not_superseded_by_itself"
            ),
        ]
        ordering = ["jurisdiction", "title"]

    def __str__(self) -> str:
        return f"{self.title} ({self.jurisdiction})"

    def clean(self) -> None:
        """What replaced it is another instrument, and from a day on."""
        if self.superseded_by_id is not None and self.superseded_on is None:
            raise ValidationError({"superseded_on": _("Say from which day it is replaced.")})
        if self.superseded_by_id is not None and self.superseded_by_id == self.pk:
            raise ValidationError({"superseded_by": _("An instrument does not replace itself.")})

    def is_superseded_on(self, day: date) -> bool:
        """Whether it is no longer in force on `day`."""
        return self.superseded_on is not None and self.superseded_on <= day


class Document(FromPack):
    """The identity of a versioned document that people acknowledge: a code, a policy, an SOP."""

    class Kind(models.TextChoices):
        CODE = "code", _("Code")
        POLICY = "policy", _("Policy")
        PROCEDURE = "procedure", _("Procedure")
        CHARTER = "charter", _("Charter")
        GUIDE = "guide", _("Guide")
        FORM = "form", _("Form")

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CODE)
    jurisdiction = models.CharField(max_length=10, default=ALL_JURISDICTIONS)
    owner = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def in_force_on(self, day: date) -> "DocumentVersion | None":
        """The newest version in effect on `day`; before the first takes effect, that first one."""
        versions = self.versions.order_by("-effective_on", "-pk")
        return versions.filter(effective_on__lte=day).first() or versions.last()


def changes_due_days() -> int:
    """Within how many days what changed is read, unless somebody says otherwise."""
    days: int = settings.CHANGES_DUE_DAYS
    return days


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    """Versions of documents."""

    def in_effect_on(self, day: date) -> Self:
        """Of each document the newest version that has taken effect by `day`."""
        begun = DocumentVersion.objects.filter(document=OuterRef("document"), effective_on__lte=day)
        return self.filter(pk=Subquery(begun.order_by("-effective_on", "-pk").values("pk")[:1]))


class DocumentVersion(Frozen):
    """The document's text from a day on. Frozen: acknowledgements point at it.

    Whoever put their name to an earlier version does so again within `sign_again_days` of the day on which this one
    takes effect, or was added if that is later; empty: what they signed still counts. `what_changed` tells them why.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=30)
    body = models.TextField(help_text="Markdown.")
    acknowledgement = models.CharField(max_length=500, help_text="The sentence a person puts their name to.")
    effective_on = models.DateField()
    review_due = models.DateField()
    what_changed = models.TextField(
        blank=True, help_text=_("For those who know the version before: what is different now. Markdown.")
    )
    sign_again_days = models.PositiveIntegerField(
        _("days to sign again in"),
        null=True,
        blank=True,
        default=changes_due_days,
        help_text=_("Empty: whoever put their name to the version before need not do so again."),
    )
    added_at = models.DateTimeField(default=clock.now, editable=False)
    instruments = models.ManyToManyField(Instrument, blank=True, related_name="+")

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="courses_documentversion_named_once")
        ]
        ordering = ["document", "effective_on"]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it, and tell whoever keeps something computed of who signed what."""
        # With a savepoint: the refusal of a change leaves the caller's transaction as it was.
        with transaction.atomic():
            super().save(*args, **kwargs)
            facts_changed.send(DocumentVersion, keys=[self.pk], from_day=self.effective_on)
