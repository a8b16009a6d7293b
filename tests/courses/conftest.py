"""What tests of courses may use."""

import shutil
from pathlib import Path

import pytest

from tests.courses.desk import boss, page
from tests.courses.factories import TINY

__all__ = ["boss", "page"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the tiny pack that a test may edit."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))
