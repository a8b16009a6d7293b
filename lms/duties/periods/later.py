"""Why a day looks different now: facts about it that came to be known after its period was closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Result
from lms.core.dated import DatedFact
from lms.duties.coverage_rows import asked
from lms.duties.duties import Duty, duties_of_people
from lms.duties.models import Exemption, Extension, RequirementVersion
from lms.duties.targets import Target
from lms.organisation.models import Leave, OrgUnit, Person, PostHolding, UnitAncestry, UnitPlacement
from lms.organisation.models.people import PersonQuerySet

# Of more people than this, whose standing is another one now is not looked up for a page.
AT_MOST = 300
_OF_PEOPLE: Sequence[tuple[type[DatedFact], Promise | str]] = (
    (Result, _("Results")),
    (PostHolding, _("Posts held")),
    (Leave, _("Leave")),
    (Exemption, _("Exemptions")),
    (Extension, _("Extensions")),
)
_OF_ALL: Sequence[tuple[type[DatedFact], Promise | str]] = (
    (RequirementVersion, _("Rules")),
    (UnitPlacement, _("Places and names of units")),
)


@dataclass(frozen=True, slots=True)
class Later:
    """How many facts of a kind came to be known, or were corrected, after the closing."""

    what: Promise | str
    count: int


@dataclass(frozen=True, slots=True)
class Turned:
    """Somebody who stands otherwise now than was filed. A state is empty where nothing was asked."""

    person: Person
    target: str
    was: str
    is_now: str


def facts(unit: OrgUnit, day: date, known_at: datetime) -> list[Later]:
    """What came later that may matter to a unit's figures of the day, by kind."""
    people = _people_in(unit, day)
    of_people = [(what, _later(kind, day, known_at).filter(person__in=people).count()) for kind, what in _OF_PEOPLE]
    of_all = [(what, _later(kind, day, known_at).count()) for kind, what in _OF_ALL]
    return [Later(what, number) for what, number in [*of_people, *of_all] if number]


def people(unit: OrgUnit, day: date, known_at: datetime, within: PersonQuerySet) -> list[Turned] | None:
    """Those of `within` who stand otherwise now, with both states; None where too many would have to be looked up."""
    candidates = within.filter(pk__in=_people_in(unit, day))
    if not any(_later(kind, day, known_at).exists() for kind, _what in _OF_ALL):
        touched = Q()
        for kind, _what in _OF_PEOPLE:
            touched |= Q(pk__in=_later(kind, day, known_at).values("person"))
        candidates = candidates.filter(touched)
    found = {person.pk: person for person in candidates.order_by("surname", "given_names", "pk")[: AT_MOST + 1]}
    if len(found) > AT_MOST:
        return None
    was = duties_of_people(list(found), day, known_at=known_at)
    now = duties_of_people(list(found), day)
    return _turned(found, was, now)


def _turned(found: dict[int, Person], was: dict[int, list[Duty]], now: dict[int, list[Duty]]) -> list[Turned]:
    turned = []
    for pk, person in found.items():
        before, after = _states(was.get(pk, [])), _states(now.get(pk, []))
        names = asked(before.keys() | after.keys(), None)
        for target in sorted(names, key=names.__getitem__):
            one, other = before.get(target, ""), after.get(target, "")
            if one != other:
                turned.append(Turned(person, names[target], one, other))
    return turned


def _states(duties: Sequence[Duty]) -> dict[Target, str]:
    return {duty.target: str(duty.state).replace("_", " ") for duty in duties}


def _later(kind: type[DatedFact], day: date, known_at: datetime) -> QuerySet[Any]:
    """Rows made, corrected or closed after the instant that say something of the day or of days before it."""
    ended = Q(closed_at__gt=known_at, valid_until__lte=day)
    changed = Q(known_from__gt=known_at) | Q(known_until__gt=known_at) | ended
    return kind._default_manager.filter(changed, valid_from__lte=day)


def _people_in(unit: OrgUnit, day: date) -> QuerySet[PostHolding, Any]:
    """Whoever held a post there on that day, by what is known now or was known before."""
    below = UnitAncestry.objects.on(day).filter(ancestor=unit).values("unit")
    ends_later = Q(valid_until__isnull=True) | Q(valid_until__gt=day) | Q(closed_at__isnull=False)
    held = PostHolding.objects.filter(ends_later, post__unit__in=below, valid_from__lte=day)
    return held.values("person")
