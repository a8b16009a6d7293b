"""Stored spans and levels: whatever is done in whatever order, they are what the facts say."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import TypeAlias

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from courses import results
from courses.models import Acknowledgement, ChangesRead, CourseVersion, Result
from lms.core import clock, dated
from lms.core.errors import Refused
from lms.core.months import add_months
from lms.duties import exempting, locks, nightly, rebuilding, recounting, requiring, stale, upkeep
from lms.duties.coverage import count, coverage
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.exceptions import extending
from lms.duties.levels import Kept
from lms.duties.models import DutySpan, Exemption, Extension, RequirementVersion, SpanCalendar, StaleMark, UnitMonth
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.requiring import Terms
from lms.duties.targets import Target
from lms.duties.year_days import YearDay
from lms.organisation import first_sign_ins, hiring, leaves, posts, units, working_calendar
from lms.organisation.models import DifferentDay, Leave, Person, PostHolding, User
from tests.cast import Office
from tests.duties.making import (
    BY,
    TODAY,
    make_course,
    make_document,
    make_rule,
    pass_course,
    publish_meaning,
    read_changes,
    replace_document,
    sign,
)
from tests.plugins.time import SetClock

Step: TypeAlias = Callable[["World"], object]
_Asked: TypeAlias = tuple[int, Due, Renewal, int | None]
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
        self.courses = [make_course("ONE"), make_course("TWO", holds_months=6), make_course("MORE", holds_months=None)]
        self.document = make_document("SOP")
        replace_document(self.document, date(2024, 2, 1))
        CourseVersion.objects.filter(course=self.courses[0]).update(holds_document=self.document)
        make_rule(office, self.courses[0], from_day=date(2024, 3, 1), due_days=30)
        make_rule(office, document=self.document, unit="hill", from_day=date(2024, 3, 1), due_days=30)
        for who, seat in zip(self.people, ("brook-clerk", "ridge-clerk", "quay-clerk"), strict=True):
            hiring.appoint(who, office.posts[seat], from_day=date(2024, 1, 10), by=BY)

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


def _publish(course: int, day: date, days: int | None, w: World) -> None:
    publish_meaning(w.courses[course], on=min(day, TODAY), days=days)


def _read(who: int, course: int, day: date, w: World) -> None:
    if not ChangesRead.objects.filter(person=w.people[who], course_version=w.courses[course].current).exists():
        read_changes(w.people[who], w.courses[course], min(day, TODAY))


def _sign(who: int, which: int, day: date, w: World) -> None:
    versions = list(w.document.versions.order_by("effective_on", "pk"))
    version = versions[which % len(versions)]
    if not Acknowledgement.objects.filter(person=w.people[who], document_version=version).exists():
        sign(w.people[who], version, min(day, TODAY))


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


def _more_time(who: int, courses: tuple[int, ...], length: int, w: World) -> None:
    """Given on the spot; `_earlier` lets it have been given on any day."""
    target = Target.any_of(w.courses[course].pk for course in courses)
    until = TODAY + timedelta(days=length)
    extending.grant(extending.ask(w.people[who], target, until=until, reason="Why.", by=BY), until=until, by=BY)


def _earlier(which: int, day: date, w: World) -> None:
    rows = list(Extension.objects.held().order_by("pk"))
    if rows:
        row = rows[which % len(rows)]
        until = day + (row.due_until - row.valid_from)
        dated.supersede(row, by=BY, reason="It was given then.", valid_from=day, due_until=until)


def _less_time(which: int, w: World) -> None:
    rows = list(Extension.objects.held().order_by("pk"))
    if rows:
        extending.take_back(rows[which % len(rows)], reason="Why.", by=BY)


def _sign_in(who: int, day: date, w: World) -> None:
    user, _new = User.objects.get_or_create(username=f"P{who}", person=w.people[who])
    with clock.at(datetime.combine(min(day, TODAY), time(12), UTC)):
        first_sign_ins.remember(User, user)


def _week(days: tuple[int, ...], day: date, w: World) -> None:
    working_calendar.set_week(days, country="", region="", from_day=day, by=BY)


def _closed(unit: str, day: date, length: int, w: World) -> None:
    plan = working_calendar.Days(
        w.office.units[unit], DifferentDay.Kind.CLOSED, day, day + timedelta(days=length), "Repairs"
    )
    working_calendar.make_different(plan, by=BY)


def _terms(courses: Sequence[int], due_days: int, due: Due, renewal: Renewal, months: int | None, w: World) -> Terms:
    """The terms, with places in the world's list for the ids of courses."""
    others = [course.pk for number, course in enumerate(w.courses) if number not in courses]
    if due.counts_from == CountsFrom.RESULT:
        due = replace(due, after=(others or [w.courses[0].pk])[0])
    if renewal.asks == RenewalAsks.REFRESHER:
        renewal = replace(renewal, refreshers=tuple(others))
    if not courses:
        return Terms([], due_days, due=due, document=w.document)
    return Terms([w.courses[number] for number in courses], due_days, months, due=due, renewal=renewal)


def _rule(courses: tuple[int, ...], unit: str, categories: tuple[str, ...], day: date, asked: _Asked, w: World) -> None:
    requiring.require(
        f"R{unit}{categories}{day}{courses}",
        audience=requiring.Audience(w.office.units[unit], [w.office.categories[code] for code in categories]),
        terms=_terms(courses, *asked, w),
        from_day=day,
        by=BY,
    )


def _change_rule(which: int, unit: str, named: bool, day: date, asked: _Asked, w: World) -> None:
    rows = list(RequirementVersion.objects.held().filter(valid_until=None).order_by("pk"))
    if rows:
        version = rows[which % len(rows)]
        audience = requiring.Audience(w.office.units[unit], people=w.people[:1] if named else ())
        places = [w.courses.index(course) for course in version.courses.order_by("pk")]
        requiring.change(
            version.requirement,
            audience=audience,
            terms=_terms(places, *asked, w),
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


_PEOPLE, _WHICH, _COURSE = st.integers(0, 2), st.integers(0, 5), st.integers(0, 2)
_LENGTH = st.one_of(st.none(), st.integers(1, 300))
_UNIT = st.sampled_from(["kopw", "hill", "coast", "brook", "ridge", "quay"])
_SEAT = st.sampled_from(["brook-clerk", "brook-lead", "hill-manager", "ridge-clerk", "quay-clerk"])
_KIND = st.sampled_from(["substantive", "acting", "acting"])
_YEAR_DAYS = st.sampled_from([YearDay(2, 29), YearDay(3, 10), YearDay(9, 30)])
_KINDS = st.sampled_from([kind for kind in CountsFrom if kind != CountsFrom.YEAR_DAY])
_DUE = st.one_of(
    st.just(Due()),
    st.builds(Due, _KINDS, st.booleans(), least_days=st.integers(0, 20)),
    st.builds(Due, st.just(CountsFrom.YEAR_DAY), least_days=st.integers(0, 90), each_year=_YEAR_DAYS),
)
_RENEWAL = st.one_of(
    st.just(Renewal()),
    st.builds(
        Renewal,
        st.sampled_from([ExpiryBasis.COMPLETION, ExpiryBasis.PREVIOUS]),
        opens_days=st.sampled_from([None, 20]),
        asks=st.sampled_from([RenewalAsks.WHOLE, RenewalAsks.REFRESHER]),
    ),
    st.builds(Renewal, st.just(ExpiryBasis.YEAR_DAY), _YEAR_DAYS, st.integers(2, 6), st.just(50)),
)
_ASKED = st.tuples(st.integers(0, 90), _DUE, _RENEWAL, st.sampled_from([None, 3, 12])).filter(
    lambda asked: (
        (asked[3] is not None) != (asked[2].basis == ExpiryBasis.YEAR_DAY) or asked[2].basis == ExpiryBasis.COMPLETION
    )
)
_MODEL = st.sampled_from([PostHolding, Leave, Exemption, Extension, Result])


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
    _made(_publish, _COURSE, _DAYS, st.sampled_from([None, 0, 30])),
    _made(_read, _PEOPLE, _COURSE, _DAYS),
    _made(lambda on, days, w: replace_document(w.document, on, days=days), _DAYS, st.sampled_from([None, 0, 30])),
    _made(_sign, _PEOPLE, _WHICH, _DAYS),
    _made(_exempt, _PEOPLE, _COURSE, _DAYS, _LENGTH),
    _made(_more_time, _PEOPLE, st.sampled_from([(0,), (0,), (0, 1)]), st.integers(1, 300)),
    _made(_earlier, _WHICH, _DAYS),
    _made(_less_time, _WHICH),
    _made(
        _rule,
        st.sampled_from([(0,), (1,), (0, 1), ()]),
        _UNIT,
        st.sampled_from([(), ("CLERK",)]),
        _DAYS,
        _ASKED,
    ),
    _made(_change_rule, _WHICH, _UNIT, st.booleans(), _DAYS, _ASKED),
    _made(_sign_in, _PEOPLE, _DAYS),
    _made(_week, st.sampled_from([(0, 1, 2, 3, 4), (6, 0, 1, 2, 3), (2,)]), _DAYS),
    _made(_closed, _UNIT, _DAYS, st.integers(0, 60)),
    _made(_end_rule, _WHICH, _DAYS),
    _made(
        lambda u, to, on, w: units.move(w.office.units[u], parent=w.office.units[to], on=on, by=BY), _UNIT, _UNIT, _DAYS
    ),
    _made(_withdraw_one, _MODEL, _WHICH),
    _made(_correct_one, st.sampled_from([PostHolding, Leave, Exemption]), _WHICH, _DAYS),
    _made(_close_post, _SEAT, _DAYS),
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
@given(steps=st.lists(st.tuples(_STEPS, st.integers(0, 3)), min_size=3, max_size=12), looked_at=_DAYS)
def test_step_by_step_from_nothing_and_live_are_the_same(
    world: World, steps: list[tuple[Step, int]], looked_at: date
) -> None:
    with transaction.atomic():
        people = world.office.people
        upkeep.work_off()
        for step, waits in steps:
            _take(world, step)
            # Most are worked off at once: a mark that is missing would else be covered by another.
            if waits != 1:
                upkeep.work_off()
        world.expect_equal([min(looked_at, TODAY), *_LOOKED_AT[:2]])
        assert not StaleMark.objects.before(TODAY).exists()
        assert not rebuilding.differences().any
        rebuilding.rebuild()
        world.expect_equal([min(looked_at, TODAY)])
        world.office.people = people
        transaction.set_rollback(True)


def test_a_completion_is_in_the_figures_once_it_is_committed(
    world: World, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]]
) -> None:
    upkeep.work_off()
    with django_capture_on_commit_callbacks(execute=True):
        pass_course(world.people[0], world.courses[0], TODAY)
        assert StaleMark.objects.filter(subject=world.people[0].pk, from_day=TODAY).exists()
    assert not StaleMark.objects.exists()
    assert count(world.office.root, TODAY).rows()[0].in_date == 1
    # The month's level is of its first day: only the span is different.
    assert UnitMonth.objects.filter(month=TODAY.replace(day=1), target__gt=0).aggregate(n=Sum("in_date"))["n"] == 0


def test_what_fails_after_a_completion_is_left_to_the_sweeper(
    world: World,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[object]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upkeep.work_off()
    before = list(DutySpan.objects.values_list("pk", flat=True))

    def break_down(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("The machine is out of memory.")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(upkeep, "_replace", break_down)
        pass_course(world.people[0], world.courses[0], TODAY)
    assert StaleMark.objects.count() == 1
    assert list(DutySpan.objects.values_list("pk", flat=True)) == before
    assert upkeep.work_off_marks() == 1
    assert not rebuilding.differences().any


def test_a_page_says_how_many_are_not_in_its_figures_yet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    upkeep.work_off()
    pass_course(world.people[0], world.courses[0], TODAY)
    figures = count(world.office.root, TODAY, work_off_at_most=0)
    assert (figures.waiting, figures.rows()[0].in_date) == (1, 0)
    # A day before the change has nothing to wait for.
    assert count(world.office.root, TODAY - timedelta(days=1), work_off_at_most=0).waiting == 0
    # Figures that are filed or exported are right or there are none.
    monkeypatch.setattr(locks, "may_work_off", lambda: False)
    with pytest.raises(Refused, match="being worked out anew"):
        coverage(world.office.root, TODAY)


def test_the_calendar_turns_a_month_at_a_time_and_once(world: World, at: SetClock) -> None:
    nightly.run()
    start = SpanCalendar.current().levels_until
    assert nightly.run() == (0, 0)
    later = add_months(start, 2)
    at(f"{later.isoformat()}T12:00")
    world.expect_equal([later])
    assert nightly.run() == (0, 2)
    assert nightly.run() == (0, 0)
    world.expect_equal([later, add_months(start, 1), start])
    assert not rebuilding.differences().any


def test_a_nightly_run_killed_in_the_middle_goes_on_from_the_last_whole_month(
    world: World, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    nightly.run()
    start = SpanCalendar.current().levels_until
    at(f"{add_months(start, 3).isoformat()}T12:00")
    months: list[date] = []

    def killed_in_the_second(day: date, number: int) -> date:
        months.append(day)
        if len(months) == 2:
            raise KeyboardInterrupt
        return add_months(day, number)

    monkeypatch.setattr(nightly, "add_months", killed_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        nightly.run()
    monkeypatch.setattr(nightly, "add_months", add_months)
    assert SpanCalendar.current().levels_until == add_months(start, 1)
    assert nightly.run() == (0, 2)
    assert not rebuilding.differences().any


def test_a_new_name_marks_nobody_and_a_move_everybody_below(world: World) -> None:
    upkeep.work_off()
    units.rename(world.office.units["hill"], name="Mountain", on=TODAY, by=BY)
    assert not StaleMark.objects.exists()
    units.move(world.office.units["brook"], parent=world.office.units["coast"], on=TODAY, by=BY)
    marked = StaleMark.objects.filter(kind=StaleMark.Kind.PERSON)
    assert list(marked.values_list("subject", "from_day")) == [(world.people[0].pk, TODAY)]


def test_a_unit_cannot_stand_below_itself(world: World) -> None:
    hill = world.office.units["hill"]
    with pytest.raises(Refused, match="below itself"):
        units.move(hill, parent=hill, on=TODAY, by=BY)


def test_the_check_finds_what_somebody_changed_by_hand_and_the_rebuild_mends_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    upkeep.work_off()
    call_command("rebuild_coverage", "--check")
    DutySpan.objects.filter(person__isnull=False).first().delete()  # type: ignore[union-attr]
    UnitMonth.objects.update(in_date=7)
    with pytest.raises(Refused, match="1 spans and"):
        call_command("rebuild_coverage", "--check")
    call_command("rebuild_coverage")
    call_command("rebuild_coverage", "--check")
    call_command("apply_requirements", "--on", "2026-03-31")
    assert "Everything stored follows the facts." in capsys.readouterr().out


@pytest.mark.postgres_only
def test_who_changes_during_a_rebuild_stays_marked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite a rebuild is one transaction, and nobody writes meanwhile."""
    upkeep.work_off()
    real = rebuilding._fill

    def and_somebody_passes(add: Callable[[Sequence[Kept]], None]) -> int:
        made = real(add)
        pass_course(world.people[0], world.courses[0], TODAY)
        return made

    monkeypatch.setattr(rebuilding, "_fill", and_somebody_passes)
    rebuilding.rebuild()
    assert list(StaleMark.objects.values_list("subject", flat=True)) == [world.people[0].pk]
    world.expect_equal([TODAY])


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_different_people(world: World) -> None:
    for person in world.people[:2]:
        pass_course(person, world.courses[0], TODAY)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(_work_off_in_a_thread, range(3)))
    upkeep.work_off()
    assert not StaleMark.objects.exists()
    assert not rebuilding.differences().any


def _work_off_in_a_thread(_number: int) -> None:
    try:
        upkeep.work_off()
    finally:
        connection.close()


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_exact_figures_wait_for_the_marks_that_another_process_is_at(world: World) -> None:
    upkeep.work_off()
    stale.mark_everybody()
    is_at_it = Event()

    def another_process() -> None:
        try:
            with transaction.atomic():
                list(StaleMark.objects.select_for_update())
                is_at_it.set()
                # As long as exact figures, if they did not wait, would need to be refused.
                sleep(0.5)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(another_process)
        assert is_at_it.wait(10)
        assert coverage(world.office.root, TODAY)
        other.result()
    assert not StaleMark.objects.exists()
