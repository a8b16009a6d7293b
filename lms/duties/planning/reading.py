"""A plan as it is read: the version of a day, what was done by then, in words. Before: `approving`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from courses.models import Course, CourseVersion, Document
from lms.core import clock
from lms.core.quarters import Quarter
from lms.duties.coverage_rows import HIDDEN
from lms.duties.models import DutyTarget, PlanApproval, PlanLine, PlanVersion, TrainingPlan
from lms.duties.models.plans import QUARTERS
from lms.duties.planning import progress
from lms.duties.planning.done import Counts, counts
from lms.duties.planning.progress import Progress
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a plan, or several together, as somebody may see it. Hidden numbers are none."""

    what: str
    audience: str
    progress: Progress
    attended: int
    is_hidden: bool = False
    note: str = ""
    line: PlanLine | None = None

    @property
    def done(self) -> int | str:
        """The number, or a star."""
        return HIDDEN if self.is_hidden else self.progress.done

    @property
    def came(self) -> int | str:
        """People at sessions, or a star."""
        return HIDDEN if self.is_hidden else self.attended

    @property
    def bar(self) -> str | None:
        """How far the bar goes, in per cent, with a point whatever the language."""
        percent = self.progress.percent
        return None if self.is_hidden or percent is None else f"{min(percent, 100):.1f}"


@dataclass(frozen=True, slots=True)
class QuarterRows:
    """A quarter of the plan: its lines, and all of them together."""

    quarter: Quarter
    rows: Sequence[Row]
    total: Row


def version_on(plan: TrainingPlan, day: date) -> PlanVersion | None:
    """What the plan said on a day; None before it was first approved."""
    approvals = PlanApproval.objects.on(day).filter(version__plan=plan).values("version")
    found = PlanVersion.objects.filter(pk__in=approvals).with_state()
    return found.select_related("plan", "approval__by_user__person").first()


def quarters(version: PlanVersion, day: date, *, with_names: bool) -> list[QuarterRows]:
    """Planned against done as at a day, for a reader who may know who is behind figures, or may not."""
    plan = version.plan
    lines = list(lines_of(version))
    by_number = {number: plan.quarter(number) for number in QUARTERS}
    found = counts(lines, by_number, day)
    named = names(line.target for line in lines)
    shown: dict[int, list[Row]] = {number: [] for number in QUARTERS}
    for line in lines:
        quarter = by_number[line.quarter]
        shown[line.quarter].append(_row(line, named[line.target.key], found[line.pk], quarter, day, with_names))
    return [QuarterRows(by_number[number], rows, total(rows)) for number, rows in shown.items()]


def lines_of(version: PlanVersion) -> QuerySet[PlanLine]:
    """The lines of a version with what they are shown with, units by their name of today."""
    named = OrgUnit.objects.named(clock.today()).filter(pk=OuterRef("unit")).values("name")[:1]  # type: ignore[misc]  # annotated
    added: dict[str, Any] = {"unit_name": Subquery(named)}
    rows = PlanLine.objects.filter(version=version).annotate(**added)
    return rows.select_related("target", "unit").prefetch_related("categories").order_by("quarter", "pk")


def total(rows: Sequence[Row]) -> Row:
    """Rows together. One hidden number hides the sum, from which it could be worked out."""
    hidden = any(row.is_hidden for row in rows)
    return Row("", "", progress.together([row.progress for row in rows]), sum(row.attended for row in rows), hidden)


def names(targets: Iterable[DutyTarget]) -> dict[str, str]:
    """How targets are called, by key: titles of courses of which any one will do, or a document's."""
    by_key = {target.key: target.target for target in targets}
    courses = dict(titled(Course.objects.filter(pk__in={pk for target in by_key.values() for pk in target.courses})))
    wanted = {target.document for target in by_key.values() if target.document is not None}
    documents = dict(Document.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}
    return {key: name_of(target, courses, documents) for key, target in by_key.items()}


def titled(courses: QuerySet[Course]) -> Iterable[tuple[int, str]]:
    """Courses as they are called today, those without a version left out."""
    newest = CourseVersion.objects.filter(course=OuterRef("pk")).order_by("-number").values("title")[:1]
    rows = courses.annotate(title=Subquery(newest)).filter(Q(title__isnull=False))
    return [(pk, f"{title} ({code})") for pk, title, code in rows.values_list("pk", "title", "code")]


def name_of(target: Target, courses: dict[int, str], documents: dict[int, str]) -> str:
    """What a target is called."""
    if target.document is not None:
        return documents.get(target.document, target.key)
    return " / ".join(sorted(courses.get(pk, "") for pk in target.courses))


def audience_of(line: PlanLine) -> str:
    """Of whom a line speaks. Lines come from `lines_of`."""
    unit = getattr(line, "unit_name", None) or line.unit.code
    categories = ", ".join(category.name for category in line.categories.all())
    return f"{unit}: {categories}" if categories else unit


def _row(line: PlanLine, what: str, found: Counts, quarter: Quarter, day: date, with_names: bool) -> Row:
    least = settings.SMALLEST_GROUP_SHOWN
    hidden = not with_names and any(0 < number < least for number in found)
    standing = progress.in_quarter(line.number, found.done, quarter, day)
    return Row(what, audience_of(line), standing, found.attended, hidden, line.note, line)
