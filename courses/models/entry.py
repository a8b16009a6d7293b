"""What a course asks of people before it, who may take it, and what each person has shown of that."""

import uuid
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models.versions import Course, CourseVersion
from lms.core.dated import DatedFact
from lms.core.events import Event, EventQuerySet
from lms.organisation.models import Person, PostCategory

# As many as qualifications frameworks commonly have.
HIGHEST_LEVEL = 10


class EntrySubject(models.Model):
    """Something that people bring with them, such as reading and writing a language, at a level from 1 up."""

    name = models.CharField(_("subject"), max_length=150, unique=True)
    levels = models.TextField(
        _("what the levels mean"),
        blank=True,
        help_text=_("For whoever looks at evidence; which framework they are of."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("entry subject")

    def __str__(self) -> str:
        return self.name


class Ask(models.Model):
    """Base: one thing asked, another course in date, or a subject at a level or higher."""

    required_course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("another course, in date")
    )
    subject = models.ForeignKey(
        EntrySubject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("or a subject")
    )
    level = models.PositiveSmallIntegerField(
        _("at level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_LEVEL)],
        help_text=_("From 1 to %(highest)s; a higher one will do.") % {"highest": HIGHEST_LEVEL},
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(required_course__isnull=False, subject__isnull=True, level__isnull=True)
                | Q(required_course__isnull=True, subject__isnull=False, level__gte=1, level__lte=HIGHEST_LEVEL),
                name="%(app_label)s_%(class)s_asks_one_thing",
                violation_error_message=_("Choose either a course, or a subject and its level."),
            )
        ]

    @property
    def asked(self) -> str:
        """What is asked, in words."""
        if self.required_course is not None:
            return str(self.required_course)
        return _("%(subject)s, level %(level)s") % {"subject": self.subject, "level": self.level}


class EntryRequirement(Ask):
    """What a course version asks of whoever begins it, frozen with it.

    Where it `is_conditional`, one may begin without; the result waits until it is shown.
    """

    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="entry")
    is_conditional = models.BooleanField(default=False)

    class Meta(Ask.Meta):
        constraints = [
            *Ask.Meta.constraints,
            models.UniqueConstraint(
                fields=["course_version", "required_course"], name="courses_entryrequirement_course_once"
            ),
            models.UniqueConstraint(fields=["course_version", "subject"], name="courses_entryrequirement_subject_once"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.course_version}: {self.asked}"


class EntryEvidence(DatedFact):
    """Somebody saw that a person has a subject at a level. `valid_from` is the day on which it was seen."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    subject = models.ForeignKey(EntrySubject, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=500, help_text="What was seen, such as a certificate and its year.")
    seen_by = models.CharField(max_length=200)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=HIGHEST_LEVEL), name="courses_entryevidence_level_known"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="courses_entryevidence_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.subject} {self.level}"


class EntryWaiver(Ask, DatedFact):
    """One person need not show one thing for one course; `reason` says why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            *Ask.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="courses_entrywaiver_says_why"),
        ]
        indexes = [models.Index(fields=["person"], name="courses_entrywaiver_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.course}: {self.asked}"


class CourseAudience(DatedFact):
    """Who may take a course, as the organisation decided: everybody, or some families of posts; others by nomination.

    Without `course` it speaks of all advanced courses that have no decision of their own. It stands outside the
    course's versions, since another organisation teaches the same course to other people.
    """

    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    is_open = models.BooleanField(default=False)
    categories = models.ManyToManyField(PostCategory, blank=True, related_name="+")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                Coalesce("course", 0),
                condition=Q(known_until__isnull=True, valid_until__isnull=True),
                name="courses_courseaudience_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.course or Course.Track.ADVANCED.label)


class NominationQuerySet(EventQuerySet["Nomination"]):
    """Nominations with what was decided on them."""

    def with_decision(self) -> Self:
        """Each with its standing `outcome` (empty: awaiting one), `decision_reason` and `decided_on`."""
        latest = NominationDecision.objects.filter(nomination=OuterRef("pk")).order_by("-pk")
        added: dict[str, Any] = {
            "outcome": Coalesce(Subquery(latest.values("outcome")[:1]), models.Value("")),
            "decision_reason": Coalesce(Subquery(latest.values("reason")[:1]), models.Value("")),
            "decided_on": Subquery(latest.values("on")[:1]),
        }
        return self.annotate(**added)

    def awaiting(self) -> Self:
        """Those that nobody decided on yet."""
        return self.filter(decisions__isnull=True)


class Nomination(Event):
    """Somebody proposed a person for a course that is not for everybody."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    # Set by `with_decision` alone.
    outcome: str
    decision_reason: str

    objects = NominationQuerySet.as_manager()  # type: ignore[misc]  # the base has a plainer one

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["person", "course"], name="courses_nomination_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"


class NominationDecision(Event):
    """A nomination was confirmed or declined; the newest stands, so a confirmation can be taken back."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(fields=["nomination", "outcome"], name="courses_nominationdecision_once"),
            models.CheckConstraint(
                condition=Q(outcome="confirmed") | (Q(outcome="declined") & ~Q(reason="")),
                name="courses_nominationdecision_declines_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_outcome_display()}"
