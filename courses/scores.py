"""When a criterion is met and when a course is passed. Pure: numbers in, verdicts out.

The rule is the common one of outcomes-based assessment: criteria decide, marks only inform them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


def is_met(points: Decimal, possible: Decimal, *, needed_percent: Decimal, has_critical_error: bool) -> bool:
    """Whether points meet a criterion. A critical error means no, whatever the points.

    `needed_percent` of 66.67 stands for two thirds: the share is compared after rounding to hundredths of a per cent.
    """
    return not has_critical_error and percent_of(points, possible) >= needed_percent


def percent_of(points: Decimal, possible: Decimal) -> Decimal:
    """Points as a percentage, two decimals, half up. `possible` is above zero."""
    return (points / possible * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Standing:
    """A certified criterion's latest standing evidence. `percent` is None where it was judged without points."""

    is_critical: bool
    weight: Decimal
    is_met: bool
    percent: Decimal | None
    is_judged: bool = True


def overall_percent(standings: Iterable[Standing]) -> Decimal | None:
    """The weighted mean over criteria that have points, two decimals; None where none has."""
    scored = [(s.weight, s.percent) for s in standings if s.percent is not None]
    if not scored:
        return None
    total = sum((weight for weight, _percent in scored), Decimal())
    mean = sum((weight * percent for weight, percent in scored), Decimal()) / total
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_passed(standings: list[Standing], *, pass_percent: Decimal) -> bool:
    """All criteria judged, all critical ones met, and the mean, as it is shown, high enough.

    A course without points passes on its criteria: every one must be met.
    """
    if not standings or not all(s.is_judged for s in standings):
        return False
    if not all(s.is_met for s in standings if s.is_critical):
        return False
    mean = overall_percent(standings)
    without_points_met = all(s.is_met for s in standings if s.percent is None)
    return without_points_met and (mean is None or mean >= pass_percent)
