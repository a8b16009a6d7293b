"""Packs and returns: filed ones, filing the next, one as filed with what would be otherwise now, PDF and CSV."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core import audit, clock
from lms.core.errors import Refused
from lms.dashboards.forms import PackForm
from lms.dashboards.packs import kinds, printing
from lms.duties.models import FiledPack
from lms.duties.periods import packs as filing
from lms.duties.scope import top_unit, units_seen
from lms.organisation.access import Capability, needs, units_for, user_of
from lms.organisation.models import OrgUnit, User


@needs(Capability.SEE_COVERAGE)
def packs(request: HttpRequest) -> HttpResponse:
    """Committee packs, quarterly returns and forum packs of the units that one sees."""
    user = user_of(request)
    units = units_for(user, Capability.FILE_PACKS).filter(pk__in=_units(user).values("pk"))
    return _page(request, "coverage", units, _("Packs and returns"))


@needs(Capability.ASSIGN_INTEGRITY)
def evidence(request: HttpRequest) -> HttpResponse:
    """Ethics evidence packs and mid-year reports."""
    units = units_for(user_of(request), Capability.ASSIGN_INTEGRITY)
    return _page(request, kinds.INTEGRITY, units, _("Ethics evidence"))


@needs(Capability.SEE_COVERAGE)
@require_safe
def pack(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One pack as filed, and beside it what would be otherwise now."""
    shown = _pack(user_of(request), uuid)
    try:
        differences = filing.differences(shown)
    except Refused:
        differences = []
    group = dict(filing.packs)[shown.kind].group
    context = {
        "pack": shown,
        "sections": filing.sections_of(shown),
        "differences": differences,
        "list": "evidence" if group == kinds.INTEGRITY else "packs",
    }
    return render(request, "dashboards/packs/pack.html", context)


@needs(Capability.SEE_COVERAGE)
@require_safe
def pack_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """On paper. That it was taken is recorded."""
    taken = _pack(user_of(request), uuid)
    return _file(request, taken, printing.pdf(taken), "pdf", "application/pdf")


@needs(Capability.SEE_COVERAGE)
@require_safe
def pack_csv(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For spreadsheets. That it was taken is recorded."""
    taken = _pack(user_of(request), uuid)
    return _file(request, taken, printing.as_csv(taken).encode("utf-8-sig"), "csv", "text/csv; charset=utf-8")


def _page(request: HttpRequest, group: str, units: QuerySet[OrgUnit], title: str) -> HttpResponse:
    user = user_of(request)
    offered = {name: kind for name, kind in filing.packs if kind.group == group}
    form = PackForm(request.POST or None, units=units, kinds=offered)
    may_file = units.exists()
    if request.method == "POST" and form.is_valid():
        filed = _filed(form, form.cleaned_data, user)
        if filed is not None:
            return redirect("pack", uuid=filed.uuid)
    shown = _seen(user).filter(kind__in=offered)
    context = {"form": form, "may_file": may_file, "packs": shown, "title": title, "kinds": offered.values()}
    return render(request, "dashboards/packs/packs.html", context)


def _filed(form: PackForm, data: dict[str, Any], user: User) -> FiledPack | None:
    """The pack, unless that is refused: then the form says why. The form offers only units in which it may be filed."""
    try:
        return filing.file_pack(data["kind"], data["unit"], data["last"], by=user, purpose=data["purpose"])
    except Refused as why:
        form.add_error("last", str(why))
        return None


def _pack(user: User, uuid: UUID) -> FiledPack:
    return get_object_or_404(_seen(user), uuid=uuid)


def _seen(user: User) -> QuerySet[FiledPack]:
    """Packs of the units whose figures one may see undivided."""
    return FiledPack.objects.filter(unit__in=_units(user)).select_related("unit", "by_user__person")


def _units(user: User) -> QuerySet[OrgUnit]:
    """Units that one sees; without names behind the figures, the highest alone: small units would tell of people."""
    units = units_seen(user)
    named = units_for(user, Capability.SEE_STATUS).values("pk")
    top = top_unit(units, clock.today())
    return OrgUnit.objects.filter(Q(pk__in=named) & Q(pk__in=units.values("pk")) | Q(pk=top.pk if top else None))


def _file(request: HttpRequest, taken: FiledPack, content: bytes, ending: str, kind: str) -> HttpResponse:
    audit.record("pack taken", taken, by=user_of(request), form=ending)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{slugify(taken.title)[:80]}.{ending}"'
    return response
