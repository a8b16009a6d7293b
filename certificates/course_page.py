"""The last step on the learner's course page: your certificate."""

from django.urls import reverse
from django.utils.translation import gettext as _

from certificates import states
from certificates.models import Certificate
from certificates.states import State
from courses.models import Enrolment
from courses.ports import CourseStep
from lms.core.words import day_in_words


def certificate_steps(enrolment: Enrolment) -> list[CourseStep]:
    """One step: still to come, being made, or there. One query at most."""
    # The course page knows already whether there can be one, and keeps to ten queries.
    if getattr(enrolment, "is_under_way", False):
        return [_to_come(enrolment)]
    of_it = Certificate.objects.with_facts().filter(result__enrolment=enrolment, result__known_until__isnull=True)
    certificate = of_it.order_by("-pk").first()
    if certificate is None:
        return [_to_come(enrolment)]
    state = states.of(certificate)
    return [
        CourseStep(
            title=_("Your certificate"),
            detail=_detail(certificate, state),
            url=certificate.get_absolute_url(),
            is_done=state != State.BEING_ISSUED,
            minutes=0,
        )
    ]


def _to_come(enrolment: Enrolment) -> CourseStep:
    return CourseStep(
        title=_("Your certificate"),
        detail=_("Made within seconds once you have passed."),
        url=reverse("certificate_list"),
        is_done=False,
        minutes=0,
        is_open=False,
    )


def _detail(certificate: Certificate, state: State) -> str:
    if state == State.BEING_ISSUED:
        return _("It is being made. That takes seconds: reload the page.")
    if state == State.VALID and certificate.holds_until:
        return _("Ready to download, valid until %(day)s.") % {"day": day_in_words(certificate.holds_until)}
    return _("Ready to download.") if state == State.VALID else str(state.label)
