"""Stored spans and levels: whatever is done in whatever order, they are what the facts say."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TypeAlias

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from courses import results
from courses.models import Result
from lms.core import dated
from lms.core.errors import Refused
from lms.duties import exempting, nightly, rebuilding, recounting, requiring, upkeep
from lms.duties.coverage import count
from lms.duties.models import Exemption, RequirementVersion, StaleMark
from lms.organisation import hiring, leaves, posts, units
from lms.organisation.models import Leave, Person, PostHolding
from tests.cast import Office
from tests.duties.making import BY, TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

Step: TypeAlias = Callable[["World"], object]
_DAYS = st.integers(-700, 40).map(lambda n: TODAY + timedelta(days=n))
_LOOKED_AT = [TODAY, date(2026, 3, 1), date(2026, 2, 28), date(2025, 6, 17), date(2024, 12, 31)]


class World:
    """A small office with people who come and go."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people = [
            hiring.enter_person(hiring.NewPerson(f"P{number}", "Somebody", office.since, kind=Person.Kind(kind)), by=BY)
            for number, kind in enumerate(["employee", "employee", "contractor"])
        ]
        self.courses = [make_course("ONE"), make_course("TWO", holds_months=6)]
        make_rule(office, self.courses[0], from_day=date(2024, 3, 1), due_days=30)
        hiring.appoint(self.people[0], office.posts["brook-clerk"], from_day=date(2024, 1, 10), by=BY)

    def expect_equal(self, days: list[date]) -> None:
        """The same figures by every view from spans and levels as counted live."""
        for unit in self.office.units.values():
            for day in days:
                stored, live = count(unit, day), recounting.count(unit, day)
                where = (unit.code, day)
                assert (where, stored.waiting, stored.people) == (where, 0, live.people)
                assert (where, stored.rows()) == (where, live.rows())
                assert (where, dict(stored.by_child())) == (where, dict(live.by_child()))
                assert (where, dict(stored.by_category())) == (where, dict(live.by_category()))


def _appoint(who: int, seat: str, day: date, length: int | None, kind: str, w: World) -> None:
    until = day + timedelta(days=length) if length else None
    hiring.appoint(w.people[who], w.office.posts[seat], from_day=day, until=until, kind=PostHolding.Kind(kind), by=BY)


def _withdraw_one(model: type[dated.DatedFact], which: int, w: World) -> None:
    rows = list(model.objects.held().order_by("pk"))
    if rows and model is not RequirementVersion:
        dated.withdraw(rows[which % len(rows)], by=BY, reason="It was wrong.")


def _correct_one(model: type[dated.DatedFact], which: int, day: date, w: World) -> None:
    rows = list(model.objects.held().order_by("pk"))
    if rows and model is not Result:
        dated.supersede(rows[which % len(rows)], by=BY, reason="The day was wrong.", valid_from=day)


def _leave(who: int, day: date, length: int | None, w: World) -> None:
    leaves.record_leave(w.people[who], from_day=day, until=day + timedelta(days=length) if length else None, by=BY)


def _back(which: int, day: date, w: World) -> None:
    rows = list(Leave.objects.held().filter(valid_until=None))
    if rows:
        leaves.end_leave(rows[which % len(rows)], until=day, by=BY)


def _pass(who: int, course: int, day: date, source: str, w: World) -> None:
    pass_course(w.people[who], w.courses[course], min(day, TODAY), source=Result.Source(source))


def _end_result(which: int, day: date, w: World) -> None:
    rows = list(Result.objects.held())
    if rows:
        results.end(rows[which % len(rows)], on=day, by=BY, reason="Fraud.")


def _exempt(who: int, course: int, day: date, length: int | None, w: World) -> None:
    until = day + timedelta(days=length) if length else None
    approver = w.office.hire("Approver", str(w.office.people), w.office.seat(f"a{w.office.people}", unit="coast"))
    exempting.exempt(
        w.people[who], w.courses[course], from_day=day, until=until, reason="Why.", approver=approver, by=BY
    )


def _rule(courses: tuple[int, ...], unit: str, categories: tuple[str, ...], day: date, due: int, w: World) -> None:
    make_rule(
        w.office,
        *[w.courses[c] for c in courses],
        unit=unit,
        categories=categories,
        from_day=day,
        due_days=due,
        title=f"R{unit}{categories}{day}{courses}",
    )


def _change_rule(which: int, unit: str, named: bool, day: date, due: int, w: World) -> None:
    rows = list(RequirementVersion.objects.held().filter(valid_until=None).order_by("pk"))
    if rows:
        version = rows[which % len(rows)]
        audience = requiring.Audience(w.office.units[unit], people=w.people[:1] if named else ())
        requiring.change(
            version.requirement,
            audience=audience,
            terms=requiring.Terms(list(version.courses.all()), due),
            from_day=day,
            by=BY,
            reason="Why.",
        )


def _end_rule(which: int, day: date, w: World) -> None:
    rows = list(RequirementVersion.objects.held().filter(valid_until=None).order_by("pk"))
    if rows:
        requiring.end(rows[which % len(rows)].requirement, until=day, by=BY, reason="Why.")


def _close_post(seat: str, day: date, w: World) -> None:
    posts.close_post(w.office.posts[seat], on=day, by=BY)


_PEOPLE, _WHICH, _COURSE = st.integers(0, 2), st.integers(0, 5), st.integers(0, 1)
_LENGTH = st.one_of(st.none(), st.integers(1, 300))
_UNIT = st.sampled_from(["kopw", "hill", "coast", "brook", "ridge", "quay"])
_SEAT = st.sampled_from(["brook-clerk", "brook-lead", "hill-manager", "ridge-clerk", "quay-clerk"])
_KIND = st.sampled_from(["substantive", "acting", "acting"])
_MODEL = st.sampled_from([PostHolding, Leave, Exemption, Result])


def _made(step: Callable[..., object], *arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Step]:
    return st.tuples(*arguments).map(lambda some: partial(step, *some))


_STEPS = st.one_of(
    _made(_appoint, _PEOPLE, _SEAT, _DAYS, _LENGTH, _KIND),
    _made(_appoint, _PEOPLE, _SEAT, _DAYS, _LENGTH, _KIND),
    _made(
        lambda who, to, on, w: hiring.transfer(w.people[who], to=w.office.posts[to], on=on, by=BY),
        _PEOPLE,
        _SEAT,
        _DAYS,
    ),
    _made(lambda who, on, w: hiring.end_service(w.people[who], on=on, by=BY), _PEOPLE, _DAYS),
    _made(_leave, _PEOPLE, _DAYS, _LENGTH),
    _made(_back, _WHICH, _DAYS),
    _made(_pass, _PEOPLE, _COURSE, _DAYS, st.sampled_from(["imported", "recognised"])),
    _made(_end_result, _WHICH, _DAYS),
    _made(_exempt, _PEOPLE, _COURSE, _DAYS, _LENGTH),
    _made(
        _rule,
        st.sampled_from([(0,), (1,), (0, 1)]),
        _UNIT,
        st.sampled_from([(), ("CLERK",)]),
        _DAYS,
        st.integers(0, 90),
    ),
    _made(_change_rule, _WHICH, _UNIT, st.booleans(), _DAYS, st.integers(0, 90)),
    _made(_end_rule, _WHICH, _DAYS),
    _made(
        lambda u, to, on, w: units.move(w.office.units[u], parent=w.office.units[to], on=on, by=BY), _UNIT, _UNIT, _DAYS
    ),
    _made(_withdraw_one, _MODEL, _WHICH),
    _made(_correct_one, st.sampled_from([PostHolding, Leave, Exemption]), _WHICH, _DAYS),
    _made(_close_post, _SEAT, _DAYS),
    _made(lambda w: upkeep.work_off()),
    _made(lambda w: nightly.run()),
)


def _take(world: World, step: Step) -> None:
    try:
        with transaction.atomic():
            step(world)
    except Refused:
        pass


@pytest.fixture
def world(office: Office, at: SetClock) -> World:
    at(TODAY)
    return World(office)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(_STEPS, min_size=2, max_size=12), looked_at=_DAYS)
def test_step_by_step_from_nothing_and_live_are_the_same(world: World, steps: list[Step], looked_at: date) -> None:
    with transaction.atomic():
        people = world.office.people
        for step in steps:
            _take(world, step)
        world.expect_equal([min(looked_at, TODAY), *_LOOKED_AT[:2]])
        assert not StaleMark.objects.before(TODAY).exists()
        assert not rebuilding.differences().any
        rebuilding.rebuild()
        world.expect_equal([min(looked_at, TODAY)])
        world.office.people = people
        transaction.set_rollback(True)
