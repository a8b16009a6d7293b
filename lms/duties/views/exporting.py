"""Asking for a table about duties: figures or people of a unit, or what was filed of a month or quarter."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.exports import making
from lms.core.words import day_in_words
from lms.duties.models import ClosedPeriod
from lms.duties.periods.forms import ExportForm
from lms.duties.scope import top_unit, units_seen
from lms.organisation.access import Capability, needs, remembered_capabilities, user_of
from lms.organisation.models import OrgUnit, User


@needs(Capability.SEE_COVERAGE)
def coverage_export(request: HttpRequest) -> HttpResponse:
    """What one wants and what for; then a worker writes it. With a closed period: its rows as filed."""
    user = user_of(request)
    period = _period(request)
    initial: dict[str, object] = {
        "on": clock.today(),
        "unit": _unit(request, user),
        "format": "csv",
        "what": "coverage",
    }
    form = ExportForm(
        request.POST or None, units=units_seen(user), kinds=_kinds(user, period), initial=_filled(initial, period)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        unit, day = data["unit"], data["on"]
        parameters = {"unit": str(unit.uuid), "on": day.isoformat()} | ({"period": str(period.uuid)} if period else {})
        export = making.ask(
            data["what"],
            _title(data["what"], unit, day, period),
            parameters,
            file_format=data["format"],
            purpose=data["purpose"],
            by=user,
        )
        return redirect("export", uuid=export.uuid)
    return render(request, "duties/export_form.html", {"form": form, "period": period})


def _kinds(user: User, period: ClosedPeriod | None) -> list[tuple[str, str]]:
    if period is not None:
        return [("closed period", _("Figures as filed: %(period)s") % {"period": period})]
    people = [("people", _("People: where each of them stands"))]
    may_export = Capability.EXPORT in remembered_capabilities(user)
    return [("coverage", _("Figures by unit, course and post category")), *(people if may_export else [])]


def _filled(initial: dict[str, object], period: ClosedPeriod | None) -> dict[str, object]:
    return initial if period is None else initial | {"on": period.last_day, "what": "closed period"}


def _title(what: str, unit: OrgUnit, day: date, period: ClosedPeriod | None) -> str:
    words = {"unit": unit.code, "day": day_in_words(day), "period": period}
    if period is not None:
        return _("Coverage %(unit)s as filed, %(period)s") % words
    return (_("People %(unit)s, %(day)s") if what == "people" else _("Coverage %(unit)s, %(day)s")) % words


def _period(request: HttpRequest) -> ClosedPeriod | None:
    wanted = request.GET.get("period")
    try:
        found = ClosedPeriod.objects.filter(uuid=UUID(wanted)).first() if wanted else None
    except ValueError:
        found = None
    if wanted and found is None:
        raise Http404
    return found


def _unit(request: HttpRequest, user: User) -> UUID | None:
    wanted = request.GET.get("unit", "")
    try:
        return UUID(wanted)
    except ValueError:
        top = top_unit(units_seen(user), clock.today())
        return top.uuid if top else None
