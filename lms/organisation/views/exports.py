"""Files made in the background: one's own list, the progress of one, and the file itself."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.core import audit
from lms.core.exports.kinds import kinds
from lms.core.models import Export
from lms.organisation.access import signed_in, user_of

_PAGE = 25


@signed_in
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """What one asked for oneself, the newest first."""
    mine = Export.objects.filter(asked_by=user_of(request))
    page = Paginator(mine, _PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/exports.html", {"page": page})


@signed_in
@require_safe
def export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far it is, then the link. Nobody else's."""
    context = {"export": get_object_or_404(Export, uuid=uuid, asked_by=user_of(request))}
    if request.headers.get("HX-Request"):
        return render(request, "organisation/export_progress.html", context)
    return render(request, "organisation/export.html", context)


@signed_in
@require_safe
def export_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The file, if whoever asked for it may still have it. That it was taken is recorded."""
    user = user_of(request)
    taken = get_object_or_404(Export, uuid=uuid, asked_by=user)
    if taken.is_under_way:
        return redirect("export", uuid=uuid)
    if not taken.file or not storages["private"].exists(taken.file):
        raise Http404
    if not kinds[taken.kind].may(user, taken.parameters):
        raise PermissionDenied(_("You may no longer have this file: your role has changed."))
    audit.record("export taken", taken, by=user, purpose=taken.purpose)
    name = f"{slugify(taken.title)[:80] or 'export'}.{taken.format}"
    return FileResponse(storages["private"].open(taken.file), as_attachment=True, filename=name)
