"""What tests of courses may use. `tiny_course` is for every room: import it in the room's conftest."""

import shutil
from pathlib import Path

import pytest

from courses.models import CourseVersion
from tests.courses.factories import TINY, load_tiny


@pytest.fixture
def tiny_course(db: None) -> CourseVersion:
    """A published course: two lessons, T1.C1 and T1.C2 (critical) by paper, T1.C3 by observation."""
    return load_tiny()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the tiny pack that a test may edit."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))
