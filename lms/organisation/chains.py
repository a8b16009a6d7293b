"""Chains upwards through dated edges: units below units, posts below posts. Pure, no database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.core.spans import Span, merged, overlap


@dataclass(frozen=True, slots=True)
class Edge:
    """For the days of `span`, `child` stands directly below `parent`, or at the top where that is None."""

    child: int
    parent: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Above:
    """For the days from `start` until `until`, `node` stood `depth` steps above; depth 0 is the node itself."""

    node: int
    depth: int
    start: date
    until: date | None


class Loop(Exception):
    """Following the edges of one day upwards comes back to where it began."""


Edges = Mapping[int, Sequence[Edge]]


def by_child(edges: Iterable[Edge]) -> Edges:
    """Edges, to be looked up by their lower end."""
    found: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[edge.child].append(edge)
    return found


def chain(node: int, edges: Edges) -> list[Above]:
    """Everything that stood above `node`, itself included, in as few rows as possible. Raises Loop."""
    spans: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for above, depth, span in _climb(node, edges, (date.min, None), frozenset()):
        spans[above, depth].append(span)
    return [Above(*key, *span) for key, found in spans.items() for span in merged(found)]


def _climb(node: int, edges: Edges, days: Span, below: frozenset[int]) -> Iterator[tuple[int, int, Span]]:
    # `days` shrinks on the way up, so meeting a node again means a loop on one and the same day.
    if node in below:
        raise Loop(node)
    for edge in edges.get(node, ()):
        shared = overlap(days, edge.span)
        if shared is None:
            continue
        yield node, len(below), shared
        if edge.parent is not None:
            yield from _climb(edge.parent, edges, shared, below | {node})
