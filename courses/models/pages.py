"""The drafts of courses and lessons, edited in Wagtail. Learners never read them: publishing freezes a version.

Every way to publish (editor, bulk action, workflow, command) ends in saving a page with a new live revision, so the
one gate stands there, in `save`; the step itself is `courses.publishing`.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, Site

from courses import previews, publishing
from courses.blocks import LessonBody
from courses.keys import may_be_lesson_key
from courses.models.entry import Ask
from courses.models.forms import CoursePageForm
from courses.models.framework import Criterion, Document, EvidenceKind, Instrument, Pack
from courses.models.versions import Course, LessonVersion

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class CourseIndexPage(Page):
    """The one parent of all courses in Wagtail's tree. Learners see the catalogue instead."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CoursePage"]
    max_count = 1

    class Meta:
        verbose_name = _("course list")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The public catalogue."""
        return redirect("courses")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int | None, str, str]:
        """Where *view live* leads."""
        return _parts(reverse("courses"))


class CoursePage(Page):
    """The draft of a course: everything but its questions, paper and observations, which hang on the course."""

    class Change(models.TextChoices):
        WORDING = "wording", _("Wording: what people learn and show stays the same")
        MEANING = "meaning", _("Meaning: a new version, for whoever begins from now on")

    course = models.ForeignKey(Course, models.PROTECT, related_name="pages", editable=False)
    language = models.CharField(_("language"), max_length=10, default="en")
    track = models.CharField(_("track"), max_length=20, choices=Course.Track, default=Course.Track.BASIC)
    is_integrity = models.BooleanField(_("integrity course"), default=False, help_text=_("Integrity units assign it."))
    summary = models.CharField(_("summary"), max_length=500, blank=True, help_text=_("One plain sentence for lists."))
    purpose = models.TextField(_("purpose"), blank=True, help_text=_("Markdown."))
    outcomes = models.TextField(
        _("after this course you can …"), blank=True, help_text=_("One plain sentence on each line.")
    )
    audience = models.TextField(_("who it is for"), blank=True, help_text=_("Markdown."))
    review_due = models.DateField(_("review due"), null=True, blank=True)
    holds_months = models.PositiveIntegerField(
        _("months that a result holds"), null=True, blank=True, help_text=_("Empty: no end by time.")
    )
    holds_document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
        help_text=_("A result holds until this document is replaced."),
    )
    pass_percent = models.DecimalField(
        _("overall per cent to pass"), max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    met_percent = models.DecimalField(
        _("per cent to meet a criterion"), max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    met_critical_percent = models.DecimalField(
        _("per cent to meet a critical one"), max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    author_name = models.CharField(_("author"), max_length=200, blank=True)
    approver_name = models.CharField(
        _("approver"), max_length=200, blank=True, help_text=_("Whoever publishes here is named instead.")
    )
    moderator_name = models.CharField(_("moderator"), max_length=200, blank=True)
    change = models.CharField(
        _("wording or meaning?"),
        max_length=20,
        choices=Change,
        blank=True,
        default="",
        help_text=_("What the author thinks. Whoever publishes is asked, and decides."),
    )
    what_changed = models.TextField(
        _("what changed"), blank=True, help_text=_("For a change of meaning: what those who hold it should know.")
    )

    changes_must_be_read = models.BooleanField(
        _("holders must read what changed"),
        default=True,
        help_text=_("For a change of meaning. Whoever does not read it in time is no longer in date until they do."),
    )
    changes_due_days = models.PositiveIntegerField(
        _("days to read it in"), null=True, blank=True, help_text=_("Empty: as many as the house gives.")
    )

    base_form_class = CoursePageForm
    parent_page_types = ["courses.CourseIndexPage"]
    subpage_types = ["courses.LessonPage"]
    # A go-live date would publish in nobody's name.
    settings_panels: list[Any] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("code"),
        FieldPanel("language"),
        FieldPanel("track"),
        FieldPanel("is_integrity"),
        FieldPanel("summary"),
        FieldPanel("purpose"),
        FieldPanel("outcomes"),
        FieldPanel("audience"),
        FieldPanel("review_due"),
        InlinePanel("entry", heading=_("What one needs before it")),
        InlinePanel("certifies", heading=_("Criteria that it certifies")),
        MultiFieldPanel([FieldPanel("holds_months"), FieldPanel("holds_document")], heading=_("A result holds")),
        MultiFieldPanel(
            [FieldPanel("pass_percent"), FieldPanel("met_percent"), FieldPanel("met_critical_percent")],
            heading=_("Passing; empty: the house’s rule"),
        ),
        MultiFieldPanel(
            [FieldPanel("author_name"), FieldPanel("approver_name"), FieldPanel("moderator_name")],
            heading=_("People"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("change", "what_changed", "changes_must_be_read", "changes_due_days")],
            heading=_("This publication"),
        ),
    ]

    class Meta:
        verbose_name = _("course")
        constraints = [models.UniqueConstraint(fields=["course", "language"], name="courses_coursepage_one_draft")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; and where this makes a revision live, publish: checked before, frozen after, or not at all."""
        if self.course.pk is None:
            self.course.save()
            self.course = self.course
        publishing.save_page(self, lambda: super(CoursePage, self).save(*args, **kwargs), kwargs.get("update_fields"))

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Save a draft; refused with a date on which it would be published."""
        publishing.refuse_dates(self, kwargs.get("approved_go_live_at"))
        return super().save_revision(*args, **kwargs)

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> None:
        """Publish a revision in `user`'s name. Steps that act for a machine rule use `publishing.publish`."""
        with publishing.in_the_name_of(user, self):
            super().publish(revision, user=user, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Learners read what was published, not this page."""
        return redirect("course", code=self.course.code)

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """A phone first."""
        return previews.SIZES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The public page of the course as it would be."""
        return previews.course(request, self)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int | None, str, str]:
        """Where *view live* leads."""
        return _parts(reverse("course", args=[self.course.code]))


class CertifiedDraft(Orderable):
    """A criterion that the course is to certify, and by what evidence."""

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="certifies")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    evidence = models.CharField(_("evidence"), max_length=20, choices=EvidenceKind, default=EvidenceKind.PAPER)
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=2, default=1, validators=[MinValueValidator(0.01)]
    )

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "criterion"], name="courses_certifieddraft_once")]

    def __str__(self) -> str:
        return f"{self.criterion} ({self.evidence})"


class EntryDraft(Ask, Orderable):
    """What the course is to ask of whoever begins it."""

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="entry")
    is_conditional = models.BooleanField(
        _("people may begin without it"),
        default=False,
        help_text=_("Then their result waits until it is shown."),
    )

    panels = [FieldPanel(name) for name in ("required_course", "subject", "level", "is_conditional")]

    class Meta(Orderable.Meta):
        constraints = [
            *Ask.Meta.constraints,
            models.UniqueConstraint(fields=["page", "required_course"], name="courses_entrydraft_course_once"),
            models.UniqueConstraint(fields=["page", "subject"], name="courses_entrydraft_subject_once"),
        ]

    def __str__(self) -> str:
        return self.asked

    def clean(self) -> None:
        """No course asks for itself."""
        super().clean()
        if self.required_course_id is not None and self.required_course_id == self.page.course_id:
            raise ValidationError({"required_course": _("A course does not ask for itself.")})


class LessonPage(Page):
    """The draft of a lesson. Its slug is its key: stable between versions, since completions name it."""

    minutes = models.PositiveIntegerField(_("minutes"), default=5, validators=[MinValueValidator(1)])
    completion = models.CharField(
        _("it is done when"),
        max_length=20,
        choices=[
            (LessonVersion.Completion.SEEN.value, _("seen")),
            (LessonVersion.Completion.ACKNOWLEDGED.value, _("its document is acknowledged")),
            (LessonVersion.Completion.ATTENDED.value, _("a session is attended")),
        ],
        default=LessonVersion.Completion.SEEN,
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document to acknowledge")
    )
    criteria = ParentalManyToManyField(Criterion, blank=True, related_name="+", verbose_name=_("criteria"))
    instruments = ParentalManyToManyField(Instrument, blank=True, related_name="+", verbose_name=_("instruments"))
    body = StreamField(LessonBody(), blank=True, verbose_name=_("content"))

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    settings_panels: list[Any] = []
    promote_panels = [FieldPanel("slug", heading=_("Key"), help_text=_("Stays the same for as long as it is taught."))]
    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        MultiFieldPanel([FieldPanel("completion"), FieldPanel("document")], heading=_("Completion")),
        FieldPanel("criteria"),
        FieldPanel("instruments"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("lesson")

    def clean(self) -> None:
        """A key that can stand in an address, and a document where one is to be acknowledged."""
        super().clean()
        if not may_be_lesson_key(self.slug):
            raise ValidationError({"slug": _("Use small letters, digits and hyphens; some words are taken.")})
        if self.completion == LessonVersion.Completion.ACKNOWLEDGED and self.document is None:
            raise ValidationError({"document": _("Say which document is acknowledged.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; refused where this would make a lesson live without its course."""
        publishing.save_lesson(self, lambda: super(LessonPage, self).save(*args, **kwargs), kwargs.get("update_fields"))

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Save a draft; refused with a date on which it would be published."""
        publishing.refuse_dates(self, kwargs.get("approved_go_live_at"))
        return super().save_revision(*args, **kwargs)

    def get_workflow(self) -> None:
        """None of its own: a lesson is supported and approved with its course."""

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Learners read what was published, not this page."""
        return redirect("course", code=self.course.code)

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """A phone first."""
        return previews.SIZES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The lesson as a learner would see it."""
        return previews.lesson(request, self)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int | None, str, str]:
        """Where *view live* leads."""
        return _parts(reverse("course", args=[self.course.code]))

    @property
    def course(self) -> Course:
        """The course that it belongs to."""
        course: Course = self.get_parent().specific.course
        return course


class LoadedCourse(models.Model):
    """A course that a pack brought, and the hash of its draft as loaded: another hash means that it was edited."""

    # Not on the page: a page's revisions would bring old hashes back.
    course = models.OneToOneField(Course, models.PROTECT, related_name="loaded")
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="courses")
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.course} from {self.pack}"


def _parts(path: str) -> tuple[int | None, str, str]:
    # The courses hang below no site's root, since Wagtail serves none of them.
    site = Site.objects.filter(is_default_site=True).first()
    return site.pk if site else None, settings.BASE_URL, path
