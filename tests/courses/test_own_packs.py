"""The packs that come with the house."""

from pathlib import Path

import pytest

from courses.curriculum.loading import load
from courses.models import CourseVersion
from courses.quality.reporting import OWN_PACKS, report


@pytest.mark.django_db
def test_the_houses_own_packs_load_and_load_again() -> None:
    load()
    assert CourseVersion.objects.exists()
    assert load().lines == []


@pytest.mark.once
@pytest.mark.parametrize("pack", sorted(file.parent for file in OWN_PACKS.glob("*/pack.yaml")), ids=lambda at: at.name)
def test_the_content_report_finds_nothing_in_the_houses_own_packs(pack: Path) -> None:
    assert [str(problem) for problem in report(pack)] == []
