"""Courses for tests: a tiny pack of two lessons and three criteria, loaded and published by the house's own steps."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from wagtail.models import Page

from courses.curriculum.loading import load
from courses.models import CourseVersion, Document, DocumentVersion, StudyUnit
from lms.core import clock
from tests.plugins.remembered import Remembered

PACKS = Path(__file__).resolve().parent.parent / "data" / "packs"
TINY = PACKS / "tiny"


def load_tiny(path: Path = TINY) -> CourseVersion:
    """The published version of the course TINY: T1.C1 and T1.C2 (critical) by paper, T1.C3 by observation."""
    if path == TINY:
        _tiny()
    else:
        load(path)
    return CourseVersion.objects.filter(course__code="TINY").latest("number")


def _no_course_stands() -> bool:
    return not StudyUnit.objects.exists() and not Page.objects.filter(depth__gt=2).exists()


_tiny = Remembered(lambda: load(TINY), is_clean=_no_course_stands)


def edit(file: Path, **fields: object) -> None:
    """Change top-level fields of a YAML file; None takes a field out."""
    content = yaml.safe_load(file.read_text())
    content.update(fields)
    file.write_text(yaml.safe_dump({k: v for k, v in content.items() if v is not None}, sort_keys=False))


def document_version(document: Document, version: str, *, effective_on: date | None = None) -> DocumentVersion:
    """One more version of a document, in effect from today unless said otherwise."""
    day = effective_on or clock.today()
    return DocumentVersion.objects.create(
        document=document,
        version=version,
        body=f"Text of version {version}.",
        acknowledgement="I will.",
        effective_on=day,
        review_due=day + timedelta(days=365),
    )


def edit_lesson(pack: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change the blocks of the lesson *water* of a copy of the tiny pack."""
    file = pack / "courses/TINY/lessons/01-water.yaml"
    edit(file, blocks=change(yaml.safe_load(file.read_text())["blocks"]))
