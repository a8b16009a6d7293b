"""Which questions somebody gets, and in which order options appear. Pure: the same seed draws the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Pool:
    """The questions of one criterion that may be asked here and now, and how many to draw."""

    criterion: int
    wanted: int
    questions: Sequence[int]


def draw(pools: Sequence[Pool], *, seen: Collection[int], seed: int) -> list[tuple[int, int]]:
    """Pairs of criterion and question, mixed. Questions in `seen` come only where fresh ones do not suffice."""
    chance = Random(seed)  # chance, not secrecy
    drawn = [(pool.criterion, question) for pool in pools for question in _from(pool, seen, chance)]
    chance.shuffle(drawn)
    return drawn


def order(length: int, *, seed: int, position: int) -> list[int]:
    """The order in which the `length` options of the question at `position` appear."""
    places = list(range(length))
    Random(f"{seed}/{position}").shuffle(places)
    return places


def _from(pool: Pool, seen: Collection[int], chance: Random) -> list[int]:
    # Sorted, so that the database's order does not change what a seed draws.
    fresh = sorted(question for question in pool.questions if question not in seen)
    known = sorted(question for question in pool.questions if question in seen)
    first = chance.sample(fresh, min(pool.wanted, len(fresh)))
    return first + chance.sample(known, min(pool.wanted - len(first), len(known)))
