"""Coverage: counted by hand on the known cast, on past days, and by the command."""

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from courses import results
from courses.models import Course, Result
from lms.core import dated
from lms.core.errors import Refused
from lms.duties import exempting, requiring, upkeep
from lms.duties.counting import Case, Spot, Tally, Vacancy, share, tallies
from lms.duties.coverage import CoverageRow, count, coverage
from lms.duties.management.commands.coverage import Command
from lms.duties.spans import State
from lms.duties.targets import Target
from lms.organisation import hiring, leaves, posts, units
from lms.organisation.models import Person, PostHolding, User
from tests.cast import Office, person
from tests.duties.making import BY, TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def coc(office: Office) -> Course:
    """A course that every counter clerk has had to know since 2024."""
    course = make_course("COC")
    make_rule(office, course, categories=("CLERK",), from_day=date(2024, 1, 1))
    return course


def figures(office: Office, unit: str = "kopw", on: date = TODAY) -> CoverageRow:
    rows = coverage(office.units[unit] if unit != "kopw" else office.root, on)
    assert len(rows) == 1
    return rows[0]


def row(target: str = "COC", **numbers: int | Decimal | None) -> CoverageRow:
    return CoverageRow(target, **(dict.fromkeys(CoverageRow._fields[1:], 0) | {"percent": None} | numbers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, None), (0, 3, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 16, "6.3"), (1, 2000, "0.1"), (7, 7, "100.0")],
)
def test_shares_have_one_decimal_half_up_and_are_empty_of_nothing(part: int, whole: int, percent: str | None) -> None:
    assert share(part, whole) == (Decimal(percent) if percent else None)


def test_everybody_is_counted_once_where_they_stand(
    office: Office, coc: Course, learner: User, colleague: User, stranger: User
) -> None:
    pass_course(person(learner), coc, date(2025, 6, 1))
    pass_course(person(stranger), coc, date(2025, 6, 1), source=Result.Source.RECOGNISED)
    assert figures(office) == row(
        required=3, in_date=2, overdue=1, percent=Decimal("66.7"), recognised=1, vacant=1, people=3
    )
    assert figures(office, "hill") == row(required=2, in_date=1, overdue=1, percent=Decimal("50.0"), vacant=1, people=2)
    assert figures(office, "ridge") == row(vacant=1)


def test_somebody_in_two_posts_counts_once_in_each_unit_and_once_above(
    office: Office, coc: Course, learner: User
) -> None:
    hiring.act(person(learner), office.posts["quay-clerk"], from_day=date(2025, 1, 1), by=BY)
    assert [figures(office, unit).required for unit in ("brook", "quay", "hill", "coast", "kopw")] == [1] * 5
    counted = count(office.root, TODAY)
    hill, coast = office.units["hill"].pk, office.units["coast"].pk
    assert {child: rows[0].required for child, rows in counted.by_child().items()} == {hill: 1, coast: 1}


def test_a_result_in_the_past_counts_on_its_days(office: Office, coc: Course, learner: User) -> None:
    result = pass_course(person(learner), coc, date(2023, 1, 10))
    assert result.holds_until == date(2025, 1, 9)
    days = [date(2024, 1, 1), date(2025, 1, 9), date(2025, 1, 10)]
    assert [(figures(office, on=day).in_date, figures(office, on=day).overdue) for day in days] == [
        (1, 0),
        (1, 0),
        (0, 1),
    ]
    results.end(result, on=date(2024, 6, 1), by=BY, reason="Fraud.")
    assert [figures(office, on=day).in_date for day in (date(2024, 5, 31), date(2024, 6, 1))] == [1, 0]


def test_figures_of_a_past_day_go_by_the_tree_of_that_day(office: Office, coc: Course, stranger: User) -> None:
    units.move(office.units["quay"], parent=office.units["hill"], on=date(2026, 2, 1), by=BY)
    before, after = date(2026, 1, 31), date(2026, 2, 1)
    assert [figures(office, "coast", before).required, figures(office, "coast", after).required] == [1, 0]
    assert [figures(office, "hill", before).required, figures(office, "hill", after).required] == [0, 1]
    assert [figures(office, "hill", before).vacant, figures(office, "hill", after).vacant] == [3, 3]


def test_a_transfer_moves_the_figure_and_leaves_the_past(office: Office, coc: Course, learner: User) -> None:
    pass_course(person(learner), coc, date(2025, 6, 1))
    hiring.transfer(person(learner), to=office.posts["quay-clerk"], on=date(2026, 2, 20), by=BY)
    before = date(2026, 2, 19)
    assert (figures(office, "brook", before).in_date, figures(office, "brook").in_date) == (1, 0)
    assert (figures(office, "coast", before).in_date, figures(office, "coast").in_date) == (0, 1)


def test_vacant_posts_count_those_that_would_carry_the_duty(office: Office, coc: Course, learner: User) -> None:
    assert figures(office).vacant == 3
    hiring.act(person(learner), office.posts["ridge-clerk"], from_day=TODAY, by=BY)
    assert figures(office).vacant == 2
    posts.close_post(office.posts["quay-clerk"], on=TODAY, by=BY)
    assert (figures(office).vacant, figures(office, on=TODAY - timedelta(days=1)).vacant) == (1, 3)


def test_exempt_people_leave_both_sides(office: Office, coc: Course, learner: User, colleague: User, hr: User) -> None:
    exempting.exempt(person(learner), coc, from_day=date(2026, 1, 1), reason="Recognised abroad.", approver=hr, by=BY)
    assert figures(office) == row(required=1, overdue=1, percent=Decimal("0.0"), exempt=1, vacant=2, people=1)


def test_contractors_and_people_on_long_leave_stay_in_and_are_shown(office: Office, coc: Course) -> None:
    plan = hiring.NewPerson("Sam", "Temp", date(2025, 1, 1), kind=Person.Kind.CONTRACTOR)
    temp = hiring.enter_person(plan, by=BY)
    hiring.appoint(temp, office.posts["ridge-clerk"], from_day=date(2025, 1, 1), by=BY)
    leaves.record_leave(temp, from_day=date(2026, 1, 1), by=BY)
    assert figures(office) == row(
        required=1, overdue=1, percent=Decimal("0.0"), contractors=1, paused=1, vacant=3, people=1
    )


def test_a_day_that_has_not_come_is_refused(office: Office, coc: Course) -> None:
    with pytest.raises(Refused, match="up to today"):
        coverage(office.root, TODAY + timedelta(days=1))


def test_as_known_then_a_later_correction_is_left_out(office: Office, coc: Course, learner: User, at: SetClock) -> None:
    then = at("2026-03-16T18:00")
    at("2026-03-20")
    units.move(office.units["brook"], parent=office.units["coast"], on=date(2026, 3, 1), by=BY)
    pass_course(person(learner), coc, date(2026, 3, 2))
    dated.close(PostHolding.objects.get(person=person(learner)), until=date(2026, 3, 15), by=BY)
    day = date(2026, 3, 16)
    known_then = coverage(office.units["hill"], day, known_at=then)
    assert known_then == [row(required=1, overdue=1, percent=Decimal("0.0"), vacant=2, people=1)]
    assert coverage(office.units["hill"], day) == [row(vacant=1)]
    assert coverage(office.units["coast"], date(2026, 3, 14))[0].in_date == 1


def test_a_named_target_that_nobody_is_asked_for_is_a_row_of_zeros(office: Office, coc: Course) -> None:
    other = make_course("OTHER")
    assert coverage(office.root, TODAY, target=other) == [row("OTHER")]


def test_an_ended_rule_asks_nobody_from_its_end(office: Office, coc: Course, learner: User) -> None:
    requirement = requiring.require(
        "Extra", audience=requiring.Audience(office.root), terms=requiring.Terms([make_course("X")], 5), by=BY
    )
    assert {r.target for r in coverage(office.root, TODAY)} == {"COC", "X"}
    requiring.end(requirement, until=TODAY, by=BY, reason="Not needed after all.")
    assert {r.target for r in coverage(office.root, TODAY)} == {"COC"}


@pytest.mark.parametrize("how_many", [2, 14])
def test_the_number_of_queries_does_not_grow(
    office: Office, coc: Course, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    for number in range(how_many):
        office.hire(f"Ann{number}", "Other", office.seat(f"extra-{number}", unit="ridge"))
        office.seat(f"empty-{number}", unit="ridge")
    upkeep.work_off()
    with django_assert_num_queries(7):
        rows = coverage(office.root, TODAY)
    assert (rows[0].required, rows[0].vacant) == (how_many, how_many + 4)


cases = st.builds(
    Case,
    person=st.integers(1, 5),
    target=st.just(Target.any_of({1})),
    state=st.sampled_from(State),
    spots=st.frozensets(st.builds(Spot, unit=st.integers(1, 3), category=st.integers(1, 2)), min_size=1, max_size=2),
    is_recognised=st.booleans(),
    is_paused=st.booleans(),
    is_contractor=st.booleans(),
)


@given(st.lists(cases, max_size=12))
def test_figures_add_up(some: list[Case]) -> None:
    vacancies = [Vacancy(Target.any_of({1}), Spot(2, 1))]
    whole = tallies(some, vacancies, lambda _spot: True).get((True, Target.any_of({1})), Tally())
    assert whole.required == len([case for case in some if case.state != State.EXEMPT])
    assert whole.exempt == len(some) - whole.required
    assert max(whole.recognised, whole.paused, whole.contractors) <= whole.required
    parts = tallies(some, vacancies, lambda spot: spot.unit).values()
    # Somebody in two units is in both of them and once above.
    assert sum(part.required for part in parts) >= whole.required
    assert sum(part.vacant for part in parts) == whole.vacant == 1


def printed(*args: str) -> str:
    out = io.StringIO()
    call_command("coverage", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_same_figures(office: Office, coc: Course, learner: User, colleague: User) -> None:
    pass_course(person(learner), coc, date(2025, 6, 1))
    lines = list(csv.reader(io.StringIO(printed("--unit", "hill"))))
    assert lines == [
        [
            "target",
            "required",
            "in_date",
            "not_yet_due",
            "overdue",
            "percent",
            "recognised",
            "paused",
            "contractors",
            "exempt",
            "vacant",
            "people",
        ],
        ["COC", "2", "1", "0", "1", "50.0", "0", "0", "0", "0", "1", "2"],
    ]
    assert json.loads(printed("--unit", "hill", "--target", "COC", "--format", "json"))[0]["percent"] == 50.0
    assert "COC,0,0,0,0,,0,0,0,0,1,0" in printed("--unit", "ridge", "--on", "2026-03-01")


def test_the_command_needs_neither_unit_nor_rules(office: Office) -> None:
    assert json.loads(printed("--format", "json")) == []


@pytest.mark.parametrize(
    "arguments",
    [["--unit", "NOWHERE"], ["--target", "NOTHING"], ["--on", "2999-01-01"], ["--unit", "hill", "--on", "2026-03-17"]],
)
def test_the_command_refuses_with_one_line(
    office: Office, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "coverage", *arguments])
    assert ended.value.code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [["--on", "yesterday"], ["--known-at", "then"], ["--format", "xml"], ["--nonsense"]]
)
def test_the_command_ends_with_two_for_bad_arguments(office: Office, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "coverage", *arguments])
    assert ended.value.code == 2


def test_the_command_says_what_to_do_before_there_is_an_organisation(db: None) -> None:
    with pytest.raises(Refused, match="There is no organisation yet"):
        printed()
