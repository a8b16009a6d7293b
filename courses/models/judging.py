"""What was judged: a decision per criterion, and the overall result of a course version."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.framework import CriterionVersion, EvidenceKind
from courses.models.learning import Enrolment
from courses.models.versions import CourseVersion
from lms.core.dated import DatedFact, DatedQuerySet
from lms.core.events import Event
from lms.organisation.models import Person


class CriterionDecision(Event):
    """Whether a person met a criterion, by one piece of evidence. `on` is when the evidence was given.

    Written by `decisions.record` alone. The four ticks (valid, authentic, current, sufficient) are set where a
    person judged and empty where a machine rule marked. Points are empty where the evidence has none.
    """

    class Outcome(models.TextChoices):
        COMPETENT = "competent", _("Competent")
        NOT_YET = "not_yet_competent", _("Not yet competent")
        OUTSTANDING = "evidence_outstanding", _("Evidence outstanding")
        RECOGNISED = "recognised", _("Recognised")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=30, choices=Outcome)
    evidence_kind = models.CharField(max_length=20, choices=EvidenceKind)
    evidence_type = models.CharField(max_length=60, help_text="The model label of the evidence, such as a sheet.")
    evidence_uuid = models.UUIDField()
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    points_possible = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    has_critical_error = models.BooleanField(default=False)
    is_valid = models.BooleanField(null=True)
    is_authentic = models.BooleanField(null=True)
    is_current = models.BooleanField(null=True)
    is_sufficient = models.BooleanField(null=True)
    place = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(
                fields=["criterion_version", "evidence_type", "evidence_uuid"],
                name="courses_decision_once_per_evidence",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True, points_possible__isnull=True)
                | Q(points__gte=0, points_possible__gt=0, points__lte=models.F("points_possible")),
                name="courses_decision_points_within_possible",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "criterion_version", "-on", "-recorded_at"], name="courses_decision_standing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.criterion_version}: {self.get_outcome_display()}"

    @property
    def is_met(self) -> bool:
        """Whether this decision meets its criterion."""
        return self.outcome in {self.Outcome.COMPETENT, self.Outcome.RECOGNISED}

    @property
    def percent(self) -> Decimal | None:
        """Points as a share of the possible ones, 0–100; None where the evidence has no points."""
        if self.points is None or self.points_possible is None:
            return None
        return self.points / self.points_possible * 100


class ResultQuerySet(DatedQuerySet["Result"]):
    """Passed course versions."""

    def in_date_on(self, day: date) -> Self:
        """Results that count on `day`: achieved, not ended, within the days for which they hold."""
        return self.on(day).filter(Q(holds_until__isnull=True) | Q(holds_until__gte=day))


class Result(DatedFact):
    """A person passed a course version. `valid_from` is the day on which they became competent.

    `holds_until` is the last good day by the course version's rule (empty: no end). Ending it early, for fraud or a
    replaced document, closes the fact: `valid_until` is then the first day without it and `end_reason` says why.
    """

    class Source(models.TextChoices):
        OWN = "own", _("Own assessment")
        IMPORTED = "imported", _("Imported")
        RECOGNISED = "recognised", _("Recognised")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, null=True, blank=True, related_name="result_set", related_query_name="result"
    )
    source = models.CharField(max_length=20, choices=Source, default=Source.OWN)
    holds_until = models.DateField(null=True, blank=True, help_text="Last good day; empty: no end.")
    overall_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    decisions = models.ManyToManyField(CriterionDecision, related_name="+", help_text="What the result rests on.")
    evidence = models.CharField(max_length=500, blank=True, help_text="What it rests on elsewhere: a paper, a record.")

    objects = ResultQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(known_until__isnull=True, source="own"),
                name="courses_result_once_per_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True) | Q(holds_until__gte=models.F("valid_from")),
                name="courses_result_holds_at_least_its_day",
            ),
        ]
        indexes = [models.Index(fields=["person", "course_version"], name="courses_result_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.course_version} {self.valid_from}"

    @property
    def competent_on(self) -> date:
        """The day on which the last criterion was met."""
        return self.valid_from

    @property
    def ended_on(self) -> date | None:
        """The first day on which it no longer counted because somebody ended it, if somebody did."""
        return self.valid_until

    def is_in_date_on(self, day: date) -> bool:
        """Whether it counts on `day`."""
        return self.is_valid_on(day) and (self.holds_until is None or day <= self.holds_until)
