"""Reminders: what was said to whom about whom and why, what became of it, and the words it is said in."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.dated import DatedFact
from lms.core.events import Event
from lms.duties.models.requirements import TrainingRequirement
from lms.organisation.models import Person


class Moment(models.TextChoices):
    """What a reminder is about. `DIGEST` is a line of a supervisor's week."""

    ASSIGNED = "assigned", _("Asked for the first time")
    BEFORE_DUE = "before_due", _("Before the due day")
    AFTER_DUE = "after_due", _("After the due day")
    WINDOW_OPEN = "window_open", _("Renewal is open")
    BEFORE_EXPIRY = "before_expiry", _("Before it runs out")
    DIGEST = "digest", _("In the week's digest")


class Told(models.TextChoices):
    """In which part somebody is told."""

    LEARNER = "learner", _("Learner")
    SUPERVISOR = "supervisor", _("Supervisor")
    HR = "hr", _("Training coordinator")
    INTEGRITY = "integrity", _("Integrity officer")


class MessageState(models.TextChoices):
    """What became of a message. `AGAIN` is a try that failed and is made again."""

    PLANNED = "planned", _("Planned")
    AGAIN = "again", _("Failed, is tried again")
    SENT = "sent", _("Sent")
    PRINTED = "printed", _("Printed")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Perhaps sent")
    NOT_NEEDED = "not_needed", _("No longer needed")


class Channel(models.TextChoices):
    """How it reaches them."""

    MAIL = "mail", _("E-mail")
    PAPER = "paper", _("Printed slip")


class ReminderMessage(Event):
    """One mail or slip to somebody on a day. What it says is worked out when it goes; its reminders say why.

    `week` is the Monday of a supervisor's digest, of which there is one a week.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    told_as = models.CharField(max_length=20, choices=Told)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    for_day = models.DateField()
    week = models.DateField(null=True, blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(condition=Q(told_as__in=Told.values), name="duties_remindermessage_told_as_known"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="duties_remindermessage_channel_known"
            ),
            models.UniqueConstraint(
                fields=["recipient", "week"],
                condition=Q(week__isnull=False),
                name="duties_remindermessage_one_digest_a_week",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "for_day"], name="duties_message_recipient"),
            models.Index(fields=["for_day"], name="duties_message_day"),
        ]

    def __str__(self) -> str:
        return f"{self.for_day} {self.told_as} {self.recipient_id}"


class Reminder(Event):
    """That somebody was to be told about a person and a target, on one occasion: once, whatever is repeated.

    `occasion_on` is the day that the moment goes by: the due day, the last good day, or the day since which it is
    asked. A later due day is a new occasion. `target` are the ids of the courses of which any one will do.
    """

    message = models.ForeignKey(ReminderMessage, models.PROTECT, related_name="reminders")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="+")
    told_as = models.CharField(max_length=20, choices=Told)
    target = models.CharField(max_length=255)
    moment = models.CharField(max_length=20, choices=Moment)
    days = models.PositiveIntegerField(default=0, help_text="So many days before or after the occasion's day.")
    occasion_on = models.DateField()
    requirement = models.ForeignKey(TrainingRequirement, models.PROTECT, null=True, related_name="+")
    is_integrity = models.BooleanField(default=False)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "target", "moment", "days", "occasion_on", "told_as", "recipient"],
                name="duties_reminder_once",
            ),
            models.CheckConstraint(condition=Q(moment__in=Moment.values), name="duties_reminder_moment_known"),
            models.CheckConstraint(condition=Q(told_as__in=Told.values), name="duties_reminder_told_as_known"),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="duties_reminder_newest")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.target} {self.moment} {self.occasion_on}"


class MessageOutcome(Event):
    """What became of a message: the newest one counts. `detail` is what the mail server or a person said."""

    message = models.ForeignKey(ReminderMessage, models.PROTECT, related_name="outcomes")
    state = models.CharField(max_length=20, choices=MessageState)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(Event.Meta):
        constraints = [
            *Event.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="duties_messageoutcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class WaitingMail(models.Model):
    """A mail that is still to go: written with its message, gone when that is settled. `taken_at`: somebody is at it."""

    message = models.OneToOneField(ReminderMessage, models.CASCADE, related_name="waiting")
    next_try_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="duties_waitingmail_next")]

    def __str__(self) -> str:
        return f"{self.message_id}"


class ReminderWalk(models.Model):
    """How far the day's walk through people has come, so that it goes on from there after a kill."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("people")
        DIGESTS = "digests", _("digests")

    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    reached = models.BigIntegerField(default=0, help_text="Id of the last person looked at.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "kind"], name="duties_reminderwalk_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=["people", "digests"]), name="duties_reminderwalk_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class ReminderText(DatedFact):
    """From a day on, a kind of reminder is worded so in a language, instead of the words that come with the site."""

    key = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField(max_length=5000)

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=Q(known_until__isnull=True, valid_until__isnull=True),
                name="duties_remindertext_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language}"

    @classmethod
    def in_use(cls, day: date) -> dict[tuple[str, str], "ReminderText"]:
        """The wordings of the house on a day, by key and language."""
        return {(text.key, text.language): text for text in cls.objects.on(day)}
