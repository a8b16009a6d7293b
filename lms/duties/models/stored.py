"""What is kept computed from facts: all of it can be dropped, and `manage.py rebuild_coverage` makes it anew.

But for targets, which extensions name.
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models.functions import Coalesce

from lms.core import clock
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit, Person, Post


class DutyTarget(models.Model):
    """What duties are for, under one number. `key` is `Target.key`: each set of courses, each document is here once."""

    key = models.CharField(max_length=255, unique=True)

    def __str__(self) -> str:
        return self.key

    @property
    def target(self) -> Target:
        """The same for the pure part."""
        return Target.of_key(self.key)


class SpanState(models.IntegerChoices):
    """What a span says. The last two are no duty: an empty post that would carry one, and a person with any duty."""

    IN_DATE = 1
    NOT_YET_DUE = 2
    OVERDUE = 3
    EXEMPT = 4
    VACANT = 5
    PERSON = 6


class Counted(models.Model):
    """What spans and levels are counted by.

    `category` 0 is the unit whatever the category, `target` 0 whatever is asked. Figures of a unit with all below it
    add up everything; those of the unit alone leave out what `is_joint`: corrections for people with posts in
    several units, so that they count once above.
    """

    unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    target = models.IntegerField()
    category = models.IntegerField()
    is_joint = models.BooleanField(default=False)

    class Meta:
        abstract = True


class DutySpan(Counted):
    """Days on which nothing changes between a person in a post and a target. `until_day` is `date.max` with no end.

    Vacancies have no person, corrections no post. `weight` is what the span adds to the figures.
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False)
    state = models.SmallIntegerField(choices=SpanState)
    weight = models.SmallIntegerField(default=1)
    is_recognised = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    is_contractor = models.BooleanField(default=False)
    from_day = models.DateField()
    until_day = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=models.Q(person__isnull=False), name="duties_span_of_person"),
            models.Index(fields=["post"], condition=models.Q(person__isnull=True), name="duties_span_of_empty_post"),
            models.Index(fields=["unit", "from_day"], name="duties_span_begins"),
            models.Index(fields=["unit", "until_day"], name="duties_span_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}/{self.post_id} {self.target} {self.from_day}"


class UnitMonth(Counted):
    """How many there were at the start of a month's first day. Only months up to `SpanCalendar.levels_until`."""

    month = models.DateField()
    in_date = models.IntegerField(default=0)
    not_yet_due = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    vacant = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    recognised = models.IntegerField(default=0)
    paused = models.IntegerField(default=0)
    contractors = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "unit", "target", "category", "is_joint"], name="duties_unitmonth_one_level"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.target} {self.month}"


class StaleQuerySet(models.QuerySet["StaleMark"]):
    """Marks by what they may change."""

    def before(self, day: date) -> Self:
        """Marks that may change what is said of `day`."""
        return self.filter(from_day__lte=day)


class StaleMark(models.Model):
    """The spans of a person, or of an empty post, no longer follow the facts from a day on.

    Written in the transaction that changed the facts; gone in the one that made the spans follow.
    """

    class Kind(models.IntegerChoices):
        PERSON = 1
        POST = 2

    kind = models.SmallIntegerField(choices=Kind)
    subject = models.BigIntegerField(help_text="Id of the person or the post.")
    from_day = models.DateField()
    # Set when a rebuild begins, and unset by whoever marks again meanwhile.
    is_in_rebuild = models.BooleanField(default=False)

    objects = StaleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="duties_stalemark_once")]
        indexes = [models.Index(fields=["from_day"], name="duties_stalemark_from")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"


class SpanCalendar(models.Model):
    """The one row that says up to which month there are levels. Later days are counted from the last of them."""

    levels_until = models.DateField()
    rebuilt_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.levels_until}"

    @classmethod
    def current(cls) -> "SpanCalendar":
        """The row, made for this month where there is none yet."""
        return cls.objects.get_or_create(pk=1, defaults={"levels_until": clock.today().replace(day=1)})[0]

    @classmethod
    def with_marks(cls, day: date) -> tuple[date, int]:
        """Up to which month there are levels, and how many marks may change what is said of a day."""
        marks = StaleMark.objects.before(day).order_by().values(one=models.Value(1)).annotate(n=models.Count("pk"))
        counted = Coalesce(models.Subquery(marks.values("n")), 0)
        row = cls.objects.filter(pk=1).values_list("levels_until", counted).first()
        return row or (cls.current().levels_until, StaleMark.objects.before(day).count())
