"""More time for a duty: asked for, decided, and standing from a day on."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact
from lms.core.events import Event, EventQuerySet
from lms.duties.models.stored import DutyTarget
from lms.organisation.models import Person


class ExtensionRequestQuerySet(EventQuerySet["ExtensionRequest"]):
    """What was asked for."""

    def waiting(self) -> Self:
        """Requests that nobody has decided."""
        return self.filter(decision__isnull=True)


class ExtensionRequest(Event):
    """Somebody asks that a person may have until a later day for a duty; `reason` says why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    target = models.ForeignKey(DutyTarget, models.PROTECT, related_name="+")
    wanted_until = models.DateField(help_text="The last good day that is asked for.")
    reason = models.CharField(max_length=500)

    objects = ExtensionRequestQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="duties_extensionrequest_says_why"),
        ]
        indexes = [models.Index(fields=["person"], name="duties_extensionrequest_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.wanted_until}"


class ExtensionDecision(Event):
    """What became of a request. The day granted may be another than the one asked for."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")

    request = models.OneToOneField(ExtensionRequest, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    due_until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome="granted", due_until__isnull=False)
                | (Q(outcome="declined", due_until__isnull=True) & ~Q(reason="")),
                name="duties_extensiondecision_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.outcome}"


class Extension(DatedFact):
    """From a day on, a person has until `due_until` (the last good day) for a target, if that is later than else.

    Days before `valid_from` stay what they were. Of several that stand, the latest day counts.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    target = models.ForeignKey(DutyTarget, models.PROTECT, related_name="+")
    due_until = models.DateField()
    request = models.ForeignKey(ExtensionRequest, models.PROTECT, related_name="+")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(condition=Q(due_until__gte=F("valid_from")), name="duties_extension_gives_time"),
        ]
        indexes = [models.Index(fields=["person"], name="duties_extension_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.due_until}"
