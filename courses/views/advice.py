"""Ask the ethics adviser, read a note, and keep what is said there. What somebody asked is never stored with them."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form, model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.advice import asking, counting, keeping
from courses.advice.asking import Situation
from courses.advice.forms import AskForm, ContactForm, NoteForm, RouteForm
from courses.models import AdviceNote, AdviceVersion, ReportingRoute, Topic
from lms.core import clock
from lms.core.errors import Refused
from lms.organisation.access import Capability, needs, signed_in, user_of

_C = Capability
_keeps = needs(_C.ADVISE, _C.APPROVE_INTEGRITY, _C.SET_UP)
_writes = needs(_C.ADVISE)
_keeps_routes = needs(_C.ADVISE, _C.SET_UP)


@signed_in
def ethics_advice(request: HttpRequest) -> HttpResponse:
    """Where wrongdoing is reported, then choices, then notes and next steps. The answer is on no address of its own,
    so that no log of addresses holds what somebody asked."""
    form = AskForm(request.POST or None)
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = asking.ask(Topic(form.cleaned_data["topic"]), Situation(form.cleaned_data["situation"]))
    context = {
        "form": form,
        "answer": answer,
        "notes": [] if answer else asking.notes_shown(),
        "routes": asking.routes_shown(),
        "contact": asking.contact(),
        "may_keep": keeping.may(user_of(request), _C.ADVISE, _C.APPROVE_INTEGRITY, _C.SET_UP),
    }
    return render(request, "courses/advice/ask.html", context)


@signed_in
@require_safe
def advice_note(request: HttpRequest, uuid: UUID, number: int | None = None) -> HttpResponse:
    """A note as it is in effect, or an older version of it. Drafts are for those who keep notes."""
    found = AdviceVersion.objects.with_state().filter(note__uuid=uuid)
    newest = found.filter(approval__isnull=False).order_by("-number").first()
    version = found.filter(number=number).first() if number else newest
    keeps = keeping.may(user_of(request), _C.ADVISE, _C.APPROVE_INTEGRITY)
    if version is None or not (version.is_approved or keeps):
        raise Http404
    may_approve = (
        not version.is_approved
        and version.by_user_id != user_of(request).pk
        and keeping.may(user_of(request), _C.APPROVE_INTEGRITY)
    )
    context = {"version": version, "may_approve": may_approve, "today": clock.today()}
    return render(request, "courses/advice/note.html", context)


@_keeps
@require_safe
def advice_desk(request: HttpRequest) -> HttpResponse:
    """All notes with their state, routes, the adviser's hours, and how often was asked."""
    quarters, counts = counting.by_quarter(clock.today())
    versions = AdviceVersion.objects.with_state().order_by("note", "-number")
    newest: dict[int, AdviceVersion] = {}
    for version in versions:
        newest.setdefault(version.note_id, version)
    context = {
        "notes": sorted(newest.values(), key=lambda version: (version.note.topic, version.title)),
        "routes": ReportingRoute.objects.on(clock.today()).order_by("name", "pk"),
        "contact": asking.contact(),
        "quarters": quarters,
        "counts": counts,
        "today": clock.today(),
    }
    return render(request, "courses/advice/desk.html", context)


@_writes
def advice_note_new(request: HttpRequest) -> HttpResponse:
    """Write a note."""
    return _note(request, None)


@_writes
def advice_note_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write its next version."""
    return _note(request, get_object_or_404(AdviceNote, uuid=uuid))


@needs(_C.APPROVE_INTEGRITY)
@require_POST
def advice_note_approve(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Put a version before everybody."""
    version = get_object_or_404(AdviceVersion, note__uuid=uuid, number=number)
    try:
        keeping.approve(version, by=user_of(request))
        messages.success(request, _("The note is in effect."))
    except Refused as why:
        messages.error(request, str(why))
    return redirect("advice_version", uuid=uuid, number=number)


@_keeps_routes
def route_new(request: HttpRequest) -> HttpResponse:
    """Put in a reporting route."""
    return _route(request, None)


@_keeps_routes
def route_change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say something else of one that stands."""
    return _route(request, get_object_or_404(ReportingRoute.objects.on(clock.today()), uuid=uuid))


@_keeps_routes
@require_POST
def route_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show it no longer."""
    keeping.end_route(get_object_or_404(ReportingRoute.objects.on(clock.today()), uuid=uuid), by=user_of(request))
    messages.success(request, _("The route is no longer shown."))
    return redirect("advice_desk")


@_keeps_routes
def adviser_contact(request: HttpRequest) -> HttpResponse:
    """When and where the adviser is."""
    standing = asking.contact()
    form = ContactForm(request.POST or None, initial=model_to_dict(standing) if standing else None)
    if request.method == "POST" and form.is_valid():
        keeping.set_contact(**form.cleaned_data, by=user_of(request))
        return redirect("advice_desk")
    return _form(request, form, _("When and where the ethics adviser is"))


def _note(request: HttpRequest, note: AdviceNote | None) -> HttpResponse:
    last = note.versions.order_by("-number").select_related("instrument").first() if note else None
    initial = {**model_to_dict(last), "instrument": last.instrument, "topic": note.topic} if note and last else None
    form = NoteForm(request.POST or None, initial=initial)
    if note:
        del form.fields["topic"]
    if request.method == "POST" and form.is_valid():
        topic = Topic(note.topic if note else form.cleaned_data["topic"])
        try:
            made = keeping.write(topic, form.words, by=user_of(request), note=note)
            messages.success(request, _("The note waits for somebody else's approval."))
            return redirect("advice_version", uuid=made.note.uuid, number=made.number)
        except Refused as why:
            form.add_error("body", str(why))
    return _form(request, form, _("Change a note") if note else _("Write a note"))


def _route(request: HttpRequest, route: ReportingRoute | None) -> HttpResponse:
    initial = {**model_to_dict(route), "instrument": route.instrument} if route else None
    form = RouteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keeping.keep_route(form.words, by=user_of(request), route=route)
        messages.success(request, _("The route is shown."))
        return redirect("advice_desk")
    return _form(request, form, _("Change a reporting route") if route else _("Put in a reporting route"))


def _form(request: HttpRequest, form: Form, title: str) -> HttpResponse:
    return render(request, "courses/advice/form.html", {"form": form, "title": title})
