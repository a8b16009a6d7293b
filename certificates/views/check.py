"""The public check: by number and surname, or by the code in the QR."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters

from certificates import checking, limits
from certificates.checking import Answer
from certificates.forms import CheckForm, NameForm
from lms.core.gates import public


@public
@sensitive_post_parameters("surname")
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Number and surname. Posted, so that no surname stands in an address or a log."""
    form = CheckForm(request.POST or None)
    if not form.is_valid():
        return _unlisted(render(request, "certificates/check.html", {"form": form}))
    if not limits.may_check(request):
        return _too_many(request)
    answer = checking.by_number(form.cleaned_data["number"], form.cleaned_data["surname"])
    return _answered(request, answer)


@public
@sensitive_post_parameters("name")
def certificate_check_code(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the QR; the name as printed may be compared."""
    if not limits.may_check(request):
        return _too_many(request)
    form = NameForm(request.POST or None)
    name = form.cleaned_data["name"] if form.is_valid() else None
    answer = checking.by_code(code, name=name)
    return _answered(request, answer, form=form if answer.is_found else None)


def _answered(request: HttpRequest, answer: Answer, *, form: NameForm | None = None) -> HttpResponse:
    return _unlisted(render(request, "certificates/check_answer.html", {"answer": answer, "form": form}))


def _too_many(request: HttpRequest) -> HttpResponse:
    return _unlisted(render(request, "certificates/check_too_many.html", status=429))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response
