"""The coverage page: figures of a unit on a day, units × targets as a heat table, with a way down to each unit below."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core import audit
from lms.duties import bars, coverage_csv, heat
from lms.duties.coverage import exact
from lms.duties.seen import Row
from lms.duties.views.looking import Look, look
from lms.organisation.access import Capability, needs, user_of
from lms.organisation.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it is about, the way down where there is one, its figures and their bar."""

    name: str
    row: Row
    unit: UUID | None = None

    @property
    def bar(self) -> list[bars.Piece]:
        """The row as a bar."""
        return bars.pieces(self.row)


@needs(Capability.SEE_COVERAGE)
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Figures of a unit with all below it on a day: whole, and by unit and target."""
    asked = look(request)
    if asked is None:
        return render(request, "duties/coverage_empty.html")
    rows = asked.seen.rows()
    children = _children(asked)
    context = {
        "look": asked,
        "form": asked.form,
        "waiting": asked.seen.stored.waiting,
        "lines": [Line(row.target, row) for row in rows],
        "targets": [row.target for row in rows],
        "heat": _heat(asked, rows, children),
        "units": [Line(name, row, unit) for name, unit, some in children for row in some] if asked.target else [],
        "people": asked.seen.people,
        "bands": settings.COVERAGE_BANDS,
    }
    return render(request, "duties/coverage.html", context)


@needs(Capability.SEE_COVERAGE)
@require_safe
def coverage_file(request: HttpRequest) -> HttpResponse:
    """The same figures as a file: with names, what `manage.py coverage` prints. That it was taken is recorded."""
    asked = look(request)
    if asked is None or not asked.form.is_valid():
        raise Http404
    figures = asked.figures(None)
    exact(figures.stored)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"coverage-{asked.unit.code}-{asked.day.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    coverage_csv.write(figures.rows(), response)
    audit.record("coverage exported", asked.unit, by=user_of(request), on=asked.day.isoformat())
    return response


def _children(asked: Look) -> list[tuple[str, UUID | None, list[Row]]]:
    """Units below by name, then what is in the unit itself."""
    rows = asked.seen.by_child()
    named = OrgUnit.objects.filter(pk__in=rows.keys() - {asked.unit.pk}).named(asked.day)
    ordered = sorted(named, key=lambda unit: (unit.name, unit.pk))
    found: list[tuple[str, UUID | None, list[Row]]] = [(unit.name, unit.uuid, rows[unit.pk]) for unit in ordered]
    if asked.unit.pk in rows:
        found.append((_("%s itself") % asked.unit.name, None, rows[asked.unit.pk]))
    return found


def _heat(asked: Look, rows: list[Row], children: list[tuple[str, UUID | None, list[Row]]]) -> list[heat.HeatLine]:
    targets, bands = [row.target for row in rows], settings.COVERAGE_BANDS
    whole = heat.line(_("All of %s") % asked.unit.name, rows, targets, bands, unit=asked.unit.uuid, is_own=True)
    return [whole, *(heat.line(name, some, targets, bands, unit=unit) for name, unit, some in children)]
