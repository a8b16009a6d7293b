"""The pages of reminders: the log, their words, and slips for staff without e-mail."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lms.core import clock, languages
from lms.duties.models import ReminderText
from lms.duties.reminding import reading, sheet, wording
from lms.duties.reminding.forms import LogForm, WordingForm
from lms.organisation.access import Capability, needs, people_for, remembered_capabilities, user_of
from lms.organisation.forms import OfficeForm

_PAGE = 50
_sees_log = needs(Capability.SEE_REMINDERS, Capability.ASSIGN_INTEGRITY)


@_sees_log
@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """What was said about one's people, to whom, why, and what became of it."""
    user = user_of(request)
    form = LogForm(request.GET, units=reading.units_seen(user))
    log = reading.seen_by(user)
    if form.is_valid():
        data = form.cleaned_data
        log = reading.narrowed(log, unit=data["unit"], state=data["state"], on=data["on"])
    else:
        log = log.none()
    page = Paginator(log, _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "entries": reading.entries(list(page.object_list)),
        "query": query.urlencode(),
        "may_word": Capability.WORD_REMINDERS in remembered_capabilities(user),
        "may_print": Capability.SEE_REMINDERS in remembered_capabilities(user),
    }
    return render(request, "duties/reminders.html", context)


@needs(Capability.SEE_REMINDERS)
def reminder_sheet(request: HttpRequest) -> HttpResponse:
    """The slips of an office for its staff without e-mail, to print; and the note that they were printed."""
    user, today = user_of(request), clock.today()
    people = people_for(user, Capability.SEE_REMINDERS)
    if request.method == "POST":
        printed = sheet.mark_printed(people, _uuids(request.POST.getlist("message")), by=user)
        said = ngettext("%(count)s slip is noted as printed.", "%(count)s slips are noted as printed.", printed)
        messages.success(request, said % {"count": printed})
        return redirect("reminder_sheet")
    form = OfficeForm(request.GET or None, units=reading.units_seen(user))
    slips = sheet.to_print(people, form.cleaned_data["unit"], today) if form.is_valid() else []
    return render(request, "duties/reminder_sheet.html", {"form": form, "slips": slips, "day": today})


@needs(Capability.WORD_REMINDERS)
@require_safe
def reminder_wordings(request: HttpRequest) -> HttpResponse:
    """Every text that can be worded, in every language that the site has."""
    own = ReminderText.in_use(clock.today())
    names = dict(settings.LANGUAGES)
    kinds = [
        (key, kind, [(code, names[code], own.get((key, code))) for code in languages.with_catalogue()])
        for key, kind in wording.KINDS.items()
    ]
    return render(request, "duties/reminder_wordings.html", {"kinds": kinds})


@needs(Capability.WORD_REMINDERS)
def reminder_wording(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Word one text: see what it would look like, then put it in use."""
    kind = _kind(key, language)
    words = wording.in_use(key, language, clock.today())
    form = WordingForm(request.POST or None, key=key, initial={"subject": words.subject, "text": words.text})
    if form.is_bound and form.is_valid():
        words = form.words
        if "save" in request.POST:
            wording.word(key, language, words, by=user_of(request))
            messages.success(request, _("The new words are in use from now on."))
            return redirect("reminder_wordings")
    context = {
        "form": form,
        "kind": kind,
        "names": [(f"{{{name}}}", wording.NAMES[name]) for name in kind.names],
        "example": None if form.errors else wording.example(key, language, words),
        "language": language,
        "key": key,
        "history": wording.history(key, language),
    }
    return render(request, "duties/reminder_wording.html", context)


@needs(Capability.WORD_REMINDERS)
@require_POST
def reminder_wording_restore(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Go back to the words that come with the site."""
    _kind(key, language)
    wording.restore(key, language, by=user_of(request))
    messages.success(request, _("The words that come with the site are in use again."))
    return redirect("reminder_wordings")


def _kind(key: str, language: str) -> wording.Kind:
    if key not in wording.KINDS or language not in languages.with_catalogue():
        raise Http404
    return wording.KINDS[key]


def _uuids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
