"""A series makes its next sessions by itself: once for each time it comes, as last time. Harmless twice and two at once."""

from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from courses.models import Arrangement, SeriesPlan, SessionSeries, TrainingSession
from courses.sessions import planning, repeating
from courses.sessions.planning import Setting, When
from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.months import add_months
from lms.organisation import working_calendar

RULE = MachineRule("the series comes again")


def run(on: date | None = None) -> list[Arrangement]:
    """Make what is still missing of the sessions from tomorrow on, as far ahead as sessions are made. Returns them.

    Sessions in each office each quarter are not made: the officer agrees their days with the office.
    """
    today = on or clock.today()
    start, end = today + timedelta(days=1), today + timedelta(days=settings.SESSIONS_MADE_AHEAD_DAYS)
    plans = SeriesPlan.objects.overlapping(start, end).exclude(months="").filter(office_kind="")
    made = [_made(plan, period, day) for plan in plans for period, day in _days(plan, start, end)]
    return [arrangement for arrangement in made if arrangement is not None]


def setting_for(plan: SeriesPlan, day: date) -> Setting:
    """A session of a series as it was the same month a year ago, else as it was last, else as the series is planned."""
    held = Arrangement.objects.standing().filter(session__series=plan.series_id, valid_from__lt=day)
    last_year = held.filter(valid_from__gte=add_months(day.replace(day=1), -12))
    as_then = last_year.filter(valid_from__lt=add_months(day.replace(day=1), -11)).order_by("valid_from").last()
    return _again(plan, as_then or held.order_by("valid_from").last(), day)


def _days(plan: SeriesPlan, start: date, end: date) -> list[tuple[str, date]]:
    calendar = working_calendar.of_unit(plan.unit)
    found = repeating.days_between(plan.month_numbers, plan.usual_day, start=start, end=end, calendar=calendar)
    return [(period, day) for period, day in found if plan.is_valid_on(day)]


@transaction.atomic
def _made(plan: SeriesPlan, period: str, day: date) -> Arrangement | None:
    # Two runs at once: the second waits here, and finds the session made.
    series = SessionSeries.objects.select_for_update().get(pk=plan.series_id)
    if TrainingSession.objects.filter(series=series, period=period).exists():
        return None
    return planning.plan(planning.of_series(series, period=period), setting_for(plan, day), by=RULE)


def _again(plan: SeriesPlan, last: Arrangement | None, day: date) -> Setting:
    if last is None:
        when = When(day, plan.starts, plan.ends)
        shared = {"unit": plan.unit, "capacity": plan.capacity, "place": plan.place, "link": plan.link}
        return Setting(when, categories=tuple(plan.categories.all()), officer=plan.owner, **shared)  # type: ignore[arg-type]
    until = repeating.same_length(last.first_day, last.last_day, start=day)
    return replace(setting_of(last), when=When(day, last.starts, last.ends, until))


def setting_of(arrangement: Arrangement) -> Setting:
    """A session's setting as it stands."""
    when = When(arrangement.first_day, arrangement.starts, arrangement.ends, arrangement.last_day)
    return Setting(
        when,
        arrangement.unit,
        arrangement.capacity,
        place=arrangement.place,
        link=arrangement.link,
        categories=tuple(arrangement.categories.all()),
        officer=arrangement.officer,
        trainer=arrangement.trainer,
    )
