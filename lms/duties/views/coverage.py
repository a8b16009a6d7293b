"""The coverage page: figures of a unit on a day, drawn and in tables, with a way down to each unit below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.models import Course
from lms.core import audit, clock
from lms.duties import bars, coverage_csv
from lms.duties.coverage import CoverageRow, count, coverage
from lms.duties.forms import CoverageForm
from lms.duties.scope import path_to, top_unit, units_seen
from lms.organisation.access import Capability, needs, user_of
from lms.organisation.models import OrgUnit, PostCategory, User


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it is about, the way down where there is one, its figures and their bar."""

    name: str
    row: CoverageRow
    unit: UUID | None = None

    @property
    def bar(self) -> list[bars.Piece]:
        """The row as a bar."""
        return bars.pieces(self.row)


@needs(Capability.SEE_COVERAGE)
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Figures of a unit with all below it on a day: whole, by unit and by category."""
    form = CoverageForm(request.GET)
    day = form.cleaned_data["on"] if form.is_valid() else clock.today()
    unit = _unit(request, user_of(request), day)
    if unit is None:
        return render(request, "duties/coverage_empty.html")
    counted = count(unit, day, target=form.cleaned_data.get("target"))
    path = path_to(unit, day, units_seen(user_of(request)))
    context = {
        "form": form,
        "day": day,
        "unit": path[-1],
        "above": path[:-1],
        "waiting": counted.waiting,
        "lines": [Line(row.target, row) for row in counted.rows()],
        "people": counted.people,
        "units": _unit_lines(counted.by_child(), unit, day),
        "categories": _category_lines(counted.by_category()),
        "query": _query(day, form.cleaned_data.get("target")),
    }
    return render(request, "duties/coverage.html", context)


@needs(Capability.SEE_COVERAGE)
@require_safe
def coverage_file(request: HttpRequest) -> HttpResponse:
    """The same figures as a file, equal to what `manage.py coverage` prints. That it was taken is recorded."""
    form = CoverageForm(request.GET)
    unit = _unit(request, user_of(request), clock.today())
    if not form.is_valid() or unit is None:
        raise Http404
    day, target = form.cleaned_data["on"], form.cleaned_data["target"]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coverage-{unit.code}-{day.isoformat()}.csv"'
    coverage_csv.write(coverage(unit, day, target=target), response)
    audit.record("coverage exported", unit, by=user_of(request), on=day.isoformat())
    return response


def _unit(request: HttpRequest, user: User, day: date) -> OrgUnit | None:
    """The unit asked for, if it is within what the user may see; the highest one if none is named."""
    seen = units_seen(user)
    wanted = request.GET.get("unit")
    if not wanted:
        return top_unit(seen, clock.today())
    try:
        found = seen.filter(uuid=UUID(wanted)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _unit_lines(rows: Mapping[int, Sequence[CoverageRow]], unit: OrgUnit, day: date) -> list[Line]:
    names = sorted(OrgUnit.objects.filter(pk__in=rows).named(day), key=lambda found: found.name)
    return [
        Line(found.name, row, None if found.pk == unit.pk else found.uuid) for found in names for row in rows[found.pk]
    ]


def _category_lines(rows: Mapping[int, Sequence[CoverageRow]]) -> list[Line]:
    found = PostCategory.objects.filter(pk__in=rows)
    return [Line(category.name, row) for category in found for row in rows[category.pk]]


def _query(day: date, target: Course | None) -> str:
    parts = [f"on={day.isoformat()}"] if day != clock.today() else []
    return "&".join([*parts, *([f"target={target.code}"] if target else [])])
