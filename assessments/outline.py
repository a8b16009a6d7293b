"""What assesses each criterion of a course's draft, and how long it takes: shown beside the course in the editor."""

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Kind, ObservationGuide, Paper, Question
from courses.models import Course
from courses.ports import Evidence, Outline, PlannedPart
from lms.core import clock


def of(course: Course) -> Outline:
    """Questions by kind and jurisdiction, draws, guides. Four queries."""
    paper = Paper.objects.filter(course=course).prefetch_related("draws__criterion").first()
    guides = list(ObservationGuide.objects.filter(course=course).select_related("criterion"))
    evidence = [*_questions(course), *(_draws(paper) if paper else ()), *(_guide(guide) for guide in guides)]
    parts = [PlannedPart(paper.title, paper.planned_minutes, _editor(paper))] if paper else []
    return Outline(evidence, parts + [_part(guide) for guide in guides])


def _questions(course: Course) -> Iterator[Evidence]:
    asked = Question.objects.filter(course=course).in_use_on(clock.today()).order_by("criterion__code")
    listing = reverse("wagtailsnippets_assessments_question:list")
    by_criterion: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for pk, code, kind, jurisdiction in asked.values_list("criterion", "criterion__code", "kind", "jurisdiction"):
        by_criterion.setdefault((pk, code), []).append((kind, jurisdiction))
    for (pk, code), rows in by_criterion.items():
        kinds = Counter(str(Kind(kind).label) for kind, _jurisdiction in rows)
        jurisdictions = Counter(jurisdiction for _kind, jurisdiction in rows)
        names = {"count": len(rows), "kinds": _counted(kinds), "jurisdictions": _counted(jurisdictions)}
        said = ngettext(
            "%(count)s question (%(kinds)s; jurisdiction: %(jurisdictions)s)",
            "%(count)s questions (%(kinds)s; jurisdictions: %(jurisdictions)s)",
            len(rows),
        )
        yield Evidence(code, said % names, f"{listing}?course={course.pk}&criterion={pk}")


def _draws(paper: Paper) -> Iterator[Evidence]:
    for draw in paper.draws.all():
        said = ngettext("the paper draws %(count)s", "the paper draws %(count)s", draw.questions)
        yield Evidence(draw.criterion.code, said % {"count": draw.questions}, _editor(paper))


def _guide(guide: ObservationGuide) -> Evidence:
    signs = len(guide.look_for)
    said = ngettext(
        "an assessor’s guide with %(count)s sign to look for",
        "an assessor’s guide with %(count)s signs to look for",
        signs,
    )
    return Evidence(guide.criterion.code, said % {"count": signs}, _editor(guide))


def _part(guide: ObservationGuide) -> PlannedPart:
    title = _("Observation of %(criterion)s") % {"criterion": guide.criterion.code}
    return PlannedPart(title, guide.planned_minutes, _editor(guide))


def _counted(counts: "Counter[str]") -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


def _editor(row: Paper | ObservationGuide) -> str:
    return reverse(f"wagtailsnippets_assessments_{row._meta.model_name}:edit", args=[row.pk])
