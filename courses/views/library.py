"""The library for everybody signed in: documents may be internal, so it is not public."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import library, signing
from courses.library_forms import LibraryForm
from courses.models import Document, DocumentVersion
from lms.core import clock
from lms.organisation.access import Capability, person_of, remembered_capabilities, signed_in, user_of


@signed_in
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """What is in effect, by kind; found by words, kind and jurisdiction."""
    form = LibraryForm(request.GET, jurisdictions=library.jurisdictions())
    wanted = form.cleaned_data if form.is_valid() else {}
    shelves = library.shelves(
        words=wanted.get("q", ""), kind=wanted.get("kind", ""), jurisdiction=wanted.get("jurisdiction", "")
    )
    return render(
        request, "courses/library.html", {"form": form, "shelves": shelves, "is_search": any(wanted.values())}
    )


@signed_in
@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """A document as it is in effect; before its first day, as it will be."""
    found = get_object_or_404(Document, code=code)
    shown = found.in_force_on(clock.today())
    return _page(request, get_object_or_404(found.versions, pk=shown.pk if shown else None))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """One version: the words that somebody put their name to stay readable. Posting puts one's name to it."""
    shown = get_object_or_404(DocumentVersion, document__code=code, uuid=uuid)
    if request.method == "POST":
        signing.sign_in_library(person_of(request), shown, by=user_of(request))
        messages.success(request, _("Thank you. Your name is under this version."))
        return redirect("library_version", code=code, uuid=uuid)
    return _page(request, shown)


def _page(request: HttpRequest, shown: DocumentVersion) -> HttpResponse:
    reading = library.reading(shown, user_of(request).person)
    # Who has signed and who has not is for those who may know the names behind figures.
    names = {Capability.SEE_COVERAGE, Capability.SEE_STATUS} <= remembered_capabilities(user_of(request))
    context = {"reading": reading, "document": shown.document, "may_see_who": names}
    return render(request, "courses/library_document.html", context)
