"""The holders as HR has them on the day of award: name, staff number, employer, post, unit. For many at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from certificates import names
from lms.organisation.models import Person, PostHolding, StaffNumber, UnitPlacement


@dataclass(frozen=True, slots=True)
class Holder:
    """What a certificate keeps about a person."""

    personal: dict[str, Any]
    name_key: str
    unit_id: int | None


def as_on(day: date, people: dict[int, Person]) -> dict[int, Holder]:
    """Each person's particulars on `day`, by person id. Three queries, however many people."""
    holdings = _holdings(day, people)
    numbers = _staff_numbers(day, people)
    places = _unit_names(day, holdings)
    return {pk: _holder(person, numbers.get(pk), holdings.get(pk), places) for pk, person in people.items()}


def _holdings(day: date, people: dict[int, Person]) -> dict[int, PostHolding]:
    """The post that stands for each: the substantive one, else the first held."""
    rows = PostHolding.objects.on(day).filter(person__in=people).select_related("post__unit", "post__category")
    held: dict[int, PostHolding] = {}
    for row in rows.order_by("valid_from", "pk"):
        first = held.setdefault(row.person_id, row)
        if row.kind == PostHolding.Kind.SUBSTANTIVE and first.kind != row.kind:
            held[row.person_id] = row
    return held


def _staff_numbers(day: date, people: dict[int, Person]) -> dict[int, StaffNumber]:
    rows = StaffNumber.objects.on(day).filter(person__in=people).select_related("employer")
    return {row.person_id: row for row in rows.order_by("valid_from", "pk")}


def _unit_names(day: date, holdings: dict[int, PostHolding]) -> dict[int, str]:
    units = {holding.post.unit_id for holding in holdings.values()}
    return dict(UnitPlacement.objects.on(day).filter(unit__in=units).values_list("unit", "name"))


def _holder(person: Person, number: StaffNumber | None, holding: PostHolding | None, places: dict[int, str]) -> Holder:
    post = holding.post if holding else None
    personal = {
        "person": str(person.uuid),
        "name": person.full_name,
        "given_names": person.given_names,
        "surname": person.surname,
        "initials": names.initials(person.given_names, person.surname),
        "staff_number": number.number if number else "",
        "employer": number.employer.name if number else "",
        "unit": places.get(post.unit_id, post.unit.code) if post else "",
        "unit_code": post.unit.code if post else "",
        "post": post.title or post.category.name if post else "",
        "post_category": post.category.code if post else "",
    }
    key = names.key(person.surname, person.given_names)[:310]
    return Holder(personal=personal, name_key=key, unit_id=post.unit_id if post else None)
