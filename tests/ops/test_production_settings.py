"""Production starts with all its secrets, or not at all."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tools.check_production import PRETENDED

pytestmark = pytest.mark.once
NEEDED = [name for name in PRETENDED if name != "DJANGO_SETTINGS_MODULE"]


@pytest.fixture(autouse=True)
def _a_complete_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRONTLINE_CLOCK", raising=False)
    for name in NEEDED:
        monkeypatch.setenv(name, PRETENDED[name])


def _load() -> ModuleType:
    """The production settings, read anew on what base settings this process has."""
    sys.modules.pop("lms.settings.production", None)
    try:
        return import_module("lms.settings.production")
    finally:
        sys.modules.pop("lms.settings.production", None)


def test_production_starts_when_all_is_set() -> None:
    production = _load()
    assert [production.CLOCK_MAY_BE_SET, production.DEMO_SIGN_INS, production.DEBUG] == [False, False, False]
    assert production.SESSION_COOKIE_SECURE
    assert production.CSRF_COOKIE_SECURE


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_production_refuses_without(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"Set {name}"):
        _load()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("BASE_URL", "http://training.example", "BASE_URL must begin with https://"),
        ("FRONTLINE_CLOCK", "2026-01-01", "FRONTLINE_CLOCK is set"),
        ("FRONTLINE_CLOCK", "@clock", "FRONTLINE_CLOCK is set"),
    ],
)
def test_production_refuses(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=says):
        _load()


@pytest.mark.parametrize(
    ("address", "says"),
    [("", "Set DATABASE_URL"), ("frontline", "DATABASE_URL makes no sense"), (PRETENDED["DATABASE_URL"], "")],
)
def test_a_fresh_process_says_what_is_wrong_with_the_database_address(address: str, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DATABASES"],
        env={**os.environ, **PRETENDED, "DATABASE_URL": address},
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.returncode) == bool(says)
    assert says in done.stderr
