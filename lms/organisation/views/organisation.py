"""The organisation's own page: its name, rules, working week and days, each of which can be changed; and what is next."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.core import clock
from lms.core.errors import Refused
from lms.organisation import first_steps, set_up_steps, setup, working_calendar
from lms.organisation.access import Capability, may_in, needs, remembered_capabilities, units_for, user_of
from lms.organisation.models import (
    DifferentDay,
    JurisdictionAdoption,
    Organisation,
    OrgUnit,
    UnitPlacement,
    User,
    WorkingWeek,
)
from lms.organisation.public_holidays import PublicHolidays, countries, country_name
from lms.organisation.set_up_forms import DaysForm, RenamedOrganisationForm, RulesForm, WeekForm
from lms.organisation.views.accounts import typed_in

_MANAGING = needs(Capability.SET_UP, Capability.MANAGE_STAFF)
_SETTING_UP = needs(Capability.SET_UP)
_SHOWN = timedelta(days=366)


@_MANAGING
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """What was set up, with a way to change each, and the first steps that are left."""
    own, today = _organisation(), clock.today()
    week = working_calendar.week_on(today)
    context = {
        "own": own,
        "rules": [country_name(code) for code in setup.adopted_on(today)],
        "week": _in_words(week),
        "holidays": country_name(week.country) if week and week.country else "",
        "may_set_up": may_in(user_of(request), Capability.SET_UP, own.root),
        "steps": first_steps.shown(remembered_capabilities(request.user)),
    }
    return render(request, "organisation/organisation.html", context)


@_SETTING_UP
def organisation_name(request: HttpRequest) -> HttpResponse:
    """Another name, from a day on or as a correction."""
    own = _mine(request)
    initial = {"name": own.name, "short_name": own.short_name, "code": own.root.code}
    form = RenamedOrganisationForm(typed_in(request), initial=initial)
    if form.is_valid() and done(form, lambda: setup.rename_organisation(**form.cleaned_data, by=user_of(request))):
        messages.success(request, _("The organisation is now called %(name)s.") % form.cleaned_data)
        return redirect("organisation")
    return _form_page(request, form, _("Name of the organisation"))


@_SETTING_UP
def organisation_rules(request: HttpRequest) -> HttpResponse:
    """Whose laws and examples learners meet."""
    own, today = _mine(request), clock.today()
    adopted = setup.adopted_on(today)
    form = RulesForm(typed_in(request), offered=setup.taught() | set(adopted), initial={"jurisdictions": adopted})
    from_day = today if JurisdictionAdoption.objects.exists() else _beginning(own)
    if form.is_valid() and done(form, lambda: setup.adopt_only(form.chosen, from_day=from_day, by=user_of(request))):
        return _next(request, _("Courses now show the rules of what you chose."))
    return _form_page(request, form, _("Whose rules apply here?"), page="organisation_rules")


@_SETTING_UP
def organisation_week(request: HttpRequest) -> HttpResponse:
    """On which weekdays people work, and whose public holidays they have."""
    own, today = _mine(request), clock.today()
    form = WeekForm(typed_in(request), initial=_week_initial(working_calendar.week_on(today)))
    from_day = today if WorkingWeek.objects.exists() else _beginning(own)
    if form.is_valid():
        data = form.cleaned_data
        days = [int(number) for number in data["weekdays"]]
        values = {"country": data["country"], "region": data["region"].strip(), "from_day": from_day}
        if done(form, lambda: working_calendar.set_week(days, **values, by=user_of(request))):
            return _next(request, _("The working week is saved."))
    return _form_page(request, form, _("When do people work?"), page="organisation_week")


@_MANAGING
def organisation_days(request: HttpRequest) -> HttpResponse:
    """Public holidays and closures of the year to come; a day more on which an office is closed or works."""
    own, today = _organisation(), clock.today()
    units = _units(user_of(request))
    form = DaysForm(typed_in(request), units=units, initial=_asked_for(request, own))
    if form.is_valid() and done(form, lambda: working_calendar.make_different(form.days, by=user_of(request))):
        messages.success(request, _("Saved. It counts wherever working days are counted."))
        return redirect("organisation_days")
    week = working_calendar.week_on(today)
    holidays = PublicHolidays(week.country, week.region).between(today, today + _SHOWN) if week else []
    context = {
        "form": form,
        "own": own,
        "holidays": list(holidays),
        "country": country_name(week.country) if week and week.country else "",
        "days": _different_days(units),
    }
    return render(request, "organisation/days.html", context)


@_MANAGING
@require_POST
def organisation_day_away(request: HttpRequest, day: int) -> HttpResponse:
    """Take days that were made different away again."""
    mine = DifferentDay.objects.held().filter(unit__in=_units(user_of(request)))
    found = get_object_or_404(mine.select_related("unit"), pk=day)
    working_calendar.take_away(found, by=user_of(request))
    messages.success(request, _("“%(what)s” was taken away.") % {"what": found.what})
    return redirect("organisation_days")


def _organisation() -> Organisation:
    own = Organisation.objects.select_related("root").first()
    if own is None:
        raise Http404
    return own


def _mine(request: HttpRequest) -> Organisation:
    own = _organisation()
    if not may_in(user_of(request), Capability.SET_UP, own.root):
        raise PermissionDenied(_("Only an administrator of the whole organisation may change this."))
    return own


def _units(user: User) -> QuerySet[OrgUnit]:
    return units_for(user, Capability.MANAGE_STAFF) | units_for(user, Capability.SET_UP)


def done(form: Form, step: Callable[[], object]) -> bool:
    """Whether a step was done; why not, the form says."""
    try:
        step()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _form_page(request: HttpRequest, form: Form, heading: str, *, page: str = "") -> HttpResponse:
    context = {"form": form, "heading": heading, "progress": set_up_steps.progress(page) if page else None}
    return render(request, "organisation/set_up_form.html", context)


def _next(request: HttpRequest, done: str) -> HttpResponse:
    """The next step while the site is being set up, else the organisation's own page."""
    messages.success(request, done)
    return redirect(set_up_steps.next_page())


def _beginning(own: Organisation) -> date:
    """The first day of the organisation's records: what is set up first holds from there."""
    return (
        UnitPlacement.objects.held()
        .filter(unit=own.root)
        .order_by("valid_from")
        .values_list("valid_from", flat=True)[0]
    )


def _in_words(week: WorkingWeek | None) -> str:
    return ", ".join(str(WEEKDAYS[number]) for number in sorted(week.week)) if week else ""


def _week_initial(week: WorkingWeek | None) -> dict[str, Any]:
    if week is not None:
        return {"weekdays": list(week.weekdays), "country": week.country, "region": week.region}
    known = {country.code for country in countries()}
    country = next((code for code in setup.adopted_on(clock.today()) if code in known), "")
    return {"weekdays": [str(number) for number in settings.WORKING_WEEK], "country": country}


def _asked_for(request: HttpRequest, own: Organisation) -> dict[str, Any]:
    """A public holiday that is to be worked comes filled in."""
    initial: dict[str, Any] = {"unit": own.root.uuid, "kind": DifferentDay.Kind.CLOSED}
    day = parse_day(request.GET.get("works", ""))
    return initial | ({"kind": DifferentDay.Kind.WORKING, "first": day} if day else {})


def parse_day(text: str) -> date | None:
    """The day that an address names, or None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _different_days(units: QuerySet[OrgUnit]) -> list[tuple[DifferentDay, str]]:
    today = clock.today()
    days = DifferentDay.objects.overlapping(today, None).filter(unit__in=units).order_by("valid_from", "pk")
    names = {unit.pk: unit.name for unit in units.named(today)}  # type: ignore[attr-defined]
    return [(day, names[day.unit_id]) for day in days]
