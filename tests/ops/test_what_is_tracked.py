"""What the repository may not hold: places on somebody's machine, registries, and other clocks."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once
ROOT = Path(settings.BASE_DIR)
# Built so that this file does not find itself.
MACHINE = re.compile(
    r"(?<![\w./~-])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "opt", "Us" + "ers"]) + r")/\w"
)
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "files" + r"\.pythonh"])
)
CLOCK = re.compile(
    r"\b(?:timezone\.(?:now|localdate)|date\.today|datetime\.(?:now|utcnow|today)|time\.time|localdate)\b\s*\("
)


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def _mentions(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found = []
    for file in files:
        if not file.is_file() or file.suffix in {".svg", ".ttf", ".woff2", ".png", ".mo"} or ".min." in file.name:
            continue
        lines = enumerate(file.read_text(errors="replace").splitlines(), start=1)
        found += [
            f"{file.relative_to(ROOT)}:{number}: {line.strip()}" for number, line in lines if pattern.search(line)
        ]
    return found


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["paths of a machine", "registries"])
def test_nothing_tracked_names(pattern: re.Pattern[str]) -> None:
    own = [file for file in _tracked() if "vendor" not in file.parts]
    assert _mentions(pattern, own) == []


def test_only_the_clock_asks_for_the_time() -> None:
    code = [
        file
        for file in _tracked("*.py")
        if "migrations" not in file.parts
        and file not in {ROOT / "lms/core/clock.py", ROOT / "tests/core/test_clock.py", Path(__file__)}
    ]
    assert _mentions(CLOCK, code) == []


@pytest.mark.parametrize("line", ["x = timezone.now()", "date.today()", "datetime.now(UTC)", "time.time()"])
def test_the_search_would_find_another_clock(line: str) -> None:
    assert CLOCK.search(line)


def test_no_field_and_no_query_takes_the_time_from_elsewhere() -> None:
    code = [file for file in _tracked("*.py") if "migrations" not in file.parts and file != Path(__file__)]
    assert _mentions(re.compile(r"\bauto_now|functions import .*\bNow\b|functions\.Now\("), code) == []
