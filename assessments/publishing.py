"""What a course's questions, paper and guides lack before it may be published, in words for the author."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.kinds import KINDS
from assessments.models import Kind, Misconduct, ObservationGuide, Paper, PaperDraw, Question
from assessments.models.questions import QuestionQuerySet
from courses.missing import Missing
from courses.models import ALL_JURISDICTIONS, CertifiedDraft, Course, CoursePage, EvidenceKind
from lms.core import clock


@dataclass(frozen=True, slots=True)
class Stock:
    """The questions of a criterion that every learner of the course may be asked, and how many are left out of it."""

    kinds: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    @property
    def there(self) -> int:
        """How many there are for everybody."""
        return self.kinds.total()


def paper_problems(course: Course) -> list[str]:
    """Every criterion with paper evidence is drawn, often enough, from enough questions for a retake too."""
    certified = _certified(course, EvidenceKind.PAPER)
    paper = Paper.objects.filter(course=course).first()
    if paper is None:
        codes = ", ".join(row.criterion.code for row in certified)
        said = _("There is no paper to show %(criteria)s.") % {"criteria": codes}
        return [Missing(said, reverse("wagtailsnippets_assessments_paper:add"))] if certified else []
    draws = {draw.criterion.code: draw for draw in paper.draws.select_related("criterion")}
    stocks = _stocks(course)
    found: list[str] = []
    for row in certified:
        stock = stocks.get(row.criterion.code, Stock())
        found += _draw_problems(row, draws.get(row.criterion.code), stock, tries=paper.tries)
    extra = sorted(set(draws) - {row.criterion.code for row in certified})
    found += [
        _("The paper draws questions for %(criterion)s, which the course does not certify by paper.")
        % {"criterion": code}
        for code in extra
    ]
    return [Missing(words, reverse("wagtailsnippets_assessments_paper:edit", args=[paper.pk])) for words in found]


def question_problems(course: Course) -> list[str]:
    """Every question can be answered rightly, and says why afterwards."""
    found: list[str] = []
    for question in _questions(course):
        errors = [reason for _path, reason in KINDS[question.kind].errors(question.body)]
        if not question.stem.strip():
            errors.append(_("The question itself is missing."))
        if not question.feedback.strip():
            errors.append(_("The feedback is missing."))
        if errors:
            url = reverse("wagtailsnippets_assessments_question:edit", args=[question.pk])
            found.append(Missing(f"{question.code}: {' '.join(errors)}", url))
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
    """A course that certifies telling kinds of misconduct apart asks about each of them."""
    page = _draft(course)
    certified = {row.criterion.code for row in page.certifies.all()} if page else set()
    if not certified & set(settings.MISCONDUCT_CRITERIA):
        return []
    asked = {kind for kinds in _questions(course).values_list("misconduct", flat=True) for kind in kinds}
    return [
        _("No question is about “%(kind)s”; a course on misconduct asks about every kind of it.") % {"kind": kind.label}
        for kind in Misconduct
        if kind.value not in asked
    ]


def _draw_problems(row: CertifiedDraft, draw: PaperDraw | None, stock: Stock, *, tries: int) -> list[str]:
    least = settings.MINIMUM_DRAW_CRITICAL if row.criterion.current.is_critical else settings.MINIMUM_DRAW
    drawn = draw.questions if draw else 0
    words = {"criterion": row.criterion.code, "drawn": drawn, "least": least}
    if draw is None or drawn < least:
        return [_("The paper draws %(drawn)s questions for %(criterion)s; it needs at least %(least)s.") % words]
    return _stock_problems(words, drawn * min(tries, settings.QUESTIONS_PER_DRAW), stock) + [
        _("%(criterion)s has %(there)s of the %(wanted)s questions of the kind “%(kind)s” that the paper asks for.")
        % {**words, "there": stock.kinds[kind], "kind": Kind(kind).label, "wanted": wanted}
        for kind, wanted in draw.at_least.items()
        if stock.kinds[kind] < wanted
    ]


def _stock_problems(words: dict[str, Any], needed: int, stock: Stock) -> list[str]:
    if stock.there >= needed:
        return []
    words = {**words, "there": stock.there, "needed": needed, "left_out": stock.left_out}
    found = _("%(criterion)s has %(there)s questions, and the paper draws %(drawn)s.") % words
    if stock.there >= words["drawn"]:
        found = (
            _(
                "%(criterion)s has %(there)s questions, and the paper draws %(drawn)s: so that a retake asks fresh ones, "
                "it needs at least %(needed)s."
            )
            % words
        )
    if stock.left_out:
        found += " " + _("%(left_out)s more are for single countries and do not count.") % words
    return [found]


def _stocks(course: Course) -> dict[str, Stock]:
    """By criterion what every learner may be asked, whichever jurisdictions her organisation has adopted.

    A course whose questions name one country alone is for organisations that have adopted it, so its questions count;
    where they name several, an organisation may have adopted any one of them or none.
    """
    rows = list(_questions(course).values_list("criterion__code", "kind", "jurisdiction"))
    countries = {jurisdiction for _code, _kind, jurisdiction in rows} - {ALL_JURISDICTIONS}
    for_all = {ALL_JURISDICTIONS} | (countries if len(countries) == 1 else set())
    by_criterion = {code: [row for row in rows if row[0] == code] for code, _kind, _jurisdiction in rows}
    return {code: _stock(found, for_all) for code, found in by_criterion.items()}


def _stock(rows: list[tuple[str, str, str]], for_all: set[str]) -> Stock:
    kinds = Counter(kind for _code, kind, jurisdiction in rows if jurisdiction in for_all)
    return Stock(kinds, len(rows) - kinds.total())


def _certified(course: Course, *kinds: EvidenceKind) -> list[CertifiedDraft]:
    page = _draft(course)
    return [row for row in page.certifies.all() if row.evidence in kinds] if page else []


def _draft(course: Course) -> CoursePage | None:
    page = CoursePage.objects.filter(course=course).first()
    return page.get_latest_revision_as_object() if page else None


def _questions(course: Course) -> QuestionQuerySet:
    return Question.objects.filter(course=course).in_use_on(clock.today())
