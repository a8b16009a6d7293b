"""The organisation itself, the jurisdictions it adopts, and who may do what where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.dated import DatedFact
from lms.organisation.models.people import User
from lms.organisation.models.units import OrgUnit


class Organisation(models.Model):
    """The one organisation that this installation serves."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=30)
    root = models.OneToOneField(OrgUnit, models.PROTECT, related_name="+")
    loaded_on = models.DateField(help_text="The day of the first load; a demo's dates are relative to it.")
    only_one = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only_one=True), name="organisation_organisation_is_one")]

    def __str__(self) -> str:
        return self.name


class JurisdictionAdoption(DatedFact):
    """From a day on, the organisation teaches by the rules of this jurisdiction (a code such as ZA)."""

    jurisdiction = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.jurisdiction


class Role(models.TextChoices):
    """What a grant lets somebody be. What each may do: `access.MATRIX`."""

    TRAINING_COORDINATOR = "training_coordinator", _("Training coordinator (HR)")
    INTEGRITY_OFFICER = "integrity_officer", _("Integrity officer")
    SERVICE_OFFICER = "service_officer", _("Service-improvement officer")
    ASSESSOR = "assessor", _("Assessor")
    MODERATOR = "moderator", _("Moderator")
    PANEL_MEMBER = "panel_member", _("Panel member")
    COURSE_AUTHOR = "course_author", _("Course author")
    APPROVER = "approver", _("Approver")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    SUPERVISOR = "supervisor", _("Supervisor")


class RoleGrant(DatedFact):
    """From a day on, a user has a role in a unit and all below it.

    A grant of SUPERVISOR stands in only where no reporting line exists.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=Role)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=Role.values), name="organisation_rolegrant_role_known"),
        ]
        indexes = [models.Index(fields=["user", "role"], name="organisation_grant_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} in {self.unit}"
