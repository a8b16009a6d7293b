"""The packs that come with the house."""

import pytest

from courses.curriculum.loading import load
from courses.models import CourseVersion

pytestmark = pytest.mark.django_db


def test_the_houses_own_packs_load_and_load_again() -> None:
    load()
    assert CourseVersion.objects.exists()
    assert load().lines == []
