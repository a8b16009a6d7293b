"""Who may ask for more time for somebody, and who may decide on exceptions. Access goes by today."""

from courses.models import Course
from lms.core.actors import Actor
from lms.duties.models import TrainingRequirement
from lms.duties.targets import Target
from lms.organisation.access import Capability, people_for
from lms.organisation.models import Person, User
from lms.organisation.models.people import PersonQuerySet


def may_ask(by: Actor, person: Person) -> bool:
    """The person, their supervisor, and whoever may assign courses to them."""
    if not isinstance(by, User) or by.person_id == person.pk:
        return True
    asking = (Capability.NOMINATE, Capability.ASSIGN_ANY, Capability.ASSIGN_INTEGRITY)
    return any(people_for(by, capability).filter(pk=person.pk).exists() for capability in asking)


def may_decide(by: Actor, person: Person, target: Target, *, requirements: set[int]) -> bool:
    """HR; for integrity courses the integrity unit; the owner of one of the rules that ask. Never the person."""
    if not isinstance(by, User):
        return True
    if by.person_id == person.pk:
        return False
    if people_for(by, Capability.ASSIGN_ANY).filter(pk=person.pk).exists():
        return True
    if is_integrity(target) and people_for(by, Capability.ASSIGN_INTEGRITY).filter(pk=person.pk).exists():
        return True
    return TrainingRequirement.objects.filter(pk__in=requirements, owner=by).exists()


def in_reach(user: User) -> PersonQuerySet:
    """Everybody about whom the user may decide something: all courses by HR's role, or those for integrity alone."""
    return people_for(user, Capability.ASSIGN_ANY) | people_for(user, Capability.ASSIGN_INTEGRITY)


def is_integrity(target: Target) -> bool:
    """Whether a target is for the integrity unit: all its courses are."""
    courses = target.courses
    return bool(courses) and Course.objects.filter(pk__in=courses, is_integrity=True).count() == len(courses)
