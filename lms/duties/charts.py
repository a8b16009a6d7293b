"""Charts as numbers for an SVG: where lines, bars and their words stand. Pure; drawn by templates/duties/chart_*.html.

Numbers are text with a point, whatever the reader's language. The table beside says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 320, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 18, 24
_WORDS_BELOW = 4


class Tick(NamedTuple):
    """A word at an axis."""

    at: str
    label: str


class Bar(NamedTuple):
    """A bar, and the number above it; without a number where it is hidden."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    number: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What all charts have. `pieces` are lines without a gap, each the points of a polyline."""

    title: str
    levels: Sequence[Tick]
    words: Sequence[Tick]
    pieces: Sequence[str] = ()
    dots: Sequence[Tick] = ()
    bars: Sequence[Bar] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    base: int = HEIGHT - _BOTTOM


def line(title: str, labels: Sequence[str], values: Sequence[Decimal | None]) -> Chart:
    """Percentages over time. A value that is not known leaves a gap; one alone between gaps is a dot."""
    step = (WIDTH - _LEFT - _RIGHT) / max(len(values) - 1, 1)
    pieces: list[list[tuple[str, str]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((_n(_LEFT + at * step), _n(_height(float(value), 100))))
    return Chart(
        title=title,
        levels=[Tick(_n(_height(value, 100)), f"{value} %") for value in (0, 50, 100)],
        words=_below(labels, [_LEFT + at * step for at in range(len(labels))]),
        pieces=[" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1],
        dots=[Tick(*piece[0]) for piece in pieces if len(piece) == 1],
    )


def bars(title: str, labels: Sequence[str], values: Sequence[int | None]) -> Chart:
    """Numbers side by side. A number that is hidden has no bar."""
    top = _round_up(max([value for value in values if value is not None], default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    middles = [_LEFT + (at + 0.5) * step for at in range(len(values))]
    return Chart(
        title=title,
        levels=[Tick(_n(_height(value, top)), str(value)) for value in ([0, top // 2, top] if top > 1 else [0, top])],
        words=_below(labels, middles),
        bars=[_bar(middle, 0.7 * step, value, top) for middle, value in zip(middles, values, strict=True)],
    )


def _bar(middle: float, width: float, value: int | None, top: int) -> Bar:
    y = _height(value or 0, top)
    number = "*" if value is None else str(value) if value else ""
    return Bar(_n(middle - width / 2), _n(y), _n(width), _n(HEIGHT - _BOTTOM - y), _n(middle), number)


def _below(labels: Sequence[str], places: Sequence[float]) -> list[Tick]:
    """Some of the labels, evenly, so that they do not touch."""
    every = max(-(-len(labels) // _WORDS_BELOW), 1)
    return [Tick(_n(place), label) for label, place in list(zip(labels, places, strict=True))[::every]]


def _height(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / top


def _round_up(value: int) -> int:
    """A round number that is not below."""
    if value <= 2:
        return max(value, 1)
    size: int = 10 ** (len(str(value)) - 1)
    return min(size * tenth // 10 for tenth in (10, 20, 40, 60, 80, 100) if size * tenth // 10 >= value)


def _n(number: float) -> str:
    return f"{number:.1f}"
