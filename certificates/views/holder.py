"""Certificates as their holders, and those who keep the register, see them."""

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates import access, criteria, pdf, reissuing, states
from certificates.models import Certificate
from lms.core import audit
from lms.core.errors import Refused
from lms.organisation.access import person_of, signed_in, user_of

logger = logging.getLogger(__name__)


@signed_in
@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """My certificates, the newest first."""
    person = person_of(request)
    rows = Certificate.objects.with_facts().filter(person=person).order_by("-competent_on", "-pk")
    context = {"rows": [(certificate, states.of(certificate)) for certificate in rows]}
    return render(request, "certificates/list.html", context)


@signed_in
@require_safe
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One certificate: what it is worth today, its file, and what to give to somebody who wants to check it."""
    user = user_of(request)
    shown = access.certificate_for(user, uuid)
    if not shown.is_of(user):
        audit.record("certificate seen", shown, by=user)
    may_revoke = not shown.is_of(user) and access.may_revoke(user, shown)
    context = {
        "certificate": shown,
        "state": states.of(shown),
        "is_mine": shown.is_of(user),
        "last_good_day": states.last_good_day(shown),
        "may_be_downloaded": states.may_be_downloaded(states.of(shown)),
        "revocation": states.revocation_of(shown),
        "may_revoke": may_revoke,
        "may_reissue": may_revoke and reissuing.may_be_reissued(shown),
        "criteria": criteria.met(shown),
        "check_address": pdf.check_address(shown),
    }
    return render(request, "certificates/certificate.html", context)


@signed_in
@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The certificate's file. A revoked one is not handed out any more."""
    user = user_of(request)
    shown = access.certificate_for(user, uuid)
    if not states.may_be_downloaded(states.of(shown)):
        raise Refused(_("This certificate has no file: it is being issued, or was revoked. Its page says which."))
    if not shown.is_of(user):
        audit.record("certificate file taken", shown, by=user)
    response = HttpResponse(_rendered(shown), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{shown.number}.pdf"'
    return response


def _rendered(shown: Certificate) -> bytes:
    try:
        return pdf.render(shown)
    except pdf.CannotRender as error:
        logger.exception("Certificate %s cannot be drawn.", shown.number)
        raise Refused(
            _("The file cannot be made. Your certificate stands as it is; we were told and put it right.")
        ) from error
