"""The site, and a page with nothing in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from lms.organisation.access import signed_in
from lms.urls import handler400, handler403, handler404, handler500
from lms.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@signed_in
def empty(request: HttpRequest) -> HttpResponse:
    """Only the frame."""
    return render(request, "base.html")


urlpatterns = [*site, path("empty-page/", empty)]
