"""Which questions are drawn."""

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


def test_a_small_pool_gives_what_it_has() -> None:
    assert len(drawing.draw([Pool(1, 5, [1, 2])], seen={1}, seed=1)) == 2


@given(SEEDS, st.integers(1, 30))
def test_an_order_shows_everything_once_and_stays(seed: int, position: int) -> None:
    order = drawing.order(5, seed=seed, position=position)
    assert sorted(order) == [0, 1, 2, 3, 4]
    assert order == drawing.order(5, seed=seed, position=position)


def test_questions_are_shuffled_each_in_its_own_way() -> None:
    assert len({tuple(drawing.order(6, seed=7, position=position)) for position in range(20)}) > 10
