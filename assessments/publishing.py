"""What a course's questions, paper and guides lack before it may be published, in words for the author."""

from collections import Counter

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.kinds import KINDS
from assessments.models import Misconduct, ObservationGuide, Paper, Question
from assessments.models.questions import QuestionQuerySet
from courses.models import CertifiedDraft, Course, CoursePage, EvidenceKind
from lms.core import clock

# The criterion on telling kinds of misconduct apart: a course that certifies it has to ask about each.
MISCONDUCT_CRITERION = "IN.C2"


def paper_problems(course: Course) -> list[str]:
    """Every criterion with paper evidence is drawn, often enough, from enough questions."""
    certified = _certified(course, EvidenceKind.PAPER)
    paper = Paper.objects.filter(course=course).first()
    if paper is None:
        codes = ", ".join(row.criterion.code for row in certified)
        return [_("There is no paper to show %(criteria)s.") % {"criteria": codes}] if certified else []
    draws = {draw.criterion.code: draw.questions for draw in paper.draws.select_related("criterion")}
    counts = Counter(_questions(course).values_list("criterion__code", flat=True))
    found = [sentence for row in certified for sentence in _draw_problems(row, draws, counts)]
    extra = sorted(set(draws) - {row.criterion.code for row in certified})
    return found + [
        _("The paper draws questions for %(criterion)s, which the course does not certify by paper.")
        % {"criterion": code}
        for code in extra
    ]


def question_problems(course: Course) -> list[str]:
    """Every question can be answered rightly, and says why afterwards."""
    found = []
    for question in _questions(course):
        errors = [reason for _path, reason in KINDS[question.kind].errors(question.body)]
        if not question.stem.strip():
            errors.append(_("The question itself is missing."))
        if not question.feedback.strip():
            errors.append(_("The feedback is missing."))
        if errors:
            found.append(f"{question.code}: {' '.join(errors)}")
    return found


def observation_problems(course: Course) -> list[str]:
    """Every criterion that an assessor judges has a guide; what nothing can judge yet is refused."""
    by_sheet = _certified(course, EvidenceKind.OBSERVATION, EvidenceKind.PRODUCT)
    guides = ObservationGuide.objects.filter(course=course).select_related("criterion")
    ready = {guide.criterion.code for guide in guides if guide.guide.strip() and guide.look_for}
    names = [row.criterion.code for row in by_sheet if row.criterion.code not in ready]
    found = [_("An assessor has no guide for %(criterion)s: say what to look for.") % {"criterion": n} for n in names]
    written = _certified(course, EvidenceKind.WRITTEN)
    return found + [
        _("%(criterion)s: nothing assesses written answers yet. Choose another kind of evidence.")
        % {"criterion": row.criterion.code}
        for row in written
    ]


def misconduct_problems(course: Course) -> list[str]:
    """An integrity course on misconduct asks about each of its kinds."""
    page = _draft(course)
    if page is None or not page.is_integrity:
        return []
    if MISCONDUCT_CRITERION not in {row.criterion.code for row in page.certifies.all()}:
        return []
    asked = {kind for kinds in _questions(course).values_list("misconduct", flat=True) for kind in kinds}
    return [
        _("No question is about “%(kind)s”; an integrity course asks about every kind of misconduct.")
        % {"kind": kind.label}
        for kind in Misconduct
        if kind.value not in asked
    ]


def _draw_problems(row: CertifiedDraft, draws: dict[str, int], counts: dict[str, int]) -> list[str]:
    criterion, code = row.criterion.current, row.criterion.code
    least = settings.MINIMUM_DRAW_CRITICAL if criterion.is_critical else settings.MINIMUM_DRAW
    drawn, there = draws.get(code, 0), counts[code]
    words = {"criterion": code, "drawn": drawn, "least": least, "there": there}
    if drawn < least:
        return [_("The paper draws %(drawn)s questions for %(criterion)s; it needs at least %(least)s.") % words]
    if there < drawn:
        return [_("%(criterion)s has %(there)s questions, and the paper draws %(drawn)s.") % words]
    return []


def _certified(course: Course, *kinds: EvidenceKind) -> list[CertifiedDraft]:
    page = _draft(course)
    return [row for row in page.certifies.all() if row.evidence in kinds] if page else []


def _draft(course: Course) -> CoursePage | None:
    page = CoursePage.objects.filter(course=course).first()
    return page.get_latest_revision_as_object() if page else None


def _questions(course: Course) -> QuestionQuerySet:
    return Question.objects.filter(course=course).in_use_on(clock.today())
