"""Somebody saw an exception and leaves it as it is, until the facts are different."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.duties.exceptions import deciders
from lms.duties.exceptions.findings import Finding, Kind
from lms.duties.models import ExceptionSeen
from lms.organisation.models import Person, User


@transaction.atomic
def leave_as_it_is(person: Person, finding: Finding, *, reason: str, by: Actor) -> ExceptionSeen:
    """Keep that somebody saw it, and why nothing is done. Harmless the second time.

    A request for more time is decided instead: it is somebody's question.
    """
    if finding.kind == Kind.MORE_TIME:
        raise Refused(_("Somebody asks for more time: give it or decline."))
    if not reason.strip():
        raise Refused(_("Say why it stays as it is."))
    if isinstance(by, User) and not deciders.in_reach(by).filter(pk=person.pk).exists():
        raise Refused(_("Your role does not let you decide on this. Nobody decides for themselves."))
    seen = ExceptionSeen.objects.filter(person=person, says=finding.says).first()
    if seen is not None:
        return seen
    made = ExceptionSeen.objects.create(person=person, says=finding.says, reason=reason, **columns(by))
    audit.record("exception left as it is", person, by=by, kind=finding.kind.value, reason=reason)
    return made
