"""When the organisation and its offices work: set, made different for some days, and read for counting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, CharField, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.core import audit, clock, working_days
from lms.core.actors import Actor, columns
from lms.core.dated import close, supersede, withdraw
from lms.core.errors import Refused
from lms.core.working_days import Differing, Regime, WorkCalendar
from lms.organisation.models import DifferentDay, Organisation, OrgUnit, PostHolding, UnitAncestry, WorkingWeek
from lms.organisation.public_holidays import PublicHolidays, country_name, regions

_LONGEST_CLOSURE = 366
_FURTHEST = 1000


@transaction.atomic
def set_week(weekdays: Iterable[int], *, country: str, region: str, from_day: date, by: Actor) -> WorkingWeek:
    """From a day on, work on these weekdays but not on the holidays of a country. Harmless the second time.

    What was set for that very day is corrected. Raises Refused for no weekday, an unknown country or region, and
    where something was set for a later day already.
    """
    values = {"weekdays": "".join(str(day) for day in sorted(set(weekdays))), "country": country, "region": region}
    _check_week(values["weekdays"], country, region)
    Organisation.objects.select_for_update().first()
    standing = WorkingWeek.objects.overlapping(from_day, None).order_by("valid_from").last()
    if standing is not None and all(getattr(standing, name) == value for name, value in values.items()):
        return standing
    if standing is not None and standing.valid_from > from_day:
        raise Refused(_("The working week was set for a later day already. Choose a later day."))
    if standing is not None and standing.valid_from == from_day:
        made = supersede(standing, by=by, reason=_("Corrected"), **values)
    else:
        if standing is not None:
            close(standing, until=from_day, by=by)
        made = WorkingWeek.objects.create(valid_from=from_day, **values, **columns(by))
    audit.record("working week set", made, by=by, from_day=from_day.isoformat(), **values)
    return made


@dataclass(frozen=True, slots=True)
class Days:
    """Days on which a unit is closed or works, and why. `last` is the last of them."""

    unit: OrgUnit
    kind: DifferentDay.Kind
    first: date
    last: date
    what: str


@transaction.atomic
def make_different(plan: Days, *, by: Actor) -> DifferentDay:
    """Close a unit and all below it for some days, or let it work then. Harmless the second time.

    Raises Refused for days that end before they begin or last more than a year, and where the unit has something
    else on one of them.
    """
    until = _until(plan)
    OrgUnit.objects.select_for_update().get(pk=plan.unit.pk)
    for standing in DifferentDay.objects.overlapping(plan.first, until).filter(unit=plan.unit):
        if (standing.kind, standing.valid_from, standing.valid_until) == (plan.kind, plan.first, until):
            return standing
        raise Refused(_("“%(what)s” stands on some of these days already. Take it away first.") % {"what": standing})
    made = DifferentDay.objects.create(
        unit=plan.unit, kind=plan.kind, what=plan.what, valid_from=plan.first, valid_until=until, **columns(by)
    )
    audit.record("days made different", made, by=by, unit=plan.unit.code, kind=plan.kind, what=plan.what)
    return made


def take_away(day: DifferentDay, *, by: Actor) -> DifferentDay:
    """Hold these days true no longer; they stay for what was known then. Harmless the second time."""
    if day.known_until is not None:
        return day
    audit.record("different days taken away", day, by=by, unit=day.unit.code)
    return withdraw(day, by=by, reason=_("Taken away"))


def week_on(day: date) -> WorkingWeek | None:
    """The week that was set for a day, if one was."""
    return WorkingWeek.objects.on(day).first()


class LazyCalendar:
    """An office's calendar that is read when a day is first asked for: in one query, so that most pages need none."""

    def __init__(self, *, unit: int | None = None, person: int | None = None) -> None:
        self._unit, self._person = unit, person

    def works_on(self, day: date) -> bool:
        """Whether people work on that day."""
        return self._calendar.works_on(day)

    @cached_property
    def _calendar(self) -> WorkCalendar:
        rows = list(_rows(self._above()))
        weeks = sorted((row for row in rows if row.is_week), key=lambda row: row.start)
        # The nearest unit's first: an office may work while the rest is closed.
        days = sorted((row for row in rows if not row.is_week), key=lambda row: (row.steps, row.pk))
        regimes = [Regime((row.start, row.until), row.week, PublicHolidays(row.country, row.region)) for row in weeks]
        return WorkCalendar(
            regimes or working_days.plain_week(settings.WORKING_WEEK).regimes,
            [Differing((row.start, row.until), row.word == DifferentDay.Kind.WORKING) for row in days],
        )

    def _above(self) -> QuerySet[UnitAncestry]:
        above = UnitAncestry.objects.on(clock.today())
        if self._person is None:
            return above.filter(unit=self._unit)
        held = PostHolding.objects.on(clock.today()).filter(person=self._person)
        return above.filter(unit__in=held.values("post__unit"))


def of_unit(unit: OrgUnit) -> LazyCalendar:
    """When a unit works."""
    return LazyCalendar(unit=unit.pk)


def of_person(person: int) -> LazyCalendar:
    """When the person with this id works: as the units of their posts of today do."""
    return LazyCalendar(person=person)


class _Row(NamedTuple):
    """A working week or days that differ, as the one query returns them. `steps` are units between."""

    is_week: bool
    pk: int
    start: date
    until: date | None
    word: str
    country: str
    region: str
    steps: int

    @property
    def week(self) -> frozenset[int]:
        """The weekdays as numbers, Monday is 0."""
        return frozenset(map(int, self.word))


def _rows(above: QuerySet[UnitAncestry]) -> Iterator[_Row]:
    """All weeks, and what differs in these units. What holds for all holds for those without a post, too."""
    steps = above.filter(ancestor=OuterRef("unit")).order_by("depth").values("depth")[:1]
    here = Q(unit__in=above.values("ancestor")) | Q(unit__in=Organisation.objects.values("root"))
    days, no_word = ["pk", "valid_from", "valid_until"], Value("", output_field=CharField())
    furthest = Value(_FURTHEST, output_field=IntegerField())
    weeks = WorkingWeek.objects.held().values_list(_is_week(True), *days, "weekdays", "country", "region", furthest)
    differing = DifferentDay.objects.held().filter(here).order_by()
    nearness = Coalesce(Subquery(steps), furthest)
    rows = weeks.order_by().union(
        differing.values_list(_is_week(False), *days, "kind", no_word, no_word, nearness), all=True
    )
    return (_Row(*row) for row in rows)


def _is_week(value: bool) -> Value:
    return Value(value, output_field=BooleanField())


def _check_week(weekdays: str, country: str, region: str) -> None:
    if not weekdays or not set(weekdays) <= set("0123456"):
        raise Refused(_("Choose at least one day on which people work."))
    if country and country_name(country) == country:
        raise Refused(_("No public holidays are known for %(code)s.") % {"code": country})
    if region and region not in regions(country):
        known = ", ".join(regions(country)) or _("none")
        raise Refused(_("There is no region %(code)s there. Known are: %(known)s.") % {"code": region, "known": known})


def _until(plan: Days) -> date:
    if plan.last < plan.first:
        raise Refused(_("The last day is before the first."))
    if (plan.last - plan.first).days >= _LONGEST_CLOSURE:
        raise Refused(_("That is more than a year. Check the dates."))
    return plan.last + timedelta(days=1)
