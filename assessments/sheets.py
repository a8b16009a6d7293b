"""Who waits for an assessor: people with a criterion that a sheet must still show."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from courses import standing
from courses.models import CertifiedCriterion, CriterionVersion, Enrolment, EvidenceKind
from lms.core import clock
from lms.organisation.access import Capability, person_for, units_for
from lms.organisation.models import Person, PostHolding, User

BY_SHEET = (EvidenceKind.OBSERVATION, EvidenceKind.PRODUCT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An enrolment and its criteria that a sheet must still show."""

    enrolment: Enrolment
    criteria: list[CertifiedCriterion]


def waiting_for(user: User, *, search: str = "", limit: int = 50) -> list[Waiting]:
    """People in the assessor's units whose course still needs a sheet, by name, at most `limit`."""
    enrolments = (
        Enrolment.objects.under_way()
        .filter(person__in=assessable(user), course_version__certified__evidence__in=BY_SHEET)
        .select_related("person", "course_version__course")
        .order_by("person__surname", "person__given_names", "course_version", "pk")
        .distinct()
    )
    for word in search.split()[:5]:
        enrolments = enrolments.filter(_matches(word))
    rows = list(enrolments[: limit * 2])
    standings = standing.of_all(rows)
    found = (Waiting(enrolment, _by_sheet(standings[enrolment.pk])) for enrolment in rows)
    return [waiting for waiting in found if waiting.criteria][:limit]


def assessable(user: User) -> QuerySet[Person]:
    """People who hold a post today in a unit where `user` assesses, without `user`."""
    today = clock.today()
    units = units_for(user, Capability.ASSESS)
    held = PostHolding.objects.on(today).filter(post__unit__in=units).values("person")
    return Person.objects.filter(pk__in=held).exclude(pk=user.person_id or 0)


def sheet_subject(user: User, uuid: UUID, code: str, criterion: str) -> tuple[Enrolment, CriterionVersion]:
    """The enrolment and criterion that `user` may judge by a sheet.

    Raises Http404 for a stranger or a course without that criterion, PermissionDenied for who may not assess them.
    """
    person = person_for(user, uuid, Capability.ASSESS)
    if person.pk == user.person_id:
        raise PermissionDenied(_("Nobody assesses themselves. Ask another assessor."))
    certified = (
        CertifiedCriterion.objects.filter(
            course_version__enrolments__person=person,
            course_version__course__code=code,
            criterion_version__criterion__code=criterion,
            evidence__in=BY_SHEET,
        )
        .select_related("criterion_version__criterion")
        .order_by("-course_version__number")
        .first()
    )
    if certified is None:
        raise Http404
    enrolments = Enrolment.objects.filter(person=person, course_version=certified.course_version_id)
    newest = enrolments.select_related("person", "course_version__course").latest("on", "pk")
    return newest, certified.criterion_version


def _by_sheet(standings: list[standing.CriterionStanding]) -> list[CertifiedCriterion]:
    return [item.certified for item in standings if item.certified.evidence in BY_SHEET and not item.is_met]


def _matches(word: str) -> Q:
    number = Q(person__staff_numbers__number__iexact=word, person__staff_numbers__known_until__isnull=True)
    return Q(person__surname__icontains=word) | Q(person__given_names__icontains=word) | number
