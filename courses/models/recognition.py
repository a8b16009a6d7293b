"""Certificates of others: whose we recognise for which of our courses, what people brought, what was decided."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.judging import Result
from courses.models.versions import Course
from lms.core.dated import DatedFact
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import Person


class Issuer(models.Model):
    """Who issues certificates that may be recognised."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="courses_issuer_once")]
        ordering = ["name", "country"]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"


class RecognisedTitle(DatedFact):
    """A listing: certificates of an issuer under a title are recognised for one of our courses; `reason` says why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="+")
    title = models.CharField(max_length=250, help_text="As their certificates say it.")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    agreed_by = models.CharField(max_length=200)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["issuer", "title", "course"],
                condition=Q(known_until__isnull=True, valid_until__isnull=True),
                name="courses_recognisedtitle_one_standing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="courses_recognisedtitle_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.issuer})"


class RecognitionState(models.TextChoices):
    """Where a certificate that somebody brought stands. Computed."""

    AWAITING = "awaiting", _("Awaiting a decision")
    RECOGNISED = "recognised", _("Recognised")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RecognitionQuerySet(EventQuerySet["RecognitionRequest"]):
    """Certificates that were brought."""

    def awaiting(self) -> Self:
        """Those that nobody decided on yet."""
        return self.filter(decision__isnull=True)

    def in_the_way(self) -> Self:
        """Those that wait or are recognised still: the same number cannot be brought again."""
        stands = Q(decision__result__known_until__isnull=True, decision__result__isnull=False)
        return self.filter(Q(decision__isnull=True) | stands)

    def with_names(self) -> Self:
        """With all that pages show."""
        return self.select_related(
            "person", "listing__issuer", "listing__course", "by_user__person",
            "decision__result", "decision__by_user__person",
        )  # fmt: skip


class RecognitionRequest(Event):
    """Somebody brought a certificate of a listed issuer. The file is private: the person's and the deciders'."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    listing = models.ForeignKey(RecognisedTitle, models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    number_key = models.CharField(max_length=80, db_index=True, help_text="Letters and digits alone.")
    awarded_on = models.DateField()
    good_until = models.DateField(null=True, blank=True, help_text="Last good day by the certificate; empty: no end.")
    file = models.FileField(upload_to="recognition", max_length=200)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)

    objects = RecognitionQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(good_until__isnull=True) | Q(good_until__gte=F("awarded_on")),
                name="courses_recognitionrequest_good_at_least_its_day",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="courses_recognition_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.listing}"

    @property
    def state(self) -> RecognitionState:
        """Where it stands."""
        decision = RecognitionDecision.of(self)
        if decision is None:
            return RecognitionState.AWAITING
        if decision.result is None:
            return RecognitionState.DECLINED
        stands = decision.result.known_until is None
        return RecognitionState.RECOGNISED if stands else RecognitionState.WITHDRAWN

    @property
    def words(self) -> str:
        """What the result it leads to rests on, in words."""
        return _("%(title)s, %(issuer)s, number %(number)s") % {
            "title": self.listing.title,
            "issuer": self.listing.issuer,
            "number": self.number,
        }


class RecognitionDecision(Event):
    """A certificate was recognised, with the result that follows, or declined with a reason. One for each."""

    request = models.OneToOneField(RecognitionRequest, models.PROTECT, related_name="decision")
    result = models.ForeignKey(Result, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(
                condition=Q(result__isnull=False) | ~Q(reason=""),
                name="courses_recognitiondecision_declines_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.request.state.label}"

    @staticmethod
    def of(request: RecognitionRequest) -> "RecognitionDecision | None":
        """What was decided, if anything was."""
        return getattr(request, "decision", None)
