"""How strict a run is: the same examples in CI every time, and with `REQUIRE_ALL=1` nothing may be skipped."""

import os
from collections.abc import Generator

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("everyday", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "everyday")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under REQUIRE_ALL=1 a skipped test is a failed one: something that should be there is missing."""
    report = yield
    if os.environ.get("REQUIRE_ALL") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and REQUIRE_ALL=1 lets nothing be skipped: {report.longrepr}"
    return report
