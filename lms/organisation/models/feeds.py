"""Staff feeds: a file of HR's, the rows read out of it, and what applying it changes or changed."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.actors import Actor, Attributed, MachineRule
from lms.organisation.models.people import Employer, Person


class FeedMapping(models.Model):
    """Which column of HR's is which of ours, kept for every file with the same heading row."""

    head = models.CharField(max_length=64, unique=True)
    columns = models.JSONField(default=dict)
    day_form = models.CharField(max_length=10)


class FeedState(models.TextChoices):
    """Where a feed stands. Computed from what has happened to it."""

    DELIVERED = "delivered", _("waits for its columns")
    READING = "reading", _("is being read")
    STOPPED = "stopped", _("could not be read")
    COMPARED = "compared", _("ready to apply")
    WAITING = "waiting", _("waits for a second person")
    APPLYING = "applying", _("is being applied")
    APPLIED = "applied", _("applied")
    UNDOING = "undoing", _("is being undone")
    UNDONE = "undone", _("undone")
    SET_ASIDE = "set_aside", _("set aside")


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds by what is happening to them."""

    def under_way(self) -> Self:
        """Feeds that are changing the staff records right now."""
        applying = Q(applying_since__isnull=False, applied_at__isnull=True)
        return self.filter(applying | Q(undoing_since__isnull=False, undone_at__isnull=True))

    def changed_since(self, moment: object) -> Self:
        """Feeds that changed the staff records after `moment`."""
        return self.filter(Q(applying_since__gt=moment) | Q(undoing_since__gt=moment))


class Feed(Attributed):
    """One file of HR's on its way into the records. Its differences stay as the audit; its rows do not."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    size = models.BigIntegerField(default=0)
    day = models.DateField(help_text="From when its rows hold that name no day of their own.")
    is_whole = models.BooleanField(help_text="It names everybody, so whoever is missing has left.")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+")
    encoding = models.CharField(max_length=20, blank=True)
    day_form = models.CharField(max_length=10, blank=True)
    head = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    delivered_at = models.DateTimeField(default=clock.now)
    reading_since = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=500, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    people_before = models.PositiveIntegerField(default=0)
    leavers = models.PositiveIntegerField(default=0)
    movers = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applying_since = models.DateTimeField(null=True, blank=True)
    applied_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_by_rule = models.CharField(max_length=100, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    # Which pass over its differences is under way, the last difference that it did, and how many all passes did.
    pass_number = models.PositiveSmallIntegerField(default=0)
    last_done = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    to_do = models.PositiveIntegerField(default=0)
    undoing_since = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=300, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta(Attributed.Meta):
        ordering = ["-delivered_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def state(self) -> FeedState:
        """Where it stands."""
        reached = [
            (self.set_aside_at, FeedState.SET_ASIDE),
            (self.undone_at, FeedState.UNDONE),
            (self.undoing_since, FeedState.UNDOING),
            (self.applied_at, FeedState.APPLIED),
            (self.applying_since, FeedState.APPLYING),
            (self.stopped_why, FeedState.STOPPED),
            (self.compared_at, FeedState.WAITING if self.needs_confirming else FeedState.COMPARED),
            (self.reading_since, FeedState.READING),
        ]
        return next((state for happened, state in reached if happened), FeedState.DELIVERED)

    @property
    def is_under_way(self) -> bool:
        """Whether a worker is at it, so that its page is worth another look."""
        return self.state in {FeedState.READING, FeedState.APPLYING, FeedState.UNDOING}

    @property
    def share(self) -> float:
        """Leavers and movers among those who were there, in per cent. Leavers out of nobody are none."""
        return 100 * (self.leavers + self.movers) / self.people_before if self.people_before else 0.0

    @property
    def is_large(self) -> bool:
        """Whether so many leave or move that a second person has to look."""
        return self.share > settings.FEED_CHANGE_PERCENT

    @property
    def needs_confirming(self) -> bool:
        return self.is_large and self.confirmed_at is None

    @property
    def applied_by(self) -> Actor:
        """Who let it in: what it makes and ends is theirs."""
        return self.applied_by_user if self.applied_by_user is not None else MachineRule(self.applied_by_rule)


class FeedPart(models.Model):
    """A piece of the file as it came, kept until it is applied or set aside, so that a worker anywhere can read it."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "number"], name="organisation_feedpart_once")]


class FeedRow(models.Model):
    """A row of the file in our own words, kept until it is applied or set aside."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    who = models.CharField(max_length=80, blank=True, help_text="EMPLOYER/NUMBER")
    post = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["feed", "who"], name="organisation_feedrow_who"),
            models.Index(fields=["feed", "post"], name="organisation_feedrow_post"),
        ]


class About(models.TextChoices):
    """What a difference is about."""

    UNIT = "unit", _("Unit")
    POST = "post", _("Post")
    LINE = "line", _("Reporting line")
    PERSON = "person", _("Person")
    ROW = "row", _("Row")


class Change(models.TextChoices):
    """What a difference is."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved")
    LEFT = "left", _("Left")
    RETURNED = "returned", _("Returned")
    CLOSED = "closed", _("Closed")
    REFUSED = "refused", _("Refused")


class DifferenceQuerySet(models.QuerySet["FeedDifference"]):
    """Differences of feeds."""

    def going_in(self) -> Self:
        """Without those that are refused."""
        return self.exclude(change=Change.REFUSED)


class FeedDifference(models.Model):
    """What one row changes, or why it does not. Kept for good: it is the account of the feed."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="differences")
    line = models.PositiveIntegerField(null=True, blank=True, help_text="Empty for whoever is missing from the file.")
    about = models.CharField(max_length=10, choices=About)
    change = models.CharField(max_length=10, choices=Change)
    subject = models.CharField(max_length=80, help_text="EMPLOYER/NUMBER, or the code of a post or unit.")
    label = models.CharField(max_length=310, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    from_post = models.CharField(max_length=40, blank=True, help_text="The post that becomes free.")
    to_post = models.CharField(max_length=40, blank=True, help_text="The post to be held; of a line, the manager's.")
    day = models.DateField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    # Why it was refused, or a word of caution.
    why = models.CharField(max_length=500, blank=True)
    # Keys of the rows that this made and closed, by model, for undoing it.
    facts = models.JSONField(default=dict)
    is_applied = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["feed", "about", "change"], name="organisation_feeddiff_kind"),
            models.Index(fields=["feed", "subject"], name="organisation_feeddiff_subject"),
            models.Index(fields=["feed", "to_post"], name="organisation_feeddiff_to_post"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.subject}: {self.change}"
