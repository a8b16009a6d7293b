"""Deciding on a certificate of another issuer: recognised, declined, or withdrawn later. Before: asking. After: duties."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import results
from courses.models import RecognitionDecision, RecognitionRequest, RecognitionState
from courses.recognising.asking import refuse_unless_good
from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.models import User


def recognise(request: RecognitionRequest, *, by: Actor) -> RecognitionDecision:
    """Recognise it: a result follows, from the day of its award, by the version of our course in force then.

    Harmless the second time. Raises Refused for one's own, or where it is good or listed no longer.
    """
    with transaction.atomic():
        request = _locked(request)
        made = RecognitionDecision.of(request)
        if made is not None:
            return _same(made, is_recognised=True)
        _refuse_own(request, by)
        refuse_unless_good(request.listing, request.awarded_on, request.good_until)
        version = request.listing.course.versions.all().in_force_on(request.awarded_on)
        assert version is not None  # just checked
        result = results.recognise(
            request.person,
            version,
            competent_on=request.awarded_on,
            good_until=request.good_until,
            evidence=request.words,
            by=by,
        )
        made = RecognitionDecision.objects.create(request=request, result=result, **columns(by))
        audit.record("certificate recognised", request.person, by=by, what=request.words, result=str(result.uuid))
        return made


@transaction.atomic
def decline(request: RecognitionRequest, *, reason: str, by: Actor) -> RecognitionDecision:
    """Decline it; the person reads why. Harmless the second time."""
    request = _locked(request)
    made = RecognitionDecision.of(request)
    if made is not None:
        return _same(made, is_recognised=False)
    _refuse_own(request, by)
    if not reason.strip():
        raise Refused(_("Say why you decline: the person reads it."))
    made = RecognitionDecision.objects.create(request=request, reason=reason, **columns(by))
    audit.record("certificate declined", request.person, by=by, what=request.words, reason=reason)
    return made


@transaction.atomic
def withdraw(request: RecognitionRequest, *, reason: str, by: Actor) -> RecognitionRequest:
    """Hold a recognition true no longer, for any day. Harmless the second time; what was known then stays known."""
    request = _locked(request)
    if request.state == RecognitionState.WITHDRAWN:
        return request
    made = RecognitionDecision.of(request)
    if made is None or made.result is None:
        raise Refused(_("Only what was recognised can be withdrawn."))
    _refuse_own(request, by)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn: the person reads it."))
    results.end(made.result, on=made.result.valid_from, by=by, reason=reason)
    audit.record("recognition withdrawn", request.person, by=by, what=request.words, reason=reason)
    return _locked(request)


def _locked(request: RecognitionRequest) -> RecognitionRequest:
    RecognitionRequest.objects.select_for_update().get(pk=request.pk)
    return RecognitionRequest.objects.with_names().get(pk=request.pk)


def _refuse_own(request: RecognitionRequest, by: Actor) -> None:
    if isinstance(by, User) and by.person_id == request.person_id:
        raise Refused(_("Somebody else decides on your own certificate."))
    if isinstance(by, User) and by.pk == request.by_user_id:
        raise Refused(_("You brought this certificate, so somebody else decides on it."))


def _same(made: RecognitionDecision, *, is_recognised: bool) -> RecognitionDecision:
    if (made.result is not None) == is_recognised:
        return made
    raise Refused(_("Somebody decided on it in the meantime. Reload the page."))
