"""Rules as proposed: what is asked for, what it would mean, and who decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.actors import Attributed
from lms.core.events import Event
from lms.duties.models.requirements import RequirementVersion, TrainingRequirement
from lms.organisation.models import OrgUnit


class ProposalQuerySet(models.QuerySet["RequirementProposal"]):
    """Proposals by what became of them."""

    def open(self) -> "ProposalQuerySet":
        """Those that nobody has decided, drafts too."""
        return self.filter(decision__isnull=True)


class RequirementProposal(Attributed):
    """A new rule, a change of one or its end, as somebody proposes it. `asked` is audience and terms as data.

    `from_day` is the first day on which it would hold; for an end the first day without the rule. Without `asked_at`
    it is a draft: its author reads the preview first.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New rule")
        CHANGE = "change", _("Change of a rule")
        END = "end", _("End of a rule")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    requirement = models.ForeignKey(TrainingRequirement, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    asked = models.JSONField(default=dict)
    from_day = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    asked_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="new", requirement__isnull=True) | (~Q(kind="new") & Q(requirement__isnull=False)),
                name="duties_requirementproposal_of_a_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def preview(self) -> "ProposalPreview":
        """The newest preview; there always is one."""
        return self.previews.latest("pk")


class ProposalPreview(models.Model):
    """What a proposal would mean on `day`: `figures` at once, `dates` worked out in the background, in pieces.

    A piece adds to `dates` and moves `after_person` on in one transaction, so that none counts twice.
    """

    proposal = models.ForeignKey(RequirementProposal, models.PROTECT, related_name="previews")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    day = models.DateField()
    figures = models.JSONField()
    dates = models.JSONField(default=dict)
    after_person = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    to_do = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.proposal} {self.day}"


class ProposalDecision(Event):
    """What became of a proposal, on which preview, and the version of the rule that came of it."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ALONE = "alone", _("Made without a second person")

    proposal = models.OneToOneField(RequirementProposal, models.PROTECT, related_name="decision")
    preview = models.ForeignKey(ProposalPreview, models.PROTECT, related_name="+")
    version = models.ForeignKey(RequirementVersion, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=500, blank=True)
    # Beside by_user, so that the database knows: nobody approves what they wrote.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(outcome="approved") | Q(author__isnull=True) | ~Q(by_user=models.F("author")),
                name="duties_proposaldecision_approver_is_not_author",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["declined", "alone"]) | ~Q(reason=""), name="duties_proposaldecision_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.outcome}"
