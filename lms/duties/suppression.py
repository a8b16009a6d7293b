"""Which figures to hide from whoever may not know names, so that none under the least number can be worked out. Pure.

Figures of a unit are looked at in layers, each hidden only together with the one it stands on: how many are required;
how many of these are in date; how many of the rest are overdue; and what is counted beside. What is shown of a unit is
then some of its layers, and no two layers are tied by any total: a layer has but one kind of equation, a unit being
the sum of its parts. Over a tree of units nothing hidden follows from such sums as long as no family, of a unit and
its parts, hides exactly one (a change of a hidden number can always be made good by another, up and down the tree).
Whoever goes down through the tree calls `of_parts` on each level, and gives it what was hidden of the unit there.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from lms.duties.coverage_rows import HIDDEN, CoverageRow, ShownRow

Numbers = Callable[[CoverageRow], int]


class Layer(NamedTuple):
    """A number, the whole that it is a part of, the layer it stands on, and what a row loses when it is hidden."""

    name: str
    of: Numbers
    whole: Numbers | None
    under: str
    hides: frozenset[str]


def _not_in_date(row: CoverageRow) -> int:
    return row.required - row.in_date


LAYERS = (
    Layer("required", lambda row: row.required, None, "", frozenset({"required", "people"})),
    Layer("in_date", lambda row: row.in_date, lambda row: row.required, "required", frozenset({"in_date", "percent"})),
    Layer("overdue", lambda row: row.overdue, _not_in_date, "in_date", frozenset({"overdue", "not_yet_due"})),
    Layer("recognised", lambda row: row.recognised, lambda row: row.in_date, "in_date", frozenset({"recognised"})),
    Layer("paused", lambda row: row.paused, lambda row: row.required, "required", frozenset({"paused"})),
    Layer("contractors", lambda row: row.contractors, lambda row: row.required, "required", frozenset({"contractors"})),
    Layer("exempt", lambda row: row.exempt, None, "", frozenset({"exempt"})),
)
NOTHING: frozenset[str] = frozenset()
ALL = frozenset(layer.name for layer in LAYERS)


def alone(row: CoverageRow, least: int) -> frozenset[str]:
    """The layers to hide of a figure that is looked at by itself, with nothing above it."""
    hidden: set[str] = set()
    for layer in LAYERS:
        if layer.under in hidden or not _is_safe(layer, [row], least):
            hidden.add(layer.name)
    return frozenset(hidden)


def of_parts(parts: Sequence[CoverageRow], whole: Collection[str], least: int) -> list[frozenset[str]]:
    """The layers to hide of each of the parts that a figure is the sum of, when `whole` is hidden of it."""
    hidden: list[set[str]] = [set() for _part in parts]
    for layer in LAYERS:
        already = [
            not _is_safe(layer, [part], least) or layer.under in of for part, of in zip(parts, hidden, strict=True)
        ]
        for at in _closed(layer, parts, already, layer.name in whole, least):
            hidden[at].add(layer.name)
    return [frozenset(of) for of in hidden]


def of_counts(parts: Sequence[int], *, whole_is_hidden: bool, least: int) -> list[bool]:
    """Which of some plain numbers to hide that add up to one shown elsewhere, or hidden there."""
    rows = [CoverageRow("", part, 0, 0, 0, None, 0, 0, 0, 0, 0, 0) for part in parts]
    return ["required" in of for of in of_parts(rows, {"required"} if whole_is_hidden else NOTHING, least)]


def shown(row: CoverageRow, hidden: Collection[str]) -> ShownRow:
    """The row with what is hidden of it replaced by a star."""
    gone = frozenset[str]().union(*(layer.hides for layer in LAYERS if layer.name in hidden))
    return ShownRow(*(HIDDEN if name in gone else value for name, value in zip(row._fields, row, strict=True)))  # type: ignore[arg-type]


def _closed(
    layer: Layer, parts: Sequence[CoverageRow], already: Sequence[bool], whole_is_hidden: bool, least: int
) -> set[int]:
    """What is hidden already and as much more, the smallest first, as it takes."""
    hidden = {at for at, is_hidden in enumerate(already) if is_hidden}
    sizes = [(not layer.of(part), _size(layer, part)) for part in parts]
    more = iter(sorted(set(range(len(parts))) - hidden, key=lambda at: (sizes[at], at)))
    while _gives_away(layer, [parts[at] for at in hidden], whole_is_hidden, least):
        at = next(more, None)
        if at is None:
            break
        hidden.add(at)
    return hidden


def _gives_away(layer: Layer, hidden: Sequence[CoverageRow], whole_is_hidden: bool, least: int) -> bool:
    """Whether the sums of a family say too much of its hidden members."""
    if whole_is_hidden:
        return not hidden
    return len(hidden) == 1 or not _is_safe(layer, hidden, least)


def _is_safe(layer: Layer, rows: Sequence[CoverageRow], least: int) -> bool:
    """Whether neither the number of some rows together, nor the rest of its whole, is of a few people."""
    number = sum(map(layer.of, rows))
    rest = sum(map(layer.whole, rows)) - number if layer.whole else 0
    return not (0 < number < least or 0 < rest < least)


def _size(layer: Layer, row: CoverageRow) -> int:
    return layer.whole(row) if layer.whole else layer.of(row)
