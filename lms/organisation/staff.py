"""The staff list: people with number, post, unit and sign-in state, in the same few queries for any number of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.organisation.models import OneTimeCode, OrgUnit, Person, PostHolding, StaffNumber, User
from lms.organisation.sign_in_states import SignInState, state_of


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person as the list shows them. Somebody with no post has no holding."""

    person: Person
    numbers: list[StaffNumber]
    holdings: list[PostHolding]
    units: list[str]
    state: SignInState

    @property
    def number(self) -> str:
        return self.numbers[0].number if self.numbers else ""


def rows(people: Sequence[Person], day: date) -> list[StaffRow]:
    """The rows of these people on a day, in their order."""
    numbers = _by_person(StaffNumber.objects.on(day).filter(person__in=people).select_related("employer"))
    holdings = _by_person(_holdings(people, day))
    names = _unit_names([h.post.unit_id for held in holdings.values() for h in held], day)
    states = states_of(people)
    return [
        StaffRow(
            person,
            numbers.get(person.pk, []),
            holdings.get(person.pk, []),
            [names[holding.post.unit_id] for holding in holdings.get(person.pk, [])],
            states[person.pk],
        )
        for person in people
    ]


def history(person: Person, day: date) -> list[tuple[PostHolding, str]]:
    """Every post that the person held or is to hold, newest first, with the unit's name on `day`."""
    held = list(
        PostHolding.objects.held()
        .filter(person=person)
        .select_related("post__category", "post__unit")
        .order_by("-valid_from", "-pk")
    )
    names = _unit_names([holding.post.unit_id for holding in held], day)
    return [(holding, names[holding.post.unit_id]) for holding in held]


def states_of(people: Sequence[Person]) -> dict[int, SignInState]:
    """The sign-in state of each of these people, by id."""
    users = {user.person_id: user for user in User.objects.filter(person__in=people)}
    newest = OneTimeCode.objects.filter(user__in=users.values()).order_by("issued_at", "pk")
    codes = {code.user_id: code for code in newest}
    return {person.pk: _state(users.get(person.pk), codes) for person in people}


def _state(user: User | None, codes: dict[int, OneTimeCode]) -> SignInState:
    return state_of(user, codes.get(user.pk) if user else None)


def _holdings(people: Sequence[Person], day: date) -> Iterable[PostHolding]:
    held = PostHolding.objects.on(day).filter(person__in=people)
    return held.select_related("post__category").order_by("valid_from", "pk")


def _unit_names(units: Sequence[int], day: date) -> dict[int, str]:
    return {unit.pk: unit.name for unit in OrgUnit.objects.filter(pk__in=set(units)).named(day)}


def _by_person(facts: Iterable) -> dict[int, list]:  # type: ignore[type-arg]
    found: dict[int, list] = {}  # type: ignore[type-arg]
    for fact in facts:
        found.setdefault(fact.person_id, []).append(fact)
    return found
