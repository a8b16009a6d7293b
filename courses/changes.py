"""What changed in a course since somebody passed it: read on one short page, and confirmed once.

Before: a new meaning version, or a new version of the document until whose replacement a result holds. After: duties
hear of it, and the person is in date until the result's own end.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from courses import signing
from courses.models import Acknowledgement, ChangesRead, Course, CourseVersion, DocumentVersion, Result
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.organisation.models import Person


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: of the course, or of a document (then `document` is to be opened and signed)."""

    title: str
    since: date
    text: str
    document: DocumentVersion | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """What a holder has not read yet, the newest first."""

    result: Result
    versions: list[CourseVersion]
    documents: list[DocumentVersion]

    @property
    def changes(self) -> list[Change]:
        """As the page lists them."""
        of_course = [
            Change(version.title, clock.day_of(version.meant_since), version.what_changed) for version in self.versions
        ]
        of_documents = [
            Change(str(version), version.effective_on, version.what_changed, version) for version in self.documents
        ]
        return sorted([*of_course, *of_documents], key=lambda change: change.since, reverse=True)


def unread(person: Person, course: Course) -> Unread | None:
    """What `person` has not read of what changed since the newest version passed; None where nothing is left."""
    results = Result.objects.in_date_on(clock.today()).filter(person=person, course_version__course=course)
    result = results.select_related("course_version").order_by("-course_version__number", "-valid_from").first()
    if result is None:
        return None
    found = Unread(result, _versions(person, result), _documents(person, result))
    return found if found.versions or found.documents else None


@transaction.atomic
def confirm(person: Person, course: Course, *, by: Actor) -> None:
    """The person has read all that changed. Harmless the second time; raises Refused where nothing was to be read."""
    left = unread(person, course)
    if left is None:
        if ChangesRead.objects.filter(person=person, course_version__course=course).exists():
            return
        raise Refused(_("There is nothing to confirm: you know this course as it is now."))
    if left.versions:
        ChangesRead.objects.get_or_create(person=person, course_version=left.versions[0], defaults=columns(by))
    if left.documents:
        signing.sign(person, left.documents[0], by=by)


def _versions(person: Person, result: Result) -> list[CourseVersion]:
    course = result.course_version.course_id
    read = ChangesRead.objects.filter(person=person, course_version__course=course)
    known = max([result.course_version.number, *read.values_list("course_version__number", flat=True)])
    newer = CourseVersion.objects.filter(course=course, number__gt=known, changes_due_days__isnull=False)
    return list(newer.order_by("-number"))


def _documents(person: Person, result: Result) -> list[DocumentVersion]:
    document = result.course_version.holds_document_id
    if document is None:
        return []
    signed = Acknowledgement.objects.filter(person=person, document_version__document=document)
    ranks = signed.values_list("document_version__effective_on", "document_version_id")
    known = max([(result.valid_from, 0), *ranks])
    newer = DocumentVersion.objects.filter(
        document=document, effective_on__gt=result.valid_from, sign_again_days__isnull=False
    )
    found = newer.select_related("document").order_by("-effective_on", "-pk")
    return [version for version in found if (version.effective_on, version.pk) > known]
