"""Coverage of a synthetic country: from nothing, read, and kept up. COUNTRY=130000 for a larger one."""

import os
import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection

from courses.models import Course
from lms.duties import adding_up, gap_list, rebuilding, trend, upkeep
from lms.duties.coverage import count, count_path
from lms.duties.gap_list import Wanted
from lms.duties.models import DutySpan, SpanCalendar, UnitMonth
from lms.duties.seen import Seen
from lms.organisation import grants
from lms.organisation.models import OrgUnit, Person, Role, User
from tests.benchmarks import country
from tests.benchmarks.figures import report
from tests.duties.making import BY, pass_course
from tests.plugins.time import SetClock

PEOPLE = int(os.environ.get("COUNTRY", "13000"))
TODAY = date(2026, 6, 30)
pytestmark = pytest.mark.django_db


class Clock:
    """Time spent in the database, as the caller waits for it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began


def database_ms(work: Callable[[], object], *, times: int = 7) -> float:
    """The middle one of some measurements of the time that the database takes for `work`."""
    costs = []
    for _ in range(times + 1):
        clock = Clock()
        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(clock))
            work()
        costs.append(clock.seconds * 1000)
    return sorted(costs[1:])[times // 2]


def test_a_country(at: SetClock) -> None:
    at(TODAY)
    began = time.perf_counter()
    made = country.make(PEOPLE)
    report(f"country of {PEOPLE}: made", time.perf_counter() - began, "s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    spans = rebuilding.rebuild()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    levels = UnitMonth.objects.count()
    floor = _floor_of_loading()
    report(f"rebuild of {PEOPLE} people, {made.results} results: wall", seconds, "s", floor=floor)
    report("rebuild: CPU of this process", cpu, "s")
    report("rebuild: rows", spans, f"spans and {levels} levels")
    report("rebuild: rows a second", spans / seconds, "rows/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report("rebuild: peak memory, and what it added", peak / 1024, "MB", floor=before / 1024)
    _analyse()
    whole, district = OrgUnit.objects.get(pk=made.root), OrgUnit.objects.get(pk=made.district)
    until = SpanCalendar.current().levels_until
    _read("the country on a past day", whole, date(2024, 3, 27), until, 300)
    _read("a district on a past day", district, date(2024, 3, 27), until, 20)
    _read("the country today", whole, TODAY, until, 10)
    report("all of a coverage page's figures, country: database", database_ms(lambda: count(whole, TODAY)), "ms")
    _pages(whole, district)
    _one_completion()


def _read(name: str, unit: OrgUnit, day: date, until: date, budget: float) -> None:
    floor = database_ms(lambda: _bare(unit, day.replace(day=1)))
    report(f"coverage of {name}: database", database_ms(lambda: adding_up.cells(unit, day, until)), "ms",
           floor=floor, budget=budget)  # fmt: skip


def _pages(whole: OrgUnit, district: OrgUnit) -> None:
    """What the coverage pages ask beside the figures of a day."""
    user = User.objects.create(username="reader")
    grants.grant(user, Role.TRAINING_COORDINATOR, whole, from_day=date(2020, 1, 1), by=BY)
    for name, unit in (("country", whole), ("district", district)):
        (stored,) = count_path([unit], TODAY)
        wanted = Wanted(unit, TODAY, {stored.targets[target]: label for target, label in stored.labels.items()})
        works: dict[str, Callable[[], object]] = {
            "24 months": partial(trend.over_months, Seen([stored], with_names=True)),
            "what runs out": partial(trend.running_out, unit, TODAY),
            "overdue by age": partial(trend.overdue_by_age, unit, TODAY),
            "first fifty of the gap list": partial(gap_list.entries, wanted, user, 0, 51),
        }
        for what, work in works.items():
            report(f"coverage pages, {what}, {name}: database", database_ms(work, times=3), "ms")


def _bare(unit: OrgUnit, month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT target, SUM(in_date), SUM(not_yet_due + overdue) FROM duties_unitmonth WHERE month = %s AND unit_id IN"
            " (SELECT unit_id FROM organisation_unitancestry WHERE ancestor_id = %s AND valid_from <= %s"
            " AND (valid_until IS NULL OR valid_until > %s)) GROUP BY target",
            [month, unit.pk, month, month],
        )
        cursor.fetchall()


def _floor_of_loading() -> float:
    """Copying the same rows within the database."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copied AS SELECT * FROM duties_dutyspan")
        cursor.execute("DROP TABLE copied")
    return time.perf_counter() - began


def _one_completion() -> None:
    course = Course.objects.order_by("pk").last()
    assert course is not None
    people = iter(Person.objects.order_by("pk")[100:140])

    def upkeep_of_one() -> float:
        person = next(people)
        pass_course(person, course, TODAY)
        clock = Clock()
        with connection.execute_wrapper(clock):
            upkeep.work_off(people=[person.pk])
        return clock.seconds * 1000

    costs = sorted(upkeep_of_one() for _ in range(15))
    # Waiting for a turn on a busy machine is no cost of the database: the quickest of some is nearest to it.
    report("one completion: working off, database, quickest of 15", costs[0], "ms", budget=2)
    report("one completion: working off, database, the middle one", costs[7], "ms")


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert DutySpan.objects.exists()
