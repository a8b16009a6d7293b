"""The web process as it runs: memory, and answers over HTTP."""

import statistics
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.benchmarks.figures import report
from tests.plugins.live_site import LiveSite

pytestmark = pytest.mark.services


def test_memory_and_time_of_a_web_worker(live_site: LiveSite) -> None:
    page = statistics.median(_milliseconds(live_site.url("/")) for _ in range(60))
    bare = statistics.median(_milliseconds(live_site.url("/health/live")) for _ in range(60))
    report("front page over HTTP, signed out: wall", page, "ms", floor=bare)
    workers = _children(live_site.processes["web"].pid)
    # Workers share what was loaded before the fork: its share of that is what one more worker costs.
    report("web worker: memory, with its share of what all share", max(_mb(pid, "Pss") for pid in workers), "MB")
    report("web worker: memory, resident", max(_mb(pid, "Rss") for pid in workers), "MB", budget=150)


def _milliseconds(url: str) -> float:
    began = time.perf_counter()
    with urlopen(url) as answer:
        answer.read()
    return (time.perf_counter() - began) * 1000


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _mb(pid: int, what: str) -> float:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    [line] = [line for line in rows if line.startswith(f"{what}:")]
    return int(line.split()[1]) / 1024
