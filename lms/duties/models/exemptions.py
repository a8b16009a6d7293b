"""Who need not know a course, for how long and why."""

import uuid

from django.db import models
from django.db.models import Q

from courses.models import Course
from lms.core.dated import DatedFact
from lms.organisation.models import Person, User


class Exemption(DatedFact):
    """A person need not know a course for some days. `reason` says why, `approver` agreed.

    One without an end is looked at again on `review_on`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, related_name="+")
    review_on = models.DateField(null=True, blank=True)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="duties_exemption_says_why"),
        ]
        indexes = [models.Index(fields=["person", "course"], name="duties_exemption_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.course} {self.valid_from}"
