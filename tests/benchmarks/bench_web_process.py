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
    report("web worker: memory", max(map(_resident_mb, workers)), "MB", budget=150)


def _milliseconds(url: str) -> float:
    began = time.perf_counter()
    with urlopen(url) as answer:
        answer.read()
    return (time.perf_counter() - began) * 1000


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident_mb(pid: int) -> float:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
