"""What an answer earns: a share of the question's points, 0 to 1. Pure: numbers in, fractions out.

The rules are those of the item rules in the course designer's handbook; `marking.RULE` names their version.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction

NOTHING = Fraction(0)
ALL = Fraction(1)
HALF = Fraction(1, 2)


def single_choice(right: int, chosen: int | None) -> Fraction:
    """All or nothing."""
    return ALL if chosen == right else NOTHING


def multiple_response(right: Collection[int], chosen: Collection[int]) -> Fraction:
    """Plus one for each right option, minus one for each wrong one, never below zero, as a share of the right ones."""
    hits = len(set(chosen) & set(right))
    misses = len(set(chosen) - set(right))
    return Fraction(max(0, hits - misses), len(set(right)))


def true_false_reason(
    *, answer: bool, chosen: bool | None, reason_is_right: bool, reason_supports: bool | None
) -> Fraction:
    """Half for the answer, half for the reason; the answer earns nothing if the chosen reason contradicts it.

    `reason_supports` is what the chosen reason speaks for, None without a reason.
    """
    contradicts = reason_supports is not None and reason_supports != chosen
    for_answer = HALF if chosen is answer and not contradicts else NOTHING
    return for_answer + (HALF if reason_is_right else NOTHING)


def ordering(places: Sequence[int | None]) -> Fraction:
    """The share of neighbours that follow each other as they should.

    `places[i]` is the place given to the step that belongs at i. Two steps on one place gain nothing: any such
    answer keeps no more right neighbours than some real order does.
    """
    pairs = list(zip(places, places[1:], strict=False))
    if not pairs:
        return NOTHING
    right = sum(1 for first, second in pairs if first is not None and second == first + 1)
    return Fraction(right, len(pairs))


def matching(chosen: Sequence[int | None]) -> Fraction:
    """The share of correct pairs: `chosen[i]` is right when it is i."""
    right = sum(1 for left, other in enumerate(chosen) if other == left)
    return Fraction(right, len(chosen)) if chosen else NOTHING


def stepped_scenario(is_right: Sequence[bool], steps: int) -> Fraction:
    """The share of steps answered rightly; `is_right` may be shorter, what is missing was not answered."""
    return Fraction(sum(is_right), steps)
