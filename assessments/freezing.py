"""Freezing the course's paper, questions and observation guides with a published edition of it.

Before: publishing in courses, which calls these through its ports. After: learners start the frozen paper.
"""

import hashlib
import json
from typing import Any

from django.db import transaction

from assessments.models import (
    ObservationGuide,
    ObservationGuideVersion,
    Paper,
    PaperDraw,
    PaperVersion,
    PaperVersionDraw,
    Question,
    QuestionVersion,
)
from courses.models import CertifiedCriterion, Course, CourseVersion, CriterionVersion, EvidenceKind
from lms.core import clock

_TERMS = ("code", "title", "introduction", "minutes", "planned_minutes", "cooling_off_working_days", "tries")
_GUIDE = ("planned_minutes", "guide", "look_for", "position")


@transaction.atomic
def freeze_paper(version: CourseVersion) -> int:
    """Freeze the paper with its questions for the version's newest edition. Returns its planned minutes."""
    paper = Paper.objects.filter(course=version.course).first()
    if paper is None:
        return 0
    terms = {name: getattr(paper, name) for name in _TERMS}
    frozen, is_new = PaperVersion.objects.get_or_create(course_version=version, edition=version.edition, defaults=terms)
    if is_new:
        _freeze_draws(paper, frozen)
    return frozen.planned_minutes


@transaction.atomic
def freeze_guides(version: CourseVersion) -> int:
    """Freeze what assessors look for in the version's newest edition. Returns the planned minutes of all guides."""
    certified = _certified(version, EvidenceKind.OBSERVATION, EvidenceKind.PRODUCT)
    guides = ObservationGuide.objects.filter(course=version.course, criterion__in=certified)
    for guide in guides:
        ObservationGuideVersion.objects.get_or_create(
            course_version=version,
            edition=version.edition,
            criterion_version=certified[guide.criterion_id],
            defaults={name: getattr(guide, name) for name in _GUIDE},
        )
    return sum(guide.planned_minutes for guide in guides)


def paper_content(course: Course) -> Any:
    """The draft paper and its questions as JSON, for the hash of what learners could meet; None without a paper."""
    paper = Paper.objects.filter(course=course).first()
    if paper is None:
        return None
    draws = paper.draws.select_related("criterion")
    return {
        **{name: getattr(paper, name) for name in _TERMS},
        # Kinds only where they are named, so that what was published before has the hash that it had.
        "draws": [[draw.criterion.code, draw.questions, *filter(None, [draw.at_least])] for draw in draws],
        "questions": [[question.code, question.content()] for question in _questions(course)],
    }


def guides_content(course: Course) -> Any:
    """The draft guides as JSON."""
    guides = ObservationGuide.objects.filter(course=course).select_related("criterion")
    return [[guide.criterion.code, *(getattr(guide, name) for name in _GUIDE)] for guide in guides]


def freeze_question(question: Question) -> QuestionVersion:
    """The question's version with today's content, made where there is none."""
    content = question.content()
    number = question.versions.count() + 1
    version, _is_new = QuestionVersion.objects.get_or_create(
        question=question, content_hash=_hash(content), defaults={**content, "number": number}
    )
    return version


def _freeze_draws(paper: Paper, frozen: PaperVersion) -> None:
    certified = _certified(frozen.course_version, EvidenceKind.PAPER)
    for draw in paper.draws.filter(criterion__in=certified):
        kept = PaperVersionDraw.objects.create(
            paper_version=frozen,
            criterion_version=certified[draw.criterion_id],
            questions=draw.questions,
            at_least=draw.at_least,
            position=draw.position,
        )
        kept.pool.set(_pool(paper.course, draw))


def _pool(course: Course, draw: PaperDraw) -> list[QuestionVersion]:
    return [freeze_question(question) for question in _questions(course).filter(criterion=draw.criterion_id)]


def _questions(course: Course) -> Any:
    return Question.objects.filter(course=course).in_use_on(clock.today()).order_by("code")


def _certified(version: CourseVersion, *kinds: EvidenceKind) -> dict[int, CriterionVersion]:
    rows = CertifiedCriterion.objects.filter(course_version=version, evidence__in=kinds)
    versions = [row.criterion_version for row in rows.select_related("criterion_version")]
    return {criterion_version.criterion_id: criterion_version for criterion_version in versions}


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
