"""How what is done compares with what was planned. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lms.core.quarters import Quarter
from lms.duties.counting import share

AHEAD, ON_COURSE, BEHIND, SHORT, REACHED, TO_COME = "ahead", "on course", "behind", "short", "reached", "to come"


@dataclass(frozen=True, slots=True)
class Progress:
    """Planned against done in one quarter, or in a year. `expected` is what should be done by the day."""

    planned: int
    done: int
    expected: int
    state: str

    @property
    def percent(self) -> Decimal | None:
        """Done of planned, in per cent."""
        return share(self.done, self.planned)

    @property
    def difference(self) -> int:
        """How many more or fewer than expected."""
        return abs(self.done - self.expected)


def in_quarter(planned: int, done: int, quarter: Quarter, day: date) -> Progress:
    """A quarter as at a day. While it runs, as much is expected of it as there is of its days, rounded down."""
    expected = expected_by(planned, quarter, day)
    if day < quarter.first:
        return Progress(planned, done, 0, TO_COME)
    if day >= quarter.last:
        return Progress(planned, done, planned, _compared(done, planned, equal=REACHED, less=SHORT))
    return Progress(planned, done, expected, _compared(done, expected, equal=ON_COURSE, less=BEHIND))


def together(parts: list[Progress]) -> Progress:
    """Several as one: a quarter of its lines, a year of its quarters."""
    planned, done, expected = (sum(getattr(part, name) for part in parts) for name in ("planned", "done", "expected"))
    if all(part.state == TO_COME for part in parts):
        return Progress(planned, done, 0, TO_COME)
    over = all(part.expected == part.planned for part in parts)
    equal, less = (REACHED, SHORT) if over else (ON_COURSE, BEHIND)
    return Progress(planned, done, expected, _compared(done, expected, equal=equal, less=less))


def expected_by(planned: int, quarter: Quarter, day: date) -> int:
    """What of a quarter's number should be done by the end of a day."""
    gone = min(max((day - quarter.first).days + 1, 0), (quarter.until - quarter.first).days)
    return planned * gone // (quarter.until - quarter.first).days


def _compared(done: int, expected: int, *, equal: str, less: str) -> str:
    if done == expected:
        return equal
    return AHEAD if done > expected else less
