"""Sessions that come again: workshops twice a year, a session a quarter in each office, forum days."""

import uuid
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.versions import Course
from lms.core import clock
from lms.core.actors import Attributed
from lms.core.dated import DatedFact
from lms.organisation.models import OrgUnit, PostCategory, User

MOST_PLACES = 10_000


class SessionKind(models.TextChoices):
    """What people come together for."""

    WORKSHOP = "workshop", _("Workshop")
    QUARTERLY = "quarterly", _("Quarterly session in each office")
    FORUM = "forum", _("Forum day")


def never_forum_with_course(model: str) -> models.CheckConstraint:
    """Whoever comes to a forum has come to a forum: it never counts towards a course."""
    return models.CheckConstraint(
        condition=~Q(kind="forum") | Q(course__isnull=True), name=f"courses_{model}_forum_without_course"
    )


class SessionSeries(Attributed):
    """The identity of what comes again: its title, what kind it is, and the course it belongs to, if any.

    With a course and no `lesson_key`, attending does every lesson of that course that is done by attending.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SessionKind)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    lesson_key = models.SlugField(max_length=60, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(Attributed.Meta):
        verbose_name_plural = "session series"
        ordering = ["title", "pk"]
        constraints = [
            *Attributed.Meta.constraints,
            never_forum_with_course("sessionseries"),
            models.CheckConstraint(
                condition=Q(kind__in=["workshop", "quarterly", "forum"]), name="courses_sessionseries_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_per_office(self) -> bool:
        """Whether every office needs a session of its own each quarter."""
        return self.kind == SessionKind.QUARTERLY


class Hours(models.Model):
    """From when to when on each of the days, by the clock on the wall of the site."""

    starts = models.TimeField()
    ends = models.TimeField()
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    capacity = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)])

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="%(app_label)s_%(class)s_ends_later"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_PLACES), name="%(app_label)s_%(class)s_has_places"
            ),
            models.CheckConstraint(condition=~Q(place="", link=""), name="%(app_label)s_%(class)s_is_somewhere"),
        ]


class SeriesPlan(Hours, DatedFact):
    """For these days: in which months the series comes, for whom, and where and when if nothing else is said.

    Once there was a session, the next one follows it and not the plan (`courses.sessions.nightly`).
    """

    series = models.ForeignKey(SessionSeries, models.PROTECT, related_name="plans")
    # The numbers of the months, such as "2,6"; empty for a session in each office each quarter.
    months = models.CharField(max_length=30, blank=True)
    usual_day = models.PositiveSmallIntegerField(default=15)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    categories = models.ManyToManyField(PostCategory, blank=True, related_name="+")
    # Each unit of this kind below `unit` needs a session a quarter.
    office_kind = models.CharField(max_length=20, choices=OrgUnit.Kind, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta(DatedFact.Meta):
        constraints = [
            *DatedFact.Meta.constraints,
            *Hours.Meta.constraints,
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(known_until__isnull=True, valid_until__isnull=True),
                name="courses_seriesplan_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(usual_day__gte=1, usual_day__lte=31), name="courses_seriesplan_day_of_a_month"
            ),
            models.CheckConstraint(condition=~Q(months="", office_kind=""), name="courses_seriesplan_comes_again"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.valid_from}"

    @property
    def month_numbers(self) -> list[int]:
        """The months in which it comes."""
        return [int(number) for number in self.months.split(",") if number]

    def is_over_on(self, day: date) -> bool:
        """Whether the series has ended by then."""
        return self.valid_until is not None and self.valid_until <= day
