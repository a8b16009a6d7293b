"""How things are measured: CPU time of this process, because wall time on a shared machine says little."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from django.db import connection
from django.template import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext, _TestState


def report(figure: str, value: float, unit: str, *, floor: float | None = None, budget: float | None = None) -> None:
    """Print one line. `floor` is what the bare work costs in this same run; `budget` is what it may cost."""
    line: dict[str, object] = {"figure": figure, "value": _short(value), "unit": unit, "floor": None}
    if floor is not None:
        line["floor"] = _short(floor)
    if budget is not None:
        line |= {"budget": _short(budget), "within": value <= budget}
    line["database"] = connection.vendor
    print(json.dumps(line), flush=True)  # noqa: T201


def cpu_ms(work: Callable[[], object], *, times: int = 40) -> float:
    """The middle one of `times` measurements of what `work` costs, after three to warm up."""
    for _ in range(3):
        work()
    costs = []
    for _ in range(times):
        began = time.process_time_ns()
        work()
        costs.append((time.process_time_ns() - began) / 1e6)
    return statistics.median(costs)


@dataclass(frozen=True)
class PageCost:
    """What one GET of a page asks for."""

    queries: int
    cpu_ms: float
    bytes: int


def cost_of(client: Client, path: str) -> PageCost:
    """Queries, CPU and size (uncompressed) of a page; it must answer with 200."""
    with plain_templates():
        first = client.get(path)
        assert first.status_code == 200, f"{path} answered {first.status_code}"
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return PageCost(len(asked), cpu_ms(lambda: client.get(path)), len(first.content))


@contextmanager
def plain_templates() -> Iterator[None]:
    """Templates as on a real site; in tests each one rendered sends a signal with a copy of its context."""
    with mock.patch.object(Template, "_render", _TestState.saved_data.template_render):  # type: ignore[attr-defined]
        yield


def _short(number: float) -> float:
    return round(number, 3)
