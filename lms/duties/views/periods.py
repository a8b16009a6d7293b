"""Closed months and quarters: the list, closing one, and one as filed with what is known now beside it."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core import clock
from lms.core.errors import Refused
from lms.duties import suppression
from lms.duties.bars import Piece, pieces
from lms.duties.coverage_rows import CoverageRow, ShownRow
from lms.duties.models import ClosedPeriod
from lms.duties.periods import closing, later, reading
from lms.duties.periods.forms import CloseForm
from lms.duties.scope import may_see_names, top_unit, units_seen
from lms.organisation.access import Capability, may_in, needs, people_for, user_of
from lms.organisation.models import Organisation, OrgUnit, User

# What a line is about, the way down where there is one, its figures and their bar.
_Line: TypeAlias = tuple[str, UUID | None, CoverageRow | ShownRow, list[Piece]]


@needs(Capability.SEE_COVERAGE)
def periods(request: HttpRequest) -> HttpResponse:
    """What was closed, the newest first; whoever answers for the whole organisation's training closes the next."""
    user = user_of(request)
    may_close = _may_close(user)
    form = CloseForm(request.POST or None, spells=closing.to_close(clock.today()) if may_close else [])
    if request.method == "POST" and not may_close:
        raise PermissionDenied(_("Only a training coordinator of the whole organisation closes months and quarters."))
    if request.method == "POST" and form.is_valid():
        try:
            period = closing.close(form.spell, by=user)
            messages.success(request, _("%(period)s is closed and stays as filed.") % {"period": period})
            return redirect("period", uuid=period.uuid)
        except Refused as why:
            form.add_error("period", str(why))
    found = ClosedPeriod.objects.select_related("by_user__person")
    return render(request, "duties/periods.html", {"form": form, "periods": found, "may_close": may_close})


@needs(Capability.SEE_COVERAGE)
@require_safe
def period(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One closed month or quarter, of a unit with all below it: as filed, now, and what came between."""
    user = user_of(request)
    shown = get_object_or_404(ClosedPeriod.objects.select_related("by_user__person"), uuid=uuid)
    unit = _unit(request, user)
    if unit is None:
        return render(request, "duties/coverage_empty.html")
    context = {"period": shown, "unit": unit, **_figures(user, unit, shown)}
    return render(request, "duties/period.html", context)


def _figures(user: User, unit: OrgUnit, shown: ClosedPeriod) -> dict[str, object]:
    """What is shown of a unit. Without names: of the highest unit alone, undivided, with small groups hidden."""
    with_names = may_see_names(user, unit, shown.last_day)
    filed = reading.as_filed(shown, unit)
    if not with_names and unit != top_unit(units_seen(user), clock.today()):
        return {"filed": filed, "is_hidden": True}
    rows = filed.rows if filed else []
    differs = [line for line in reading.beside_now(shown, unit, rows) if line.differs]
    if not with_names:
        lines = [(row.target, None, _starred(row), pieces(_starred(row))) for row in rows]
        return {"filed": filed, "lines": lines, "differs": [], "has_changed": bool(differs)}
    return {
        "filed": filed,
        "with_names": True,
        "lines": [(row.target, None, row, pieces(row)) for row in rows],
        "links": _lines(filed.units if filed else [], dict(units_seen(user).values_list("code", "uuid"))),
        "categories": _lines(filed.categories if filed else [], {}),
        "differs": differs,
        "later": later.facts(unit, shown.last_day, shown.known_at) if differs else [],
        "people": _turned(user, unit, shown) if differs else [],
    }


def _starred(row: CoverageRow) -> ShownRow:
    return suppression.shown(row, suppression.alone(row, settings.SMALLEST_GROUP_SHOWN))


def _turned(user: User, unit: OrgUnit, shown: ClosedPeriod) -> list[later.Turned] | None:
    return later.people(unit, shown.last_day, shown.known_at, people_for(user, Capability.SEE_STATUS))


def _lines(parts: Sequence[reading.Part], addresses: Mapping[str, UUID]) -> list[_Line]:
    return [(part.name, addresses.get(part.unit), row, pieces(row)) for part in parts for row in part.rows]


def _may_close(user: User) -> bool:
    organisation = Organisation.objects.select_related("root").first()
    return organisation is not None and may_in(user, Capability.CLOSE_PERIODS, organisation.root)


def _unit(request: HttpRequest, user: User) -> OrgUnit | None:
    """The unit asked for, if it is within what the user may see; the highest one if none is named."""
    seen = units_seen(user)
    wanted = request.GET.get("unit")
    try:
        found = seen.filter(uuid=UUID(wanted)).first() if wanted else top_unit(seen, clock.today())
    except ValueError:
        raise Http404 from None
    if found is None and wanted:
        raise Http404
    return found
