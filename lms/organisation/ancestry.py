"""Keeping `UnitAncestry`, the projection of the placements, step by step or from nothing."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from lms.core.chunks import in_chunks
from lms.organisation.chains import Edge, Edges, by_child, chain
from lms.organisation.models import OrgUnit, UnitAncestry, UnitPlacement

Row = tuple[int, int, int, date, date | None]
_COLUMNS = ("ancestor_id", "unit_id", "depth", "valid_from", "valid_until")


def refresh(units: Iterable[int]) -> None:
    """Make the rows of these units and of all that ever stood below them follow the placements. Raises Loop."""
    touched = set(units)
    for some in in_chunks(sorted(touched)):
        touched |= set(UnitAncestry.objects.filter(ancestor__in=some).values_list("unit", flat=True))
    affected = sorted(touched)
    wanted = _rows(affected, _edges_above(affected))
    for some in in_chunks(affected):
        _make_equal(UnitAncestry.objects.filter(unit__in=some).values_list("pk", *_COLUMNS), _of(some, wanted))


def rebuild() -> int:
    """Make every row anew. Returns how many differed from before."""
    with transaction.atomic():
        extra, missing = differences()
        _make_equal(UnitAncestry.objects.values_list("pk", *_COLUMNS), _all_rows())
        return len(extra) + len(missing)


def differences() -> tuple[set[Row], set[Row]]:
    """Rows that stand there and should not, and rows that should and do not."""
    standing: set[Row] = set(UnitAncestry.objects.values_list(*_COLUMNS))
    wanted = _all_rows()
    return standing - wanted, wanted - standing


def _all_rows() -> set[Row]:
    edges = by_child(_edge(*values) for values in _placements())
    return _rows(OrgUnit.objects.values_list("pk", flat=True), edges)


def _rows(units: Iterable[int], edges: Edges) -> set[Row]:
    return {(a.node, unit, a.depth, a.start, a.until) for unit in units for a in chain(unit, edges)}


def _of(units: Sequence[int], rows: set[Row]) -> set[Row]:
    wanted = set(units)
    return {row for row in rows if row[1] in wanted}


def _edges_above(units: Sequence[int]) -> Edges:
    """The edges of `units` and of everything above them: one query for each level of the tree."""
    edges: list[Edge] = []
    known: set[int] = set()
    level = set(units)
    while level:
        found = [_edge(*values) for some in in_chunks(sorted(level)) for values in _placements(some)]
        edges += found
        known |= level
        level = {edge.parent for edge in found if edge.parent is not None} - known
    return by_child(edges)


def _placements(units: Sequence[int] | None = None) -> Iterable[tuple[int, int | None, date, date | None]]:
    rows = UnitPlacement.objects.held()
    if units is not None:
        rows = rows.filter(unit__in=units)
    return rows.values_list("unit_id", "parent_id", "valid_from", "valid_until")


def _edge(unit: int, parent: int | None, start: date, until: date | None) -> Edge:
    return Edge(unit, parent, (start, until))


def _make_equal(standing: Iterable[tuple[int, int, int, int, date, date | None]], wanted: set[Row]) -> None:
    """Write differences only: a move in a large tree leaves most rows as they are."""
    keys = {(ancestor, unit, depth, start, until): pk for pk, ancestor, unit, depth, start, until in standing}
    for some in in_chunks([pk for row, pk in keys.items() if row not in wanted]):
        UnitAncestry.objects.filter(pk__in=some).delete()
    new = sorted(wanted - keys.keys(), key=lambda row: (row[1], row[2], row[3]))
    UnitAncestry.objects.bulk_create([UnitAncestry(**dict(zip(_COLUMNS, row, strict=True))) for row in new], 500)
