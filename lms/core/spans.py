"""Spans of days: from a day, until the first day that no longer counts (None: no end). Pure."""

from datetime import date

Span = tuple[date, date | None]


def ends_by(until: date | None, day: date) -> bool:
    """Whether a span with this end is over on `day`."""
    return until is not None and until <= day


def overlap(one: Span, other: Span) -> Span | None:
    """The days that both share, or None."""
    start = max(one[0], other[0])
    ends = [until for _start, until in (one, other) if until is not None]
    until = min(ends) if ends else None
    return None if ends_by(until, start) else (start, until)


def covers(one: Span, other: Span) -> bool:
    """Whether all days of `other` are days of `one`."""
    return one[0] <= other[0] and (one[1] is None or (other[1] is not None and other[1] <= one[1]))


def merged(spans: list[Span]) -> list[Span]:
    """The same days in as few spans as possible, in order."""
    result: list[Span] = []
    for start, until in sorted(spans, key=lambda span: span[0]):
        last = result[-1] if result else None
        if last is None or (last[1] is not None and last[1] < start):
            result.append((start, until))
        elif last[1] is not None and (until is None or until > last[1]):
            result[-1] = (last[0], until)
    return result
