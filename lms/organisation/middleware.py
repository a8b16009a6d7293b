"""Whoever came in by a one-time code sets a password before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def require_own_password(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send a user who must set a password to that page, from every other page but sign-out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_set_password", False) and not _is_allowed(request.path):
            return redirect("set_password")
        return get_response(request)

    return middleware


def _is_allowed(path: str) -> bool:
    return path.startswith("/static/") or path in {reverse("set_password"), reverse("account_logout")}
