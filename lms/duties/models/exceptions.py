"""What somebody looked at and left as it is."""

import uuid

from django.db import models
from django.db.models import Q

from lms.core.events import Event
from lms.organisation.models import Person


class ExceptionSeen(Event):
    """Somebody saw an exception about a person and leaves it as it is; `reason` says why.

    `says` is what the exception said, in short: once that is different, it is an exception again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    says = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="duties_exceptionseen_says_why"),
        ]
        indexes = [models.Index(fields=["person"], name="duties_exceptionseen_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.says}"
