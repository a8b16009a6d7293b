"""The contract between the rooms knows every room."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once
OURS = ("lms.", "courses", "assessments", "certificates")


def test_the_import_contract_lists_every_app_of_ours() -> None:
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    [contract] = [c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    apps = {app for app in settings.INSTALLED_APPS if app.startswith(OURS)}
    assert set(contract["layers"]) - {"lms.urls"} == apps


def test_installed_apps_stand_in_the_order_of_the_layers() -> None:
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    layers = [layer for layer in project["tool"]["importlinter"]["contracts"][0]["layers"] if layer != "lms.urls"]
    assert [app for app in settings.INSTALLED_APPS if app.startswith(OURS)] == layers
