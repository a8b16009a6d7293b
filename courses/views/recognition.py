"""Certificates of others: bring one, decide on it, withdraw it; and the list of whose are recognised."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.media import kinds
from courses.models import RecognisedTitle, RecognitionRequest, RecognitionState
from courses.recognising import asking, deciding, listing
from courses.recognising.forms import AskForm, ListingForm, RecognitionDecisionForm, WhyForm
from lms.core import audit, clock
from lms.core.errors import Refused
from lms.organisation.access import (
    Capability,
    may_in,
    needs,
    people_for,
    person_for,
    person_of,
    remembered_capabilities,
    signed_in,
    user_of,
)
from lms.organisation.models import Organisation, User

_FORM = ["GET", "HEAD", "POST"]
_SHOWN = 200


@signed_in
@require_safe
def recognition(request: HttpRequest) -> HttpResponse:
    """One's own certificates from elsewhere, and whose are recognised."""
    person = person_of(request)
    rows = RecognitionRequest.objects.filter(person=person).with_names().order_by("-pk")
    context = {"rows": rows, "person": person, "listed": _listed(), "can": remembered_capabilities(user_of(request))}
    return render(request, "courses/recognition/mine.html", context)


@signed_in
@require_http_methods(_FORM)
def recognition_ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Bring a certificate, one's own or that of somebody in one's line."""
    user = user_of(request)
    person = person_for(user, uuid, Capability.ASK_RECOGNITION)
    form = AskForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = asking.ask(person, form.cleaned_data["listing"], form.paper, by=user)
            messages.success(request, _("It is on its way: a training coordinator decides."))
            return redirect("recognition_request", uuid=made.uuid)
        except Refused as why:
            form.add_error(None, str(why))
    context = {"form": form, "person": person, "is_own": person.pk == user.person_id, "listed": _listed()}
    return render(request, "courses/recognition/ask.html", context)


@needs(Capability.RECOGNISE)
@require_safe
def recognition_desk(request: HttpRequest) -> HttpResponse:
    """Certificates that wait for a decision, and those decided on last."""
    people = people_for(user_of(request), Capability.RECOGNISE)
    rows = RecognitionRequest.objects.filter(person__in=people).with_names()
    context = {
        "waiting": rows.awaiting().order_by("pk")[:_SHOWN],
        "decided": rows.filter(decision__isnull=False).order_by("-decision__pk")[:20],
    }
    return render(request, "courses/recognition/desk.html", context)


@signed_in
@require_http_methods(_FORM)
def recognition_request(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One certificate, for whom it is about, their supervisor and HR; those who may decide do it here."""
    user, row = user_of(request), _row(request, uuid)
    may_decide = _may_decide(user, row)
    form = RecognitionDecisionForm(request.POST or None)
    if request.method == "POST":
        _refuse_others(may_decide)
        if form.is_valid() and _decided(row, form, user):
            messages.success(request, _("It is decided. The person reads it on their page."))
            return redirect("recognition_request", uuid=uuid)
    context = {"row": row, "form": form, "may_decide": may_decide, "may_open": _may_open(user, row)}
    context["is_waiting"] = row.state == RecognitionState.AWAITING
    return render(request, "courses/recognition/request.html", context)


@needs(Capability.RECOGNISE)
@require_http_methods(_FORM)
def recognition_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hold a recognition true no longer."""
    user, row = user_of(request), _row(request, uuid)
    _refuse_others(_may_decide(user, row))
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.withdraw(row, reason=form.cleaned_data["reason"], by=user)
            messages.success(request, _("It is withdrawn. What was on record stays on record, with your reason."))
            return redirect("recognition_request", uuid=uuid)
        except Refused as why:
            form.add_error(None, str(why))
    title = _("Withdraw the recognition of %(row)s") % {"row": row}
    return render(request, "courses/recognition/why.html", {"form": form, "title": title, "up": "recognition_desk"})


@signed_in
@require_safe
def recognition_evidence(request: HttpRequest, uuid: UUID) -> FileResponse:
    """The scan or picture, to download: for the person and for those who decide. That it was taken is recorded."""
    user, row = user_of(request), _row(request, uuid)
    if not _may_open(user, row):
        raise PermissionDenied(_("Only the person and those who decide can open this file."))
    audit.record("certificate of another issuer opened", row.person, by=user, number=row.number)
    name = f"certificate.{kinds.EXTENSIONS[row.content_type][0]}"
    answer = FileResponse(row.file.open(), as_attachment=True, filename=name, content_type=row.content_type)
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(Capability.LIST_ISSUERS)
@require_http_methods(_FORM)
def listed_issuers(request: HttpRequest) -> HttpResponse:
    """Whose certificates are recognised for which of our courses; put another on the list."""
    user = _keeper(request)
    form = ListingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            listing.put_on(form.listing, by=user)
            messages.success(request, _("It is on the list."))
            return redirect("listed_issuers")
        except Refused as why:
            form.add_error(None, str(why))
    rows = RecognisedTitle.objects.held().select_related("issuer", "course", "by_user__person")
    context = {"form": form, "rows": rows.order_by("issuer__name", "title", "pk"), "today": clock.today()}
    return render(request, "courses/recognition/issuers.html", context)


@needs(Capability.LIST_ISSUERS)
@require_http_methods(_FORM)
def listed_issuer_end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a title off the list from today."""
    user, row = _keeper(request), get_object_or_404(RecognisedTitle.objects.held(), uuid=uuid)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        listing.take_off(row, on=clock.today(), reason=form.cleaned_data["reason"], by=user)
        messages.success(request, _("It is off the list. What was recognised stays; what waits is refused."))
        return redirect("listed_issuers")
    title = _("Take off the list: %(row)s") % {"row": row}
    return render(request, "courses/recognition/why.html", {"form": form, "title": title, "up": "listed_issuers"})


def _row(request: HttpRequest, uuid: UUID) -> RecognitionRequest:
    """The certificate, for the person, whoever may bring one for them, and whoever may decide; 404 for others."""
    user = user_of(request)
    row = RecognitionRequest.objects.with_names().filter(uuid=uuid).first()
    if row is None:
        raise Http404
    reach = (Capability.RECOGNISE, Capability.ASK_RECOGNITION)
    if row.person_id != user.person_id and not any(
        people_for(user, one).filter(pk=row.person_id).exists() for one in reach
    ):
        raise Http404
    return row


def _may_decide(user: User, row: RecognitionRequest) -> bool:
    """Whether the user decides on it: never on their own, nor on one they brought."""
    others = row.by_user_id != user.pk
    return others and people_for(user, Capability.RECOGNISE).filter(pk=row.person_id).exists()


def _may_open(user: User, row: RecognitionRequest) -> bool:
    mine = user.person_id == row.person_id or user.pk == row.by_user_id
    return mine or people_for(user, Capability.RECOGNISE).filter(pk=row.person_id).exists()


def _refuse_others(may_decide: bool) -> None:
    if not may_decide:
        raise PermissionDenied(_("Somebody else decides on this certificate."))


def _decided(row: RecognitionRequest, form: RecognitionDecisionForm, user: User) -> bool:
    said = form.cleaned_data
    try:
        if said["outcome"] == form.RECOGNISE:
            deciding.recognise(row, by=user)
        else:
            deciding.decline(row, reason=said["reason"], by=user)
    except Refused as why:
        form.add_error(None, str(why))
        return False
    return True


def _listed() -> bool:
    return RecognisedTitle.objects.on(clock.today()).exists()


def _keeper(request: HttpRequest) -> User:
    """Whoever keeps the list for the whole organisation."""
    user, organisation = user_of(request), Organisation.objects.select_related("root").first()
    if organisation is None or not may_in(user, Capability.LIST_ISSUERS, organisation.root):
        raise PermissionDenied(_("The list counts for the whole organisation, and your role for a part of it."))
    return user
