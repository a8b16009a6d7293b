"""The library for everybody signed in: documents may be internal, so it is not public."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses import library
from courses.library_forms import LibraryForm
from courses.models import Document, DocumentVersion
from lms.core import clock
from lms.organisation.access import signed_in, user_of


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
@require_safe
def version(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """One version: the words that somebody put their name to stay readable."""
    return _page(request, get_object_or_404(DocumentVersion, document__code=code, uuid=uuid))


def _page(request: HttpRequest, shown: DocumentVersion) -> HttpResponse:
    reading = library.reading(shown, user_of(request).person)
    return render(request, "courses/library_document.html", {"reading": reading, "document": shown.document})
