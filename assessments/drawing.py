"""Which questions somebody gets, and in which order options appear. Pure: the same seed draws the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True, slots=True)
class Pool:
    """The questions of one criterion that may be asked here and now, and how many to draw.

    `at_least` says how many of a kind must be among them; `kinds` names the kind of each question, where it matters.
    """

    criterion: int
    wanted: int
    questions: Sequence[int]
    at_least: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[int, str] = field(default_factory=dict)


def draw(pools: Sequence[Pool], *, seen: Collection[int], seed: int) -> list[tuple[int, int]]:
    """Pairs of criterion and question, mixed. Questions in `seen` come only where fresh ones do not suffice."""
    chance = Random(seed)  # chance, not secrecy
    drawn = [(pool.criterion, question) for pool in pools for question in _from(pool, seen, chance)]
    chance.shuffle(drawn)
    return drawn


def holds(wanted: int, at_least: Mapping[str, int]) -> bool:
    """Whether so many questions can hold what is asked for of each kind."""
    return sum(at_least.values()) <= wanted


def order(length: int, *, seed: int, position: int) -> list[int]:
    """The order in which the `length` options of the question at `position` appear."""
    places = list(range(length))
    Random(f"{seed}/{position}").shuffle(places)
    return places


def _from(pool: Pool, seen: Collection[int], chance: Random) -> list[int]:
    drawn: list[int] = []
    for kind, number in sorted(pool.at_least.items()):
        of_kind = [question for question in pool.questions if pool.kinds.get(question) == kind]
        drawn += _some(of_kind, min(number, pool.wanted - len(drawn)), seen, chance)
    others = [question for question in pool.questions if question not in drawn]
    return drawn + _some(others, pool.wanted - len(drawn), seen, chance)


def _some(questions: Sequence[int], number: int, seen: Collection[int], chance: Random) -> list[int]:
    # Sorted, so that the database's order does not change what a seed draws.
    fresh = sorted(question for question in questions if question not in seen)
    known = sorted(question for question in questions if question in seen)
    first = chance.sample(fresh, min(number, len(fresh)))
    return first + chance.sample(known, min(number - len(first), len(known)))
