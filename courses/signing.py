"""Putting one's name to a document, within a course's lesson or in the library. After: duties hear of it."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Acknowledgement, DocumentVersion
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.models import Person


@transaction.atomic
def sign(person: Person, version: DocumentVersion, *, by: Actor) -> Acknowledgement:
    """The person's name under a version. Harmless the second time."""
    made, _is_new = Acknowledgement.objects.get_or_create(person=person, document_version=version, defaults=columns(by))
    return made


def sign_in_library(person: Person, version: DocumentVersion, *, by: Actor) -> Acknowledgement:
    """The same outside any course. Raises Refused for a version that was replaced: nobody signs what no longer holds."""
    current = version.document.in_force_on(clock.today())
    is_old = current is not None and (current.effective_on, current.pk) > (version.effective_on, version.pk)
    if is_old and not Acknowledgement.objects.filter(person=person, document_version=version).exists():
        raise Refused(_("This version was replaced. Open the version in effect, and put your name to that one."))
    return sign(person, version, by=by)
