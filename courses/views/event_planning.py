"""The officer's desk: sessions and series are made, changed, cancelled and ended here; and the quarter is looked at."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Arrangement, SeriesPlan, SessionSeries
from courses.sessions import keepers, nightly, planning, quarterly, series
from courses.sessions.forms import (
    ChangedSettingForm,
    ChangedTermsForm,
    EndForm,
    ReasonForm,
    SeriesForm,
    SessionForm,
    SettingForm,
)
from courses.sessions.planning import Setting, Subject
from courses.views.events import HOLDING, kept
from lms.core import clock
from lms.core.errors import Refused
from lms.core.quarters import quarter_of, quarters_before
from lms.organisation import working_calendar
from lms.organisation.access import Capability, needs, units_for, user_of
from lms.organisation.models import OrgUnit, User

_holding = needs(*HOLDING)
_FORM = require_http_methods(["GET", "HEAD", "POST"])
_QUARTERS = 8
_SHOWN = 50


@_holding
@_FORM
def session_new(request: HttpRequest) -> HttpResponse:
    """Plan a session that belongs to no series."""
    user = user_of(request)
    form = SessionForm(request.POST or None, **_choices(user), initial=_usual())
    if form.is_valid():
        data = form.cleaned_data
        subject = Subject(data["title"], data["kind"], data["course"], data["lesson_key"])
        return _plan(request, form, subject, form.setting(officer=user))
    return _form(request, form, _("Plan a session"), _("Plan it"))


@_holding
@_FORM
def series_session_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Plan one more session of a series: filled in as last time, and for an office where one was named."""
    user, plan = user_of(request), _plan_of(request, uuid)
    office = _office(request, plan, user)
    initial = _initial(nightly.setting_for(plan, clock.today())) | ({"unit": office.uuid} if office else {})
    units = keepers.units_kept(user, is_integrity=keepers.is_about_integrity(plan.series.kind, plan.series.course))
    form = SettingForm(request.POST or None, units=units, initial={**initial, "first": None, "last": None})
    if form.is_valid():
        setting = form.setting(officer=user)
        for_office = setting.unit if plan.series.is_per_office else None
        return _plan(request, form, planning.of_series(plan.series, office=for_office), setting)
    return _form(request, form, _("Plan: %s") % plan.series, _("Plan it"))


@_holding
@_FORM
def session_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another time, place, or audience."""
    user, arrangement = user_of(request), kept(request, uuid)
    session = arrangement.session
    units = keepers.units_kept(user, is_integrity=keepers.is_about_integrity(session.kind, session.course))
    form = ChangedSettingForm(request.POST or None, units=units, initial=_initial(nightly.setting_of(arrangement)))
    if form.is_valid():
        wanted = form.setting(officer=arrangement.officer)
        reason = form.cleaned_data["reason"]
        if _done(form, lambda: planning.rearrange(arrangement, wanted, reason=reason, by=user)):
            messages.success(request, _("It is changed. Whoever signed up keeps the place and sees what is new."))
            _warn_of_closed_day(request, wanted)
            return redirect("session", uuid=uuid)
    return _form(request, form, _("Change: %s") % session, _("Change it"))


@_holding
@_FORM
def session_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a session not take place."""
    arrangement = kept(request, uuid)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if _done(form, lambda: planning.cancel(arrangement, reason=reason, by=user_of(request))):
            messages.success(request, _("The session is cancelled. Whoever signed up sees it, and why."))
            return redirect("session", uuid=uuid)
    return _form(request, form, _("Cancel: %s") % arrangement.session, _("Cancel the session"))


@_holding
@_FORM
def series_new(request: HttpRequest) -> HttpResponse:
    """Make a series."""
    user = user_of(request)
    initial = {"from_day": clock.today(), "starts": "09:00", "ends": "12:00", "capacity": 20, "usual_day": 15}
    form = SeriesForm(request.POST or None, **_choices(user), initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        words = {name: data[name] for name in ("from_day", "course", "lesson_key")}
        terms = form.terms(owner=user)
        if _may_plan(form, user, data["kind"], data["course"], terms.unit) and _done(
            form, lambda: series.make(data["title"], data["kind"], terms, **words, by=user)
        ):
            return _made(request)
    return _form(request, form, _("Make a series"), _("Make it"))


@_holding
@require_safe
def session_series(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A series: what it does, its sessions, and for quarterly ones a look at the quarter."""
    plan = _plan_of(request, uuid)
    sessions = Arrangement.objects.named().with_taken().filter(session__series=plan.series)
    context = {
        "plan": plan,
        "months": [MONTHS[number] for number in plan.month_numbers],
        "unit_name": OrgUnit.objects.named(clock.today()).get(pk=plan.unit_id).name,
        "categories": plan.categories.all(),
        "may_change": _may_change(user_of(request), plan),
        "sessions": sessions.reverse()[:_SHOWN],
    }
    return render(request, "courses/events/series.html", context)


@_holding
@_FORM
def series_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a series come otherwise."""
    user, plan = user_of(request), _changeable(request, uuid)
    initial = {name: getattr(plan, name) for name in ("starts", "ends", "capacity", "place", "link", "usual_day")}
    initial |= {"unit": plan.unit.uuid, "categories": plan.categories.all(), "months": plan.month_numbers}
    initial |= {"office_kind": plan.office_kind, "from_day": clock.today()}
    units = _choices(user)["units"]
    form = ChangedTermsForm(request.POST or None, units=units, initial=initial)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("from_day", "reason")}
        terms = form.terms(owner=plan.owner)
        made = plan.series
        if _may_plan(form, user, made.kind, made.course, terms.unit) and _done(
            form, lambda: series.change(made, terms, **said, by=user)
        ):
            return _made(request)
    return _form(request, form, _("Change: %s") % plan.series, _("Change it"))


@_holding
@_FORM
def series_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a series come no more."""
    plan = _changeable(request, uuid)
    form = EndForm(request.POST or None, initial={"until": clock.today()})
    if form.is_valid():
        said = form.cleaned_data
        if _done(form, lambda: series.end(plan.series, **said, by=user_of(request))):
            messages.success(request, _("The series is ended. What is planned already stays; cancel it if need be."))
            return redirect("events")
    return _form(request, form, _("End: %s") % plan.series, _("End the series"))


@needs(Capability.HOLD_SESSIONS, Capability.SEE_COVERAGE)
@require_safe
def series_quarter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Which offices had their session in a quarter, as at any day."""
    found = get_object_or_404(SessionSeries.objects.select_related("course"), uuid=uuid, kind="quarterly")
    user, plan = user_of(request), series.plan_of(found)
    day = _day(request.GET.get("on", ""))
    quarter = quarter_of(day, year_starts_in=settings.FINANCIAL_YEAR_STARTS_IN)
    units = units_for(user, Capability.HOLD_SESSIONS) | units_for(user, Capability.SEE_COVERAGE)
    rows = quarterly.offices_in(plan, quarter, day, units=units)
    now = quarter_of(clock.today(), year_starts_in=settings.FINANCIAL_YEAR_STARTS_IN)
    context = {
        "plan": plan,
        "day": day,
        "quarter": quarter,
        "rows": rows,
        "regions": quarterly.by_region(rows),
        "past": list(quarters_before(now, _QUARTERS, year_starts_in=settings.FINANCIAL_YEAR_STARTS_IN)),
        "may_plan": quarter == now and units_for(user, Capability.HOLD_SESSIONS).exists(),
    }
    return render(request, "courses/events/quarter.html", context)


def _plan(request: HttpRequest, form: Form, subject: Subject, setting: Setting) -> HttpResponse:
    user = user_of(request)
    if _may_plan(form, user, subject.kind, subject.course, setting.unit):
        try:
            made = planning.plan(subject, setting, by=user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The session is planned. Whoever is invited finds it under Sessions."))
            _warn_of_closed_day(request, setting)
            return redirect("session", uuid=made.session.uuid)
    return _form(request, form, _("Plan: %s") % subject.title, _("Plan it"))


def _may_plan(form: Form, user: User, kind: str, course: Any, unit: OrgUnit) -> bool:
    if keepers.may_plan(user, kind=kind, course=course, unit=unit):
        return True
    form.add_error("unit", _("An integrity unit holds sessions of integrity courses, and forums."))
    return False


def _warn_of_closed_day(request: HttpRequest, setting: Setting) -> None:
    if not working_calendar.of_unit(setting.unit).works_on(setting.when.first):
        messages.warning(request, _("People do not work there on that day. Leave it so only if that is meant."))


def _plan_of(request: HttpRequest, uuid: UUID) -> SeriesPlan:
    found = keepers.series_kept(user_of(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return series.plan_of(found)


def _changeable(request: HttpRequest, uuid: UUID) -> SeriesPlan:
    plan = _plan_of(request, uuid)
    if not _may_change(user_of(request), plan):
        raise PermissionDenied(_("The series is for a unit above yours. Whoever sees to that unit changes it."))
    return plan


def _may_change(user: User, plan: SeriesPlan) -> bool:
    return keepers.may_plan(user, kind=plan.series.kind, course=plan.series.course, unit=plan.unit)


def _office(request: HttpRequest, plan: SeriesPlan, user: User) -> OrgUnit | None:
    try:
        wanted = UUID(request.GET.get("office", ""))
    except ValueError:
        return None
    return OrgUnit.objects.filter(uuid=wanted, kind=plan.office_kind).first()


def _choices(user: User) -> dict[str, Any]:
    return {
        "units": keepers.units_kept(user, is_integrity=True),
        "courses": keepers.courses_kept(user),
        "kinds": keepers.kinds_kept(user),
    }


def _usual() -> dict[str, Any]:
    return {"starts": "09:00", "ends": "12:00", "capacity": 20, "kind": "workshop"}


def _initial(setting: Setting) -> dict[str, Any]:
    names = ("place", "link", "capacity", "trainer", "categories")
    when = setting.when
    hours: dict[str, Any] = {"first": when.first, "last": when.last if when.last != when.first else None}
    hours |= {"starts": when.starts, "ends": when.ends}
    return {**hours, "unit": setting.unit.uuid, **{name: getattr(setting, name) for name in names}}


def _day(text: str) -> date:
    try:
        return min(date.fromisoformat(text), clock.today())
    except ValueError:
        return clock.today()


def _done(form: Form, step: Callable[[], object]) -> bool:
    try:
        step()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _made(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The series is kept. Its next sessions are made tonight."))
    return redirect("events")


def _form(request: HttpRequest, form: Form, title: str, button: str) -> HttpResponse:
    return render(request, "courses/events/form.html", {"form": form, "title": title, "button": button})
