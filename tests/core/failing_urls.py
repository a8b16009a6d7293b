"""The site, and beside it a page for each way of going wrong."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from lms.core.errors import Refused
from lms.core.gates import public
from lms.urls import handler400, handler403, handler404, handler500
from lms.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def _raises(error: Exception) -> HttpResponse:
    raise error


def _page(name: str, error: Exception) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        return _raises(error)

    return path(f"failing/{name}/", public(view), name=name)


urlpatterns = [
    *site,
    _page("bad_request", BadRequest("No such choice.")),
    _page("forbidden", PermissionDenied("Your role does not include this page.")),
    _page("not_found", Http404()),
    _page("refused", Refused("This paper is closed. Your answers are kept.")),
    _page("server_error", ZeroDivisionError()),
]
