"""Files: those of published lessons for everybody who is signed in, those of drafts for whoever may edit."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.media import serving
from courses.models import MediaFile
from lms.organisation.access import signed_in, user_of
from lms.organisation.models import User

# Where Wagtail keeps images; its documents have an address of their own.
_IMAGES = ("images/", "original_images/")


@signed_in
@require_safe
def lesson_media(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A picture, a video or its captions as published: like the lesson, for everybody who is signed in."""
    return serving.response(request, get_object_or_404(MediaFile, uuid=uuid))


@signed_in
@require_safe
def draft_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An image in Wagtail's library, for whoever edits there."""
    if not may_see_drafts(user_of(request)):
        raise PermissionDenied(_("This belongs to a draft, which only its authors see."))
    if not path.startswith(_IMAGES) or ".." in path or not default_storage.exists(path):
        raise Http404
    answer = FileResponse(default_storage.open(path))
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def may_see_drafts(user: User) -> bool:
    """Whether somebody may look at files of drafts: whoever may enter Wagtail."""
    return user.has_perm("wagtailadmin.access_admin")
