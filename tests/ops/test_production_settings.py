"""Production starts with all its secrets, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tools.check_production import PRETENDED


def _start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the production settings with the pretended environment, changed; None takes a variable away."""
    environment = {**os.environ, **PRETENDED, **changes}
    environment = {name: value for name, value in environment.items() if value is not None}
    if "FRONTLINE_CLOCK" not in changes:
        environment.pop("FRONTLINE_CLOCK", None)
    load = "from django.conf import settings; print(settings.CLOCK_MAY_BE_SET, settings.DEMO_SIGN_INS, settings.DEBUG)"
    return subprocess.run(
        [sys.executable, "-c", load],
        env=environment,
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_all_is_set() -> None:
    done = _start()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False", "False"]


@pytest.mark.parametrize("name", [name for name in PRETENDED if name != "DJANGO_SETTINGS_MODULE"])
@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_production_refuses_without(name: str, value: str | None) -> None:
    done = _start(**{name: value})
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("BASE_URL", "http://training.example", "BASE_URL must begin with https://"),
        ("DATABASE_URL", "frontline", "DATABASE_URL makes no sense"),
        ("FRONTLINE_CLOCK", "2026-01-01", "FRONTLINE_CLOCK is set"),
        ("FRONTLINE_CLOCK", "@clock", "FRONTLINE_CLOCK is set"),
    ],
)
def test_production_refuses(name: str, value: str, says: str) -> None:
    done = _start(**{name: value})
    assert done.returncode != 0
    assert says in done.stderr
