"""Who issues certificates here, and whose names stand under them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates import awards
from certificates.forms import IssuerForm, SignatoryForm
from certificates.models import Issuer, Signatory
from certificates.setup import add_signatory, end_signatory, set_up_issuer
from lms.core import clock
from lms.organisation.access import Capability, needs, user_of


@needs(Capability.REVOKE)
def issuer(request: HttpRequest) -> HttpResponse:
    """Name, code and words of the issuer. Certificates awarded before keep theirs."""
    there = Issuer.objects.first()
    form = IssuerForm(request.POST or None, instance=there)
    if form.is_valid():
        set_up_issuer(by=user_of(request), **form.cleaned_data)
        messages.success(request, _("Saved. Certificates awarded from now on say so."))
        return redirect("certificate_issuer")
    context = {
        "form": form,
        "signatories": Signatory.objects.signing_on(clock.today()),
        "waiting": 0 if there else awards.missing().count(),
    }
    return render(request, "certificates/issuer.html", context)


@needs(Capability.REVOKE)
def signatory_new(request: HttpRequest) -> HttpResponse:
    """One more name under new certificates."""
    form = SignatoryForm(request.POST or None)
    if form.is_valid():
        add_signatory(by=user_of(request), **form.cleaned_data)
        return redirect("certificate_issuer")
    return render(request, "certificates/signatory.html", {"form": form})


@needs(Capability.REVOKE)
@require_POST
def signatory_end(request: HttpRequest, pk: int) -> HttpResponse:
    """From today on, a name no longer stands under new certificates."""
    signatory = get_object_or_404(Signatory.objects.held(), pk=pk)
    end_signatory(signatory, until=clock.today(), by=user_of(request))
    return redirect("certificate_issuer")
