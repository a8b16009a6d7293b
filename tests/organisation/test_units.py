"""Units open, move, are renamed and close by date, and the ancestry follows, step by step as from nothing."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.core.errors import Refused
from lms.organisation import ancestry, units
from lms.organisation.models import OrgUnit, Post, UnitAncestry, UnitPlacement
from tests.cast import BY, SINCE, Office

pytestmark = pytest.mark.django_db
MOVED = date(2026, 4, 1)


def below(office: Office, code: str, day: date) -> set[str]:
    return set(OrgUnit.objects.in_subtree(office.units[code], day).values_list("code", flat=True))


def test_a_move_changes_the_tree_from_its_day_on_and_not_before(office: Office) -> None:
    units.move(office.units["brook"], parent=office.units["coast"], on=MOVED, by=BY, reason="New regions")
    assert below(office, "hill", MOVED - timedelta(days=1)) == {"hill", "brook", "ridge"}
    assert below(office, "hill", MOVED) == {"hill", "ridge"}
    assert below(office, "coast", MOVED) == {"coast", "quay", "brook"}
    assert below(office, "kopw", MOVED) == below(office, "kopw", SINCE)


def test_a_move_takes_everything_below_along(office: Office) -> None:
    units.move(office.units["hill"], parent=office.units["coast"], on=MOVED, by=BY)
    assert below(office, "coast", MOVED) == {"coast", "quay", "hill", "brook", "ridge"}
    row = UnitAncestry.objects.on(MOVED).get(unit=office.units["brook"], ancestor=office.units["kopw"])
    assert row.depth == 3
    assert ancestry.differences() == (set(), set())


def test_a_move_touches_no_row_of_the_past(office: Office) -> None:
    past = {row for row in _rows() if row[4] is not None}
    before = {(a, u, d, f) for a, u, d, f, _until in _rows()}
    units.move(office.units["brook"], parent=office.units["coast"], on=MOVED, by=BY)
    after = {(a, u, d, f) for a, u, d, f, _until in _rows()}
    assert past <= _rows()
    assert before <= after


def test_the_same_step_again_changes_nothing(office: Office) -> None:
    first = units.move(office.units["brook"], parent=office.units["coast"], on=MOVED, by=BY)
    assert units.move(office.units["brook"], parent=office.units["coast"], on=MOVED, by=BY) == first
    again = units.open_unit(
        "brook", kind=OrgUnit.Kind.OFFICE, name="Brook office", parent=office.units["hill"], on=SINCE, by=BY
    )
    assert again == office.units["brook"]
    closed = units.close_unit(_empty(office), on=MOVED, by=BY)
    assert units.close_unit(_empty(office), on=MOVED, by=BY) == closed


def test_a_unit_keeps_its_place_when_it_is_renamed(office: Office) -> None:
    rows = _rows()
    units.rename(office.units["brook"], name="Brookside office", on=MOVED, by=BY)
    assert OrgUnit.objects.named(MOVED).get(code="brook").name == "Brookside office"
    assert OrgUnit.objects.named(MOVED - timedelta(days=1)).get(code="brook").name == "Brook office"
    assert _rows() == rows


def test_a_loop_is_refused_and_leaves_nothing_behind(office: Office) -> None:
    rows, placements = _rows(), UnitPlacement.objects.count()
    for above, parent in [("kopw", "brook"), ("hill", "brook")]:
        with pytest.raises(Refused, match="below one of its own units"):
            units.move(office.units[above], parent=office.units[parent], on=MOVED, by=BY)
    assert (_rows(), UnitPlacement.objects.count()) == (rows, placements)


def test_two_units_may_stand_below_each_other_at_different_times(office: Office) -> None:
    units.move(office.units["ridge"], parent=office.units["brook"], on=date(2026, 4, 1), by=BY)
    units.move(office.units["ridge"], parent=office.units["hill"], on=date(2026, 5, 1), by=BY)
    units.move(office.units["brook"], parent=office.units["ridge"], on=date(2026, 5, 1), by=BY)
    assert below(office, "brook", date(2026, 4, 15)) == {"brook", "ridge"}
    assert below(office, "ridge", date(2026, 5, 15)) == {"ridge", "brook"}
    assert ancestry.differences() == (set(), set())


def test_nothing_is_put_into_a_unit_that_is_closed_or_will_be(office: Office) -> None:
    spare = _empty(office)
    units.close_unit(spare, on=MOVED, by=BY)
    for day in (MOVED - timedelta(days=1), MOVED):
        with pytest.raises(Refused, match="unit spare is not open"):
            units.move(office.units["brook"], parent=spare, on=day, by=BY)
        with pytest.raises(Refused, match="unit spare is not open"):
            units.open_unit("new", kind=OrgUnit.Kind.OFFICE, name="New", parent=spare, on=day, by=BY)
    with pytest.raises(Refused, match="is closed"):
        units.rename(spare, name="Other", on=MOVED, by=BY)
    assert not OrgUnit.objects.filter(code="new").exists()


def test_a_unit_closes_only_when_it_is_empty(office: Office) -> None:
    with pytest.raises(Refused, match="Units below"):
        units.close_unit(office.units["hill"], on=MOVED, by=BY)
    with pytest.raises(Refused, match="still has posts"):
        units.close_unit(office.units["quay"], on=MOVED, by=BY)
    Post.objects.filter(unit=office.units["quay"]).update(closed_on=MOVED)
    units.close_unit(office.units["quay"], on=MOVED, by=BY)
    assert below(office, "coast", MOVED) == {"coast"}
    assert below(office, "coast", MOVED - timedelta(days=1)) == {"coast", "quay"}


@pytest.mark.parametrize("day", [SINCE, SINCE - timedelta(days=1)])
def test_changes_follow_each_other_in_time(office: Office, day: date) -> None:
    with pytest.raises(Refused, match="took effect on 1 January 2020"):
        units.move(office.units["brook"], parent=office.units["coast"], on=day, by=BY)


def test_a_used_code_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="with the code brook already"):
        units.open_unit("brook", kind=OrgUnit.Kind.REGION, name="X", parent=office.units["hill"], on=MOVED, by=BY)


def test_the_command_mends_a_table_that_somebody_broke(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    rows = _rows()
    call_command("rebuild_ancestry", check=True)
    UnitAncestry.objects.filter(depth=2).delete()
    UnitAncestry.objects.filter(depth=1).update(valid_from=MOVED)
    with pytest.raises(Refused, match="5 rows too many, 8 missing"):
        call_command("rebuild_ancestry", check=True)
    call_command("rebuild_ancestry")
    assert _rows() == rows
    assert "13 rows were changed" in capsys.readouterr().out


_moves = st.lists(
    st.tuples(
        st.sampled_from(["move", "move", "rename", "close", "open"]),
        st.integers(0, 6),
        st.integers(0, 6),
        st.integers(1, 12),
    ),
    max_size=10,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_moves)
def test_step_by_step_and_from_nothing_give_the_same_rows_and_keep_the_past(
    steps: list[tuple[str, int, int, int]],
) -> None:
    with transaction.atomic():
        root = units.open_unit("u0", kind=OrgUnit.Kind.REGION, name="u0", parent=None, on=SINCE, by=BY)
        made = [root]
        for kind, one, other, month in steps:
            day = SINCE + timedelta(days=30 * month)
            past = _tree_before(day)
            _take(kind, made, one, other, day)
            assert _tree_before(day) == past
        assert ancestry.differences() == (set(), set())
        transaction.set_rollback(True)


def _take(kind: str, made: list[OrgUnit], one: int, other: int, day: date) -> None:
    unit, parent = made[one % len(made)], made[other % len(made)]
    name = f"u{len(made)}"
    try:
        if kind == "open":
            made.append(units.open_unit(name, kind=OrgUnit.Kind.OFFICE, name=name, parent=parent, on=day, by=BY))
        elif kind == "move" and unit != parent:
            units.move(unit, parent=parent, on=day, by=BY)
        elif kind == "rename":
            units.rename(unit, name=f"{name} on {day}", on=day, by=BY)
        elif kind == "close":
            units.close_unit(unit, on=day, by=BY)
    except Refused:
        pass


def _tree_before(day: date) -> list[set[tuple[int, int, int]]]:
    days = [SINCE + timedelta(days=30 * month) - timedelta(days=1) for month in range(1, 14)]
    return [
        set(UnitAncestry.objects.on(other).values_list("ancestor_id", "unit_id", "depth"))
        for other in days
        if other < day
    ]


def _rows() -> set[tuple[int, int, int, date, date | None]]:
    return set(UnitAncestry.objects.values_list("ancestor_id", "unit_id", "depth", "valid_from", "valid_until"))


def _empty(office: Office) -> OrgUnit:
    return units.open_unit(
        "spare", kind=OrgUnit.Kind.OFFICE, name="Spare office", parent=office.units["hill"], on=SINCE, by=BY
    )
