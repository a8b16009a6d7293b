"""What answers earn: the tables of the rules, and what must hold for any answer."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import scoring
from assessments.kinds import KINDS
from assessments.models import Kind
from tests.assessments.making import BODIES, right_answer

F = Fraction
OPTIONS = st.sets(st.integers(0, 3)).map(sorted)
PLACES = st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4)
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    Kind.SINGLE_CHOICE: st.integers(0, 2).map(lambda place: [place]),
    Kind.MULTIPLE_RESPONSE: OPTIONS.map(lambda chosen: chosen or None),
    Kind.TRUE_FALSE_REASON: st.fixed_dictionaries(
        {"answer": st.none() | st.booleans(), "reason": st.none() | st.integers(0, 2)}
    ),
    Kind.ORDERING: PLACES,
    Kind.MATCHING: st.lists(st.none() | st.integers(0, 3), min_size=3, max_size=3),
    Kind.STEPPED_SCENARIO: st.tuples(*(st.none() | st.sampled_from(own) for own in ((0, 1), (2, 3, 4), (5, 6)))).map(
        list
    ),
}


@pytest.mark.parametrize(("right", "chosen", "earned"), [(0, 0, 1), (0, 1, 0), (2, None, 0)])
def test_a_single_choice_earns_all_or_nothing(right: int, chosen: int | None, earned: int) -> None:
    assert scoring.single_choice(right, chosen) == earned


@pytest.mark.parametrize(
    ("right", "chosen", "earned"),
    [
        ({0, 1, 2}, {0, 1, 2}, F(1)),
        ({0, 1, 2}, {0, 1}, F(2, 3)),
        ({0, 1, 2}, {0, 1, 3}, F(1, 3)),
        ({0, 1}, {0, 1, 2, 3}, F(0)),
        ({0, 1}, {2, 3}, F(0)),
        ({0, 1}, set(), F(0)),
    ],
)
def test_a_wrong_choice_takes_away_what_a_right_one_gives(right: set[int], chosen: set[int], earned: Fraction) -> None:
    assert scoring.multiple_response(right, chosen) == earned


@pytest.mark.parametrize(
    ("chosen", "reason_is_right", "supports", "earned"),
    [
        (False, True, False, F(1)),
        (False, False, False, F(1, 2)),
        (False, False, True, F(0)),
        (False, False, None, F(1, 2)),
        (True, True, False, F(1, 2)),
        (None, True, False, F(1, 2)),
        (True, False, True, F(0)),
        (None, False, None, F(0)),
    ],
)
def test_an_answer_earns_nothing_if_the_reason_contradicts_it(
    chosen: bool | None, reason_is_right: bool, supports: bool | None, earned: Fraction
) -> None:
    got = scoring.true_false_reason(
        answer=False, chosen=chosen, reason_is_right=reason_is_right, reason_supports=supports
    )
    assert got == earned


@pytest.mark.parametrize(
    ("places", "earned"),
    [
        ([0, 1, 2, 3], F(1)),
        ([1, 2, 3, 0], F(2, 3)),
        ([2, 3, 0, 1], F(2, 3)),
        ([3, 2, 1, 0], F(0)),
        ([0, 1, None, None], F(1, 3)),
        ([0, 0, 0, 0], F(0)),
        ([None] * 4, F(0)),
        ([0], F(0)),
    ],
)
def test_an_order_earns_the_share_of_right_neighbours(places: list[int | None], earned: Fraction) -> None:
    assert scoring.ordering(places) == earned


@given(PLACES)
def test_two_steps_on_one_place_never_earn_all(places: list[int | None]) -> None:
    assert (scoring.ordering(places) == 1) == (places == [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("chosen", "earned"),
    [([0, 1, 2], F(1)), ([0, 2, 1], F(1, 3)), ([0, None, None], F(1, 3)), ([3, 3, 3], F(0)), ([], F(0))],
)
def test_matching_earns_the_share_of_right_pairs(chosen: list[int | None], earned: Fraction) -> None:
    assert scoring.matching(chosen) == earned


@pytest.mark.parametrize(
    ("is_right", "steps", "earned"),
    [
        ([True, True, True], 3, F(1)),
        ([True, False, True], 3, F(2, 3)),
        ([True, False], 3, F(1, 3)),
        ([True], 6, F(1, 6)),
        ([False, False], 2, F(0)),
        ([], 4, F(0)),
    ],
)
def test_a_case_earns_the_share_of_steps_answered_rightly(is_right: list[bool], steps: int, earned: Fraction) -> None:
    assert scoring.stepped_scenario(is_right, steps) == earned


@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
def test_every_answer_earns_a_share_and_only_the_right_one_all(kind: str, data: st.DataObject) -> None:
    answer = data.draw(ANSWERS[kind])
    fraction = KINDS[kind].score(BODIES[kind], answer).fraction
    assert 0 <= fraction <= 1
    assert (fraction == 1) == (answer == right_answer(kind))


@pytest.mark.parametrize("kind", Kind)
def test_no_answer_earns_nothing_and_is_no_critical_error(kind: str) -> None:
    score = KINDS[kind].score(BODIES[kind], None)
    assert score.fraction == 0
    assert not score.has_critical_error


@pytest.mark.parametrize(
    ("kind", "answer", "is_critical"),
    [
        (Kind.SINGLE_CHOICE, [1], True),
        (Kind.SINGLE_CHOICE, [2], False),
        (Kind.MULTIPLE_RESPONSE, [0, 1, 3], True),
        (Kind.MULTIPLE_RESPONSE, [0, 1], False),
        (Kind.STEPPED_SCENARIO, [0, 2, None], True),
        (Kind.STEPPED_SCENARIO, [0, 2, 6], True),
        (Kind.STEPPED_SCENARIO, [1, 4, 5], False),
    ],
)
def test_a_choice_marked_so_is_a_critical_error(kind: str, answer: list[int], is_critical: bool) -> None:
    assert KINDS[kind].score(BODIES[kind], answer).has_critical_error is is_critical


def test_a_reason_marked_so_is_a_critical_error() -> None:
    body = {
        "answer": True,
        "reasons": [
            {"text": "a", "supports": True, "right": True},
            {"text": "b", "supports": False, "critical_error": True},
        ],
    }
    assert KINDS[Kind.TRUE_FALSE_REASON].score(body, {"answer": False, "reason": 1}).has_critical_error
