"""The sign-in list on the screen and on paper, corrections, and attendance as a file."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Arrangement, Attendance, ListSigned
from courses.sessions import figures, keepers, places, signing_in
from courses.sessions.forms import AddedForm, CorrectionForm, DaysForm, ListForm, NumberForm
from courses.views.events import HOLDING, kept
from lms.core import audit, clock
from lms.core.errors import Refused
from lms.organisation import staff
from lms.organisation.access import needs, user_of
from lms.organisation.models import Organisation

_holding = needs(*HOLDING)
_FORM = require_http_methods(["GET", "HEAD", "POST"])
_EMPTY_LINES = 8


@_holding
@_FORM
def session_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Tick who was there, add who came besides, sign; and once it is signed, correct it."""
    user, arrangement = user_of(request), kept(request, uuid)
    if arrangement.is_signed:
        return _signed_list(request, uuid)
    form = ListForm(request.POST if "keep" in request.POST else None, lines=signing_in.lines(arrangement))
    added = NumberForm(request.POST if "add" in request.POST else None)
    try:
        if form.is_valid():
            signing_in.tick(arrangement, form.marks, by=user)
            messages.success(request, _("The ticks are kept. Sign the list when it is complete."))
            return redirect("session_list", uuid=uuid)
        if added.is_valid():
            person = signing_in.person_with(added.cleaned_data["number"], arrangement)
            signing_in.tick(arrangement, {person: Attendance.State.PRESENT}, by=user)
            messages.success(request, _("%s is on the list, as present.") % person)
            return redirect("session_list", uuid=uuid)
    except Refused as refused:
        (added if added.is_bound else form).add_error(None, str(refused))
    shown = added if added.is_bound else form
    context = {
        "arrangement": arrangement,
        "list": form,
        "added": added,
        "form": shown,
        "is_open": _is_open(arrangement),
    }
    return render(request, "courses/events/list.html", context)


@_holding
@require_POST
def session_sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close and sign the list."""
    arrangement = kept(request, uuid)
    was_signed = arrangement.is_signed
    signed = signing_in.sign(arrangement, by=user_of(request))
    if was_signed:
        messages.info(request, _("The list was signed already, by %s. Nothing was changed.") % signed.by)
    else:
        messages.success(request, _("The list is signed. Attendance is on record."))
    return redirect("session_list", uuid=uuid)


@_holding
@_FORM
def session_correct(request: HttpRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Correct one line of a signed list."""
    arrangement = kept(request, uuid)
    mark = _mark(arrangement.session_id, person)
    form = CorrectionForm(request.POST or None, initial={"state": mark.state})
    if form.is_valid():
        said = form.cleaned_data
        try:
            signing_in.correct(arrangement, mark.person, said["state"], reason=said["reason"], by=user_of(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The list is corrected. What stood before stays on record, with your reason."))
            return redirect("session_list", uuid=uuid)
    title = _("Correct the list: %s") % mark.person
    context = {"form": form, "title": title, "button": _("Correct it"), "arrangement": arrangement}
    return render(request, "courses/events/form.html", context)


@_holding
@require_safe
def session_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The list for paper: names, staff numbers, and a line to sign on."""
    arrangement = kept(request, uuid)
    people = sorted(
        (booking.person for booking in places.row_of(arrangement).with_place),
        key=lambda person: (person.surname, person.given_names, person.pk),
    )
    context = {
        "arrangement": arrangement,
        "rows": staff.rows(people, arrangement.first_day),
        "empty": range(_EMPTY_LINES),
        "own": Organisation.objects.first(),
    }
    return render(request, "courses/events/print.html", context)


@_holding
@require_safe
def attendance(request: HttpRequest) -> HttpResponse:
    """Sessions that were held, with how many came, and the way to the files."""
    today = clock.today()
    form = DaysForm(_asked(request))
    since, until = _span(form) or (today - timedelta(days=365), today)
    days = (since, until + timedelta(days=1))
    rows = figures.sessions_held(keepers.sessions_kept(user_of(request)), days)
    present = sum(row.present for row in rows)
    context = {"form": form, "rows": rows, "present": present, "since": since, "until": until}
    return render(request, "courses/events/attendance.html", context)


@_holding
@require_safe
def attendance_file(request: HttpRequest) -> HttpResponse:
    """The same as a file. That it was taken is recorded."""
    form = DaysForm(_asked(request))
    span = _span(form)
    if span is None:
        raise Http404
    since, until = span
    sessions = keepers.sessions_kept(user_of(request))
    days, what = (since, until + timedelta(days=1)), form.cleaned_data["what"]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="attendance-{what}-{since}-{until}.csv"'
    if what == "sessions":
        figures.write_sessions(figures.sessions_held(sessions, days), response)
    else:
        (figures.write_people if what == "people" else figures.write_units)(sessions, days, response)
    own = Organisation.objects.first()
    if own is not None:
        audit.record("attendance exported", own, by=user_of(request), what=what, since=f"{since}", until=f"{until}")
    return response


def _signed_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    arrangement = kept(request, uuid)
    form = AddedForm(request.POST or None, initial={"state": Attendance.State.PRESENT})
    if form.is_valid():
        said = form.cleaned_data
        try:
            person = signing_in.person_with(said["number"], arrangement)
            signing_in.correct(arrangement, person, said["state"], reason=said["reason"], by=user_of(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%s is on the list.") % person)
            return redirect("session_list", uuid=uuid)
    context = {
        "arrangement": arrangement,
        "form": form,
        "lines": signing_in.lines(arrangement),
        "signed": ListSigned.objects.select_related("by_user__person").get(session=arrangement.session_id),
    }
    return render(request, "courses/events/list_signed.html", context)


def _mark(session: int, person: UUID) -> Attendance:
    marks = Attendance.objects.held().filter(session=session, person__uuid=person).select_related("person")
    mark = marks.first()
    if mark is None:
        raise Http404
    return mark


def _is_open(arrangement: Arrangement) -> bool:
    return arrangement.first_day <= clock.today() and not arrangement.is_cancelled


def _asked(request: HttpRequest) -> dict[str, str]:
    today = clock.today()
    usual = {"what": "people", "since": (today - timedelta(days=365)).isoformat(), "until": today.isoformat()}
    return {name: request.GET.get(name) or value for name, value in usual.items()}


def _span(form: DaysForm) -> tuple[date, date] | None:
    return (form.cleaned_data["since"], form.cleaned_data["until"]) if form.is_valid() else None
