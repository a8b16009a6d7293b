"""What comes again: dates, quarters, lessons done by attending, calendar files, figures."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from shutil import copytree

import pytest

from courses import enrolling, progress
from courses.models import (
    Arrangement,
    Attendance,
    CourseVersion,
    LessonCompletion,
    Result,
    SeriesPlan,
    SessionKind,
)
from courses.sessions import figures, nightly, planning, quarterly, repeating, series, signing_in
from courses.sessions.quarter_states import Known, state_of
from courses.sessions.series import Terms
from lms.core.errors import Refused
from lms.core.quarters import quarter_of
from lms.core.working_days import plain_week
from lms.organisation import working_calendar
from lms.organisation.models import DifferentDay, OrgUnit, User
from tests.cast import BY, Office, person
from tests.courses.factories import TINY, edit, load_tiny
from tests.courses.meeting import DAY, NINE, NOON, session, setting, when

At = Callable[[str], datetime]
State = Attendance.State


def _terms(office: Office, owner: User, **other: object) -> Terms:
    shared = {"unit": office.units["hill"], "starts": NINE, "ends": NOON, "capacity": 20, "owner": owner}
    return Terms(**{**shared, "months": (2, 6), "place": "Training room", **other})  # type: ignore[arg-type]


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "starts_in", "first", "number", "year"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 1), 1, 2026),
        (date(2026, 12, 31), 1, date(2026, 10, 1), 4, 2026),
        (date(2026, 3, 31), 4, date(2026, 1, 1), 4, 2025),
        (date(2026, 4, 1), 4, date(2026, 4, 1), 1, 2026),
        (date(2026, 1, 15), 3, date(2025, 12, 1), 4, 2025),
    ],
)
def test_quarters_follow_the_first_month_of_the_year(
    day: date, starts_in: int, first: date, number: int, year: int
) -> None:
    found = quarter_of(day, year_starts_in=starts_in)
    assert (found.first, found.number, found.year) == (first, number, year)
    assert found.shifted(1, year_starts_in=starts_in).first == found.until


@pytest.mark.once
@pytest.mark.parametrize(
    ("on", "sessions", "state"),
    [
        (date(2026, 5, 31), [], "to do"),
        (date(2026, 6, 1), [], "missing"),
        (date(2026, 6, 1), [(date(2026, 6, 9), False, None)], "planned"),
        (date(2026, 6, 9), [(date(2026, 6, 9), False, None)], "planned"),
        (date(2026, 6, 10), [(date(2026, 6, 9), False, None)], "missing"),
        (date(2026, 6, 8), [(date(2026, 6, 9), True, None)], "planned"),
        (date(2026, 6, 9), [(date(2026, 6, 9), True, None)], "held"),
        (date(2026, 5, 20), [(date(2026, 6, 9), False, date(2026, 5, 20))], "to do"),
        (date(2026, 5, 19), [(date(2026, 6, 9), False, date(2026, 5, 20))], "planned"),
        (date(2026, 5, 20), [(date(2026, 7, 1), False, None)], "to do"),
        (date(2026, 6, 30), [(date(2026, 3, 31), True, None)], "missing"),
    ],
)
def test_an_office_without_a_session_is_to_do_and_missing_from_the_last_month(
    on: date, sessions: list[tuple[date, bool, date | None]], state: str
) -> None:
    known = [Known(date(2026, 1, 1), day, held, cancelled) for day, held, cancelled in sessions]
    assert state_of(known, quarter_of(date(2026, 5, 1)), on) == state


@pytest.mark.once
def test_a_series_comes_on_working_days_of_its_months() -> None:
    calendar = plain_week([0, 1, 2, 3, 4], {date(2026, 6, 15)})
    days = repeating.days_between((2, 6), 15, start=date(2026, 1, 1), end=date(2027, 3, 1), calendar=calendar)
    assert list(days) == [
        ("2026-02", date(2026, 2, 16)),
        ("2026-06", date(2026, 6, 16)),
        ("2027-02", date(2027, 2, 15)),
    ]
    assert repeating.working_day_in(date(2026, 2, 1), 31, calendar=calendar) == date(2026, 2, 27)


@pytest.mark.django_db
def test_a_series_makes_each_session_once_and_as_last_time(office: Office, hr: User, at: At) -> None:
    at("2026-01-05T08:00")
    made = series.make(
        "Regional workshop", SessionKind.WORKSHOP, _terms(office, hr), from_day=DAY.replace(month=1, day=1), by=hr
    )
    assert [a.first_day for a in nightly.run()] == [date(2026, 2, 16), date(2026, 6, 15)]
    assert nightly.run() == []
    june = Arrangement.objects.named().get(session__period="2026-06")
    clerks = [office.categories["CLERK"]]
    planning.rearrange(
        june, setting(office, unit="brook", capacity=7, categories=clerks, when=when()), reason="x", by=hr
    )
    planning.cancel(Arrangement.objects.named().get(session__period="2026-02"), reason="Flood", by=hr)
    at("2027-01-05T08:00")
    assert [a.session.period for a in nightly.run()] == ["2027-02", "2027-06"]
    again = Arrangement.objects.named().get(session__period="2027-06")
    assert (again.capacity, again.unit, list(again.categories.all())) == (7, office.units["brook"], clerks)
    assert again.first_day == date(2027, 6, 15)
    series.end(made.series, until=date(2027, 1, 6), reason="No more", by=hr)
    at("2027-09-01T08:00")
    assert nightly.run() == []


@pytest.mark.django_db
def test_a_session_made_by_a_series_avoids_closures(office: Office, hr: User, at: At) -> None:
    at("2026-05-04T08:00")
    closure = working_calendar.Days(
        office.units["kopw"],
        DifferentDay.Kind.CLOSED,
        date(2026, 6, 15),
        date(2026, 6, 16),
        "Election",
    )
    working_calendar.make_different(closure, by=BY)
    series.make("Workshop", SessionKind.WORKSHOP, _terms(office, hr), from_day=date(2026, 5, 4), by=hr)
    assert [a.first_day for a in nightly.run()] == [date(2026, 6, 17)]


@pytest.mark.django_db
def test_offices_are_counted_by_region_for_any_quarter(office: Office, hr: User, learner: User, at: At) -> None:
    at("2026-05-04T08:00")
    terms = _terms(office, hr, unit=office.root, months=(), office_kind=OrgUnit.Kind.OFFICE)
    plan = series.make("Customer care", SessionKind.QUARTERLY, terms, from_day=date(2026, 1, 1), by=hr)
    held = session(
        office, kind="quarterly", series=plan.series, office_=office.units["brook"], when=when(date(2026, 5, 20))
    )
    at("2026-05-20T13:00")
    signing_in.tick(held, {person(learner): State.PRESENT}, by=hr)
    signing_in.sign(held, by=hr)
    everywhere = OrgUnit.objects.all()

    def counts(day: date) -> list[tuple[str, int, int, int, int]]:
        rows = quarterly.offices_in(plan, quarter_of(date(2026, 5, 1)), day, units=everywhere)
        return [(r.region, r.held, r.planned, r.to_do, r.missing) for r in quarterly.by_region(rows)]

    assert counts(date(2026, 5, 19)) == [("Coast region", 0, 0, 1, 0), ("Hill region", 0, 1, 1, 0), ("", 0, 1, 2, 0)]
    assert counts(date(2026, 6, 1)) == [("Coast region", 0, 0, 0, 1), ("Hill region", 1, 0, 0, 1), ("", 1, 0, 0, 2)]


@pytest.mark.django_db
def test_a_series_without_sense_is_refused(office: Office, hr: User, tiny_course: CourseVersion) -> None:
    day = date(2026, 1, 1)
    with pytest.raises(Refused, match="no course"):
        series.make("Forum", SessionKind.FORUM, _terms(office, hr), from_day=day, by=hr, course=tiny_course.course)
    with pytest.raises(Refused, match="Choose the months"):
        series.make("Workshop", SessionKind.WORKSHOP, _terms(office, hr, months=()), from_day=day, by=hr)
    with pytest.raises(Refused, match="end before"):
        series.make("Workshop", SessionKind.WORKSHOP, _terms(office, hr, ends=time(8)), from_day=day, by=hr)
    assert not SeriesPlan.objects.exists()


@pytest.fixture
def attended_course(tmp_path: Path, db: None) -> CourseVersion:
    """TINY, whose first lesson is done by attending."""
    pack = copytree(TINY, tmp_path / "tiny")
    edit(pack / "courses/TINY/lessons/01-water.yaml", completion="attended")
    return load_tiny(pack)


@pytest.mark.django_db
def test_attending_does_the_lesson_and_nothing_else(
    office: Office, attended_course: CourseVersion, learner: User, colleague: User, at: At
) -> None:
    at("2026-05-04T08:00")
    course = attended_course.course
    enrolment = enrolling.enrol(person(learner), course, by=learner)
    workshop = session(office, course=course)
    at("2026-06-16T13:00")
    signing_in.tick(workshop, {person(learner): State.PRESENT, person(colleague): State.PRESENT}, by=BY)
    assert progress.of(enrolment).lessons_done == 0
    signing_in.sign(workshop, by=BY)
    assert [lesson.key for lesson in progress.of(enrolment).lessons if lesson.is_done] == ["water"]
    assert not Result.objects.exists()
    later = enrolling.enrol(person(colleague), course, by=colleague)
    assert progress.of(later).lessons_done == 1
    signing_in.correct(workshop, person(learner), State.ABSENT, reason="Wrong line", by=BY)
    assert progress.of(enrolment).lessons_done == 0
    signing_in.correct(workshop, person(learner), State.PRESENT, reason="Right line", by=BY)
    assert progress.of(enrolment).lessons_done == 1
    assert LessonCompletion.objects.filter(enrolment=enrolment).count() == 1


@pytest.mark.django_db
def test_a_session_that_names_another_lesson_does_not_do_this_one(
    office: Office, attended_course: CourseVersion, learner: User, at: At
) -> None:
    at("2026-05-04T08:00")
    enrolment = enrolling.enrol(person(learner), attended_course.course, by=learner)
    other = session(office, course=attended_course.course, lesson_key="promise")
    forum = session(office, kind="forum", title="Forum", when=when(date(2026, 6, 17)))
    at("2026-06-18T13:00")
    for meeting in (other, forum):
        signing_in.tick(meeting, {person(learner): State.PRESENT}, by=BY)
        signing_in.sign(meeting, by=BY)
    assert progress.of(enrolment).lessons_done == 0
    assert [row.session.title for row in figures.attended_by(person(learner))] == ["Forum", "Counter skills"]


@pytest.mark.django_db
def test_attendance_is_counted_by_session_and_by_unit(
    office: Office, learner: User, colleague: User, stranger: User, at: At
) -> None:
    at("2026-05-04T08:00")
    workshop = session(office)
    at("2026-06-16T13:00")
    marks = {person(learner): State.PRESENT, person(colleague): State.EXCUSED, person(stranger): State.PRESENT}
    signing_in.tick(workshop, marks, by=BY)
    signing_in.sign(workshop, by=BY)
    days = (date(2026, 1, 1), date(2027, 1, 1))
    everything = Arrangement.objects.held()
    (row,) = figures.sessions_held(everything, days)
    assert (row.present, row.absent, row.excused) == (2, 0, 1)
    by_unit = io.StringIO()
    figures.write_units(everything, days, by_unit)
    assert by_unit.getvalue().splitlines()[1:] == ["brook,Brook office,1,0,1,1", "quay,Quay office,1,0,0,1"]
    people = io.StringIO()
    figures.write_people(everything, days, people)
    assert "2026-06-16,Counter skills,,brook,K100,Lindiwe,Okoro,present" in people.getvalue().splitlines()
