"""A published course for the tests of every room."""

import pytest

from courses.models import CourseVersion
from tests.courses.factories import load_tiny


@pytest.fixture
def tiny_course(db: None) -> CourseVersion:
    """The course TINY: two lessons, T1.C1 and T1.C2 (critical) by paper, T1.C3 by observation."""
    return load_tiny()
