"""When a criterion is met and a course passed: numbers in, verdicts out."""

from decimal import Decimal

import pytest

from courses.scores import Standing, is_met, is_passed, overall_percent, percent_of

TWO_THIRDS, CRITICAL, PASS = Decimal("66.67"), Decimal(80), Decimal(70)


@pytest.mark.parametrize(
    ("points", "possible", "needed", "met"),
    [
        ("2", "3", TWO_THIRDS, True),
        ("4", "6", TWO_THIRDS, True),
        ("1.9999", "3", TWO_THIRDS, False),
        ("3", "3", TWO_THIRDS, True),
        ("0", "3", TWO_THIRDS, False),
        ("4", "5", CRITICAL, True),
        ("3.9", "5", CRITICAL, False),
        ("3.9999", "5", CRITICAL, True),
        ("0", "1", Decimal(0), True),
    ],
)
def test_a_criterion_is_met_by_its_share_of_points(points: str, possible: str, needed: Decimal, met: bool) -> None:
    assert is_met(Decimal(points), Decimal(possible), needed_percent=needed, has_critical_error=False) is met


def test_a_critical_error_outweighs_all_points() -> None:
    assert not is_met(Decimal(5), Decimal(5), needed_percent=CRITICAL, has_critical_error=True)


@pytest.mark.parametrize(
    ("points", "possible", "percent"), [("1", "3", "33.33"), ("2", "3", "66.67"), ("1", "1", "100")]
)
def test_points_as_a_percentage(points: str, possible: str, percent: str) -> None:
    assert percent_of(Decimal(points), Decimal(possible)) == Decimal(percent)


def standing(percent: str | None, *, met: bool = True, critical: bool = False, weight: str = "1") -> Standing:
    """A judged criterion."""
    return Standing(critical, Decimal(weight), met, None if percent is None else Decimal(percent))


UNJUDGED = Standing(is_critical=False, weight=Decimal(1), is_met=False, percent=None, is_judged=False)


@pytest.mark.parametrize(
    ("standings", "mean"),
    [
        ([], None),
        ([standing(None)], None),
        ([standing("100"), standing("50")], "75.00"),
        ([standing("100"), standing(None)], "100.00"),
        ([standing("100", weight="3"), standing("0")], "75.00"),
        ([standing("100"), standing("100"), standing("0")], "66.67"),
    ],
)
def test_the_mean_goes_over_criteria_with_points(standings: list[Standing], mean: str | None) -> None:
    assert overall_percent(standings) == (None if mean is None else Decimal(mean))


@pytest.mark.parametrize(
    ("standings", "passed"),
    [
        ([], False),
        ([standing("70"), standing("70")], True),
        ([standing("69.98"), standing("70")], False),
        # The mean is compared as it is shown: 69.995 is shown as 70.00.
        ([standing("69.99"), standing("70")], True),
        # One that is not critical may be missed, if the mean carries it.
        ([standing("40", met=False), standing("100")], True),
        ([standing("30", met=False), standing("100")], False),
        ([standing("79", met=False, critical=True), standing("100")], False),
        ([standing("80", critical=True), standing("60", met=False)], True),
        # All have to be judged.
        ([standing("100"), UNJUDGED], False),
        # Without points the criteria alone decide.
        ([standing(None)], True),
        ([standing(None, met=False)], False),
        ([standing("100"), standing(None, met=False)], False),
        ([standing("70"), standing(None)], True),
    ],
)
def test_passing(standings: list[Standing], passed: bool) -> None:
    assert is_passed(standings, pass_percent=PASS) is passed
