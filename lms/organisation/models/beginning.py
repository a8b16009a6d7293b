"""The one time at which whoever sets the installation up needs no login yet."""

from django.db import models
from django.db.models import Q

from lms.organisation.models.people import User


class FirstRun(models.Model):
    """The beginning of this installation: the token that opens it, and who became its first administrator.

    There is at most one row. With a user in it, the door is shut for ever.
    """

    token_hash = models.CharField(max_length=64, blank=True)
    token_expires_at = models.DateTimeField(null=True, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    only_one = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only_one=True), name="organisation_firstrun_is_one"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, done_at__isnull=True) | Q(user__isnull=False, done_at__isnull=False),
                name="organisation_firstrun_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return "first run"
