"""The way in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.gates import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "home.html")
