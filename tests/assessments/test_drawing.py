"""Which questions are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import drawing
from assessments.drawing import Pool

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_the_same_seed_draws_the_same(seed: int) -> None:
    pools = [Pool(1, 3, [1, 2, 3, 4, 5]), Pool(2, 2, [6, 7, 8])]
    shuffled = [Pool(1, 3, [5, 3, 1, 2, 4]), Pool(2, 2, [8, 7, 6])]
    assert drawing.draw(pools, seen=set(), seed=seed) == drawing.draw(shuffled, seen=set(), seed=seed)


@given(SEEDS)
def test_each_criterion_gets_its_number_and_nothing_twice(seed: int) -> None:
    drawn = drawing.draw([Pool(1, 3, [1, 2, 3, 4, 5]), Pool(2, 2, [6, 7, 8])], seen=set(), seed=seed)
    assert sorted(criterion for criterion, _question in drawn) == [1, 1, 1, 2, 2]
    assert len(set(drawn)) == 5


@given(SEEDS)
def test_seen_questions_come_only_where_fresh_ones_do_not_suffice(seed: int) -> None:
    drawn = drawing.draw([Pool(1, 3, [1, 2, 3, 4, 5])], seen={1, 2, 3}, seed=seed)
    questions = {question for _criterion, question in drawn}
    assert {4, 5} <= questions
    assert len(questions) == 3


KINDS = {1: "a", 2: "a", 3: "b", 4: "b", 5: "b", 6: "c"}


@given(SEEDS, st.sets(st.integers(1, 6)))
def test_a_draw_holds_the_least_number_of_a_kind_whatever_was_seen(seed: int, seen: set[int]) -> None:
    pool = Pool(1, 4, list(KINDS), at_least={"a": 1, "b": 2}, kinds=KINDS)
    drawn = [question for _criterion, question in drawing.draw([pool], seen=seen, seed=seed)]
    assert len(drawn) == len(set(drawn)) == 4
    kinds = [KINDS[question] for question in drawn]
    assert kinds.count("a") >= 1
    assert kinds.count("b") >= 2


@given(SEEDS)
def test_seen_questions_come_last_within_a_kind_too(seed: int) -> None:
    pool = Pool(1, 3, list(KINDS), at_least={"a": 2}, kinds=KINDS)
    drawn = {question for _criterion, question in drawing.draw([pool], seen={1, 3, 4}, seed=seed)}
    # Both of kind a, the seen one too; then a fresh one of the others.
    assert {1, 2} < drawn <= {1, 2, 5, 6}


@given(SEEDS)
def test_no_more_is_drawn_than_wanted_and_what_a_kind_lacks_others_fill(seed: int) -> None:
    too_many = Pool(1, 2, list(KINDS), at_least={"a": 2, "b": 2}, kinds=KINDS)
    assert len(drawing.draw([too_many], seen=set(), seed=seed)) == 2
    too_few = Pool(1, 4, list(KINDS), at_least={"c": 3}, kinds=KINDS)
    drawn = {question for _criterion, question in drawing.draw([too_few], seen=set(), seed=seed)}
    assert len(drawn) == 4
    assert 6 in drawn


@pytest.mark.parametrize(
    ("wanted", "at_least", "holds"), [(3, {}, True), (3, {"a": 3}, True), (3, {"a": 2, "b": 2}, False)]
)
def test_a_draw_holds_no_more_of_its_kinds_than_it_draws(wanted: int, at_least: dict[str, int], holds: bool) -> None:
    assert drawing.holds(wanted, at_least) is holds


def test_a_small_pool_gives_what_it_has() -> None:
    assert len(drawing.draw([Pool(1, 5, [1, 2])], seen={1}, seed=1)) == 2


@given(SEEDS, st.integers(1, 30))
def test_an_order_shows_everything_once_and_stays(seed: int, position: int) -> None:
    order = drawing.order(5, seed=seed, position=position)
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert order == drawing.order(5, seed=seed, position=position)


def test_questions_are_shuffled_each_in_its_own_way() -> None:
    assert len({tuple(drawing.order(6, seed=7, position=position)) for position in range(20)}) > 10
