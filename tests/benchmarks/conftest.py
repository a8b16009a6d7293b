"""What benchmarks share."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from tests.benchmarks.figures import PageCost, cost_of, report
from tests.page_cases import LEARNER

Measure = Callable[..., PageCost]


@pytest.fixture
def empty_page(settings: Settings, client_with: Callable[[str], Client]) -> PageCost:
    """The floor of every page: signed in, the house's frame, nothing in it."""
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    return cost_of(client_with(LEARNER), "/empty-page/")


@pytest.fixture
def measure_page(empty_page: PageCost) -> Measure:
    """`measure_page("my learning", client, "/my/")` reports its figures beside those of the empty page."""

    def measure_page(name: str, client: Client, path: str) -> PageCost:
        cost = cost_of(client, path)
        report(f"{name}: queries", cost.queries, "queries", floor=empty_page.queries, budget=10)
        report(f"{name}: CPU", cost.cpu_ms, "ms", floor=empty_page.cpu_ms, budget=max(3, 4 * empty_page.cpu_ms))
        report(f"{name}: HTML", cost.bytes, "bytes", floor=empty_page.bytes)
        return cost

    return measure_page
