"""The register for those who keep it: search, take out with a purpose, take back, issue anew."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from certificates import access, exporting, reissuing, revoking, states
from certificates.forms import ExportForm, RegisterForm, RevocationForm
from certificates.models import Certificate, CertificateQuerySet, Revocation
from lms.core import audit, clock
from lms.core.errors import Refused
from lms.organisation.access import Capability, may_somewhere, needs, units_for, user_of
from lms.organisation.models import User

_PAGE = 50


@needs(Capability.SEE_REGISTER)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Certificates by number, name, unit, course, state and date."""
    user = user_of(request)
    form = _form(request, user)
    page = Paginator(_found(form, user), _PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(certificate, states.of(certificate)) for certificate in page.object_list],
        "may_export": may_somewhere(user, Capability.EXPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "certificates/register.html", context)


@needs(Capability.SEE_REGISTER)
@needs(Capability.EXPORT)
@never_cache
def register_export(request: HttpRequest) -> HttpResponseBase:
    """The found certificates as a file, once somebody has said what for."""
    user = user_of(request)
    scope = _form(request, user)
    form = ExportForm(request.POST or None)
    rows = _found(scope, user)
    if not form.is_valid():
        context = {"form": form, "count": rows.count(), "query": request.GET.urlencode()}
        return render(request, "certificates/register_export.html", context)
    asked = {key: value for key, value in request.GET.items() if value}
    audit.record("register exported", user, by=user, purpose=form.cleaned_data["purpose"], asked=asked)
    response = StreamingHttpResponse(exporting.register_rows(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="register-{clock.today().isoformat()}.csv"'
    return response


@needs(Capability.REVOKE)
def certificate_revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a certificate back."""
    user = user_of(request)
    certificate = access.certificate_to_revoke(user, uuid)
    form = RevocationForm(request.POST or None)
    if form.is_valid() and _revoked(certificate, form, user):
        messages.success(request, _("The certificate is revoked. Every check says so from now on."))
        return redirect(certificate)
    return render(request, "certificates/revoke.html", {"form": form, "certificate": certificate})


@needs(Capability.REVOKE)
@require_POST
def certificate_reissue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Issue another one in place of a revoked one."""
    user = user_of(request)
    new = reissuing.reissue(access.certificate_to_revoke(user, uuid), by=user)
    messages.success(request, _("A new certificate is being issued. It says which one it replaces."))
    return redirect(new)


def _form(request: HttpRequest, user: User) -> RegisterForm:
    return RegisterForm(request.GET, units=units_for(user, Capability.SEE_REGISTER))


def _found(form: RegisterForm, user: User) -> CertificateQuerySet:
    rows = form.found(access.certificates_for(user)).with_facts()
    return (
        rows.order_by("name_key", "pk") if form.is_valid() and form.cleaned_data["q"] else rows.order_by("-on", "-pk")
    )


def _revoked(certificate: Certificate, form: RevocationForm, user: User) -> bool:
    typed = {**form.cleaned_data, "reason_code": Revocation.Reason(form.cleaned_data["reason_code"])}
    try:
        revoking.revoke(certificate, by=user, **typed)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
