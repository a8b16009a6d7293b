"""Advice on ethics: notes that may be shared, where wrongdoing is reported, and how often advice was asked for.

Nothing here says who asked, or what they wrote: there is no field for either.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from courses.models.framework import ALL_JURISDICTIONS, Instrument
from lms.core import clock
from lms.core.actors import Attributed
from lms.core.dated import DatedFact
from lms.core.events import Event, EventQuerySet, Final


class Topic(models.TextChoices):
    """What advice is asked about."""

    GIFTS = "gifts", _("Gifts and favours")
    CONFLICT = "conflict", _("Conflict of interest")
    OUTSIDE_WORK = "outside_work", _("Work outside the service")
    INFORMATION = "information", _("Use of information")
    PROCUREMENT = "procurement", _("Buying and contracts")
    MONEY = "money", _("Money and property of the office")
    PRESSURE = "pressure", _("Pressure from above")
    OTHER = "other", _("Something else")


class AdviceNote(models.Model):
    """The identity of a note. Its words are in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(max_length=20, choices=Topic)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="courses_advicenote_topic_known")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.uuid}"


class AdviceVersionQuerySet(EventQuerySet["AdviceVersion"]):
    """Versions of notes."""

    def with_state(self) -> Self:
        """With `is_approved`, and `current`: the number of the newest approved version of the same note."""
        approved = AdviceVersion.objects.filter(note=OuterRef("note"), approval__isnull=False)
        newest = Subquery(approved.order_by("-number").values("number")[:1])
        return self.annotate(
            is_approved=Exists(AdviceApproval.objects.filter(version=OuterRef("pk"))), current=newest
        ).select_related("note", "instrument")

    def in_effect(self) -> Self:
        """Of each note the newest approved version."""
        return self.with_state().filter(is_approved=True, number=models.F("current"))


class AdviceVersion(Attributed, Final):
    """The words of a note, never changed: another wording is the next version. It is shown once it is approved."""

    note = models.ForeignKey(AdviceNote, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(max_length=10_000, help_text="Markdown.")
    jurisdiction = models.CharField(max_length=10, default=ALL_JURISDICTIONS)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="+")
    as_at = models.DateField()
    review_due = models.DateField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    # Set by `with_state`.
    is_approved: bool
    current: int | None

    objects = AdviceVersionQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.UniqueConstraint(fields=["note", "number"], name="courses_adviceversion_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    @property
    def is_replaced(self) -> bool:
        """Whether a later version is approved. Needs `with_state`."""
        return self.current is not None and self.number < self.current


class AdviceApproval(Event):
    """Somebody who did not write a version approved it."""

    version = models.OneToOneField(AdviceVersion, models.PROTECT, related_name="approval")

    def __str__(self) -> str:
        return str(self.version)


class ReportingRoute(DatedFact):
    """Where wrongdoing is reported: a body or an officer, what for, and how to reach it. Kept here by hand."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=500)
    how = models.CharField(max_length=500)
    jurisdiction = models.CharField(max_length=10, default=ALL_JURISDICTIONS)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="+")
    as_at = models.DateField()
    review_due = models.DateField()

    class Meta(DatedFact.Meta):
        constraints = [*DatedFact.Meta.constraints]

    def __str__(self) -> str:
        return self.name


class AdviserContact(DatedFact):
    """When and where the ethics adviser is to be spoken to."""

    days = models.CharField(max_length=200)
    room = models.CharField(max_length=200)
    phone = models.CharField(max_length=60)

    class Meta(DatedFact.Meta):
        constraints = [*DatedFact.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.days}, {self.room}"


class AdviceAsked(models.Model):
    """How often advice was asked for on a topic in a month: a number, and nothing about anybody."""

    month = models.DateField()
    topic = models.CharField(max_length=20, choices=Topic)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "advice asked"
        constraints = [
            models.UniqueConstraint(fields=["month", "topic"], name="courses_adviceasked_one_count"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="courses_adviceasked_topic_known"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.topic}: {self.number}"
