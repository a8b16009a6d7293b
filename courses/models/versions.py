"""Courses as learners meet them: frozen at publication, so that a typo mended tomorrow changes no record."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from courses.models.framework import CriterionVersion, Document, DocumentVersion, EvidenceKind, Instrument
from lms.core import clock
from lms.core.actors import Attributed
from lms.core.dated import facts_changed


class Course(models.Model):
    """The identity of a course; its Wagtail page edits it, its versions are what people take."""

    class Track(models.TextChoices):
        BASIC = "basic", _("Basic")
        ADVANCED = "advanced", _("Advanced")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=30, unique=True)
    track = models.CharField(max_length=20, choices=Track, default=Track.BASIC)
    is_integrity = models.BooleanField(default=False, help_text="Integrity units may assign it.")
    is_offered = models.BooleanField(default=True, help_text="Whether people may begin it; those under way go on.")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def current(self) -> "CourseVersion | None":
        """The newest published version: what a new enrolment gets."""
        return self.versions.order_by("-number").first()


class CourseVersionQuerySet(models.QuerySet["CourseVersion"]):
    """Published courses."""

    def current(self) -> Self:
        """The newest version of each course that is offered."""
        newest = CourseVersion.objects.filter(course=OuterRef("course")).order_by("-number").values("number")[:1]
        return self.filter(course__is_offered=True, number=Subquery(newest))

    def in_force_on(self, day: date) -> "CourseVersion | None":
        """Of one course's versions, the one that was in force on `day`, or the first for a day before it."""
        return in_force(list(self.order_by("number")), day)


def in_force(versions: Sequence["CourseVersion"], day: date) -> "CourseVersion | None":
    """Of one course's versions, oldest first, the newest published by `day`, or else the first. Pure."""
    published = [version for version in versions if clock.day_of(version.published_at) <= day]
    return next(iter([*reversed(published), *versions]), None)


class CourseVersion(Attributed):
    """A course's content, criteria and rules as published. An enrolment pins it.

    A change of wording brings new lesson rows (a higher `edition`), only a change of meaning a new version.
    `content_hash` covers everything a learner could meet in the newest edition. Holders of earlier versions read what
    changed within `changes_due_days` of `meant_since`, the instant of its first edition; empty: they need not.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=250)
    summary = models.CharField(max_length=500)
    purpose = models.TextField()
    audience = models.TextField(blank=True)
    outcomes = models.JSONField(default=list, help_text="Plain sentences: after this course you can …")
    what_changed = models.TextField(blank=True)
    changes_due_days = models.PositiveIntegerField(null=True, blank=True)
    meant_since = models.DateTimeField(default=clock.now, editable=False)
    review_due = models.DateField()
    author_name = models.CharField(max_length=200, blank=True)
    supporter_name = models.CharField(
        max_length=200, blank=True, help_text="Who read the draft before it was approved."
    )
    supported_at = models.DateTimeField(null=True, blank=True)
    approver_name = models.CharField(max_length=200, blank=True)
    moderator_name = models.CharField(max_length=200)
    planned_minutes = models.PositiveIntegerField(help_text="Lessons, papers and observations together.")
    pass_percent = models.DecimalField(max_digits=5, decimal_places=2)
    met_percent = models.DecimalField(max_digits=5, decimal_places=2)
    met_critical_percent = models.DecimalField(max_digits=5, decimal_places=2)
    holds_months = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no end by time.")
    holds_document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", help_text="Holds until it is replaced."
    )
    last_finishing_on = models.DateField(null=True, blank=True, help_text="Last day for those under way to finish.")
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=clock.now)

    objects = CourseVersionQuerySet.as_manager()

    class Meta(Attributed.Meta):
        constraints = [
            *Attributed.Meta.constraints,
            models.UniqueConstraint(fields=["course", "number"], name="courses_courseversion_numbered_once"),
            models.CheckConstraint(
                condition=Q(pass_percent__gte=0, pass_percent__lte=100), name="courses_courseversion_pass_is_share"
            ),
        ]
        ordering = ["course", "number"]

    def __str__(self) -> str:
        return f"{self.course.code} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As ever; a new version is told to whoever keeps something computed of results."""
        is_new = self._state.adding
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            if is_new:
                facts_changed.send(CourseVersion, keys=[self.pk], from_day=clock.day_of(self.meant_since))

    @property
    def hours(self) -> str:
        """Planned minutes as printed."""
        return hours_of(self.planned_minutes)

    def may_still_be_finished(self, day: date) -> bool:
        """Whether somebody under way may finish this version on `day`."""
        return self.last_finishing_on is None or day <= self.last_finishing_on


def hours_of(minutes: int) -> str:
    """Minutes as certificates print them: full quarters of an hour, and below one its hundredths.

    Never rounded up: what is printed lies within what the course holds.
    """
    return f"{minutes // 15 / 4:g}" if minutes >= 15 else f"{minutes * 100 // 60 / 100:g}"


class CertifiedCriterion(models.Model):
    """A criterion that a course version certifies, by what evidence, with what weight in the overall score."""

    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="certified")
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=20, choices=EvidenceKind)
    weight = models.DecimalField(max_digits=6, decimal_places=2, default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_version", "criterion_version"], name="courses_certifiedcriterion_once"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="courses_certifiedcriterion_weighs"),
        ]
        ordering = ["criterion_version__criterion__code"]

    def __str__(self) -> str:
        return f"{self.course_version} {self.criterion_version}"


class LessonQuerySet(models.QuerySet["LessonVersion"]):
    """Frozen lessons."""

    def newest_edition(self) -> Self:
        """The lessons that a learner on each course version reads today."""
        return self.filter(edition=F("course_version__edition"))


class LessonVersion(models.Model):
    """A lesson as published: its blocks, and the body rendered once for everybody."""

    class Completion(models.TextChoices):
        SEEN = "seen", _("Seen")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ATTENDED = "attended", _("Attended")
        ASSESSED = "assessed", _("Assessed")
        OBSERVED = "observed", _("Observed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="lessons")
    edition = models.PositiveIntegerField()
    key = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=250)
    minutes = models.PositiveIntegerField()
    completion = models.CharField(max_length=20, choices=Completion, default=Completion.SEEN)
    document_version = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, blank=True, related_name="+")
    blocks = models.JSONField(help_text="The blocks of the pack format, each with its `id`.")
    criteria = models.ManyToManyField(CriterionVersion, blank=True, related_name="+")
    instruments = models.ManyToManyField(Instrument, blank=True, related_name="+")
    content_hash = models.CharField(max_length=64)

    # What a learner's page adds to the row: `progress.outline`, `lesson_pages.opened`.
    is_done: bool
    acknowledged_on: datetime | None
    open_blocks: list[dict[str, Any]]

    objects = LessonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course_version", "edition", "key"], name="courses_lessonversion_keyed_once"
            ),
            models.UniqueConstraint(
                fields=["course_version", "edition", "position"], name="courses_lessonversion_placed_once"
            ),
            models.CheckConstraint(
                condition=~Q(completion="acknowledged") | Q(document_version__isnull=False),
                name="courses_lessonversion_acknowledges_something",
            ),
        ]
        ordering = ["course_version", "edition", "position"]

    def __str__(self) -> str:
        return self.title
