"""Long lists in pieces that every database takes as parameters of one query."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def in_chunks(items: Sequence[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """`items` in order, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
