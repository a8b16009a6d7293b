"""People come, take posts, move and go: persons with staff numbers, and who holds which post from when."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.chunks import in_chunks
from lms.core.dated import close
from lms.core.errors import Refused
from lms.core.spans import Span, ends_by
from lms.core.words import day_in_words
from lms.organisation.models import Employer, Person, Post, PostHolding, StaffNumber
from lms.organisation.models.people import normal_number
from lms.organisation.overlaps import first_overlap, refused_as

Kind = PostHolding.Kind


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be entered. A contractor may come without a number."""

    given_names: str
    surname: str
    from_day: date
    employer: Employer | None = None
    number: str = ""
    kind: Person.Kind = Person.Kind.EMPLOYEE
    email: str = ""


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A staff number to be given."""

    person: Person
    employer: Employer
    number: str
    from_day: date


@dataclass(frozen=True, slots=True)
class Appointment:
    """Somebody to be put into a post."""

    person: Person
    post: Post
    from_day: date
    until: date | None = None
    kind: PostHolding.Kind = Kind.SUBSTANTIVE

    @property
    def span(self) -> Span:
        return (self.from_day, self.until)


def employer(code: str, *, name: str) -> Employer:
    """The employer with this code, made or renamed as needed."""
    return Employer.objects.update_or_create(code=code, defaults={"name": name})[0]


def enter_person(plan: NewPerson, *, by: Actor) -> Person:
    """Enter one person with their staff number."""
    return enter_people([plan], by=by)[0]


@transaction.atomic
def enter_people(plans: Sequence[NewPerson], *, by: Actor) -> list[Person]:
    """Enter many people at once. Raises Refused for a nameless one and for a number that is in use then."""
    if any(not plan.given_names.strip() and not plan.surname.strip() for plan in plans):
        raise Refused(_("A person needs a name."))
    people = [
        Person(given_names=plan.given_names, surname=plan.surname, kind=plan.kind, email=plan.email) for plan in plans
    ]
    Person.objects.bulk_create(people, batch_size=500)
    numbers = [
        StaffNumber(
            person=person,
            employer=plan.employer,
            number=normal_number(plan.number),
            valid_from=plan.from_day,
            **columns(by),
        )
        for person, plan in zip(people, plans, strict=True)
        if plan.employer is not None and plan.number
    ]
    _give(numbers)
    return people


@transaction.atomic
def give_number(person: Person, *, employer: Employer, number: str, from_day: date, by: Actor) -> StaffNumber:
    """Give a person a staff number. Harmless the second time; Refused while somebody else bears it."""
    new = StaffNumber(
        person=person, employer=employer, number=normal_number(number), valid_from=from_day, **columns(by)
    )
    borne = StaffNumber.objects.held().filter(person=person, employer=employer, number=new.number)
    given = borne.filter(valid_from=from_day).first()
    if given is not None:
        return given
    _give([new])
    return new


@transaction.atomic
def give_numbers(plans: Sequence[NewNumber], *, by: Actor) -> list[StaffNumber]:
    """Give staff numbers to many people who are entered already. Raises Refused while somebody else bears one."""
    numbers = [
        StaffNumber(
            person=plan.person,
            employer=plan.employer,
            number=normal_number(plan.number),
            valid_from=plan.from_day,
            **columns(by),
        )
        for plan in plans
    ]
    _give(numbers)
    return numbers


def appoint(
    person: Person,
    post: Post,
    *,
    from_day: date,
    by: Actor,
    until: date | None = None,
    kind: PostHolding.Kind = Kind.SUBSTANTIVE,
) -> PostHolding:
    """Put a person into a post. Harmless the second time. Refused while the post is closed or held by another."""
    return appoint_all([Appointment(person, post, from_day, until, kind)], by=by)[0]


@transaction.atomic
def hire(plan: NewPerson, post: Post, *, by: Actor) -> Person:
    """Enter somebody new and put them into a post from their first day. Refused as both steps are."""
    person = enter_person(plan, by=by)
    appoint(person, post, from_day=plan.from_day, by=by)
    return person


def act(person: Person, post: Post, *, from_day: date, by: Actor, until: date | None = None) -> PostHolding:
    """Let a person stand in for whoever holds, or should hold, a post."""
    return appoint(person, post, from_day=from_day, until=until, by=by, kind=Kind.ACTING)


@transaction.atomic
def appoint_all(appointments: Sequence[Appointment], *, by: Actor) -> list[PostHolding]:
    """Put many people into posts at once, by the same rules as one."""
    taken = _holdings_of({appointment.post.pk for appointment in appointments})
    result: list[PostHolding] = []
    new: list[PostHolding] = []
    for appointment in appointments:
        standing = taken[appointment.post.pk]
        holding = next((held for held in standing if _is_same(held, appointment)), None)
        if holding is None:
            _check(appointment, standing)
            holding = _holding(appointment, by)
            standing.append(holding)
            new.append(holding)
        result.append(holding)
    with refused_as(_("Somebody has just been put into this post. Reload the page.")):
        PostHolding.objects.bulk_create(new, batch_size=500)
    return result


@transaction.atomic
def end_holding(holding: PostHolding, *, until: date, by: Actor, reason: str = "") -> PostHolding:
    """End a holding: `until` is the first day that the person no longer holds the post."""
    _check_not_far(until)
    return close(holding, until=until, by=by, reason=reason)


@transaction.atomic
def transfer(person: Person, *, to: Post, on: date, by: Actor, reason: str = "") -> PostHolding:
    """Move a person from their substantive post, or posts, to another on a day. Harmless the second time."""
    _check_not_far(on)
    current = PostHolding.objects.overlapping(on - timedelta(days=1), None).filter(person=person)
    for holding in current.filter(kind=Kind.SUBSTANTIVE, valid_until__isnull=True).exclude(post=to):
        close(holding, until=on, by=by, reason=reason)
    return appoint(person, to, from_day=on, by=by)


@transaction.atomic
def end_service(person: Person, *, on: date, by: Actor, reason: str = "") -> None:
    """A person leaves: posts and staff numbers end, and with them the way in by number. Harmless the second time."""
    _check_not_far(on)
    for fact in (*_going_on(PostHolding, person, on), *_going_on(StaffNumber, person, on)):
        close(fact, until=on, by=by, reason=reason)


def _going_on(model: type[PostHolding] | type[StaffNumber], person: Person, on: date) -> Iterable:  # type: ignore[type-arg]
    return model.objects.held().filter(person=person, valid_from__lt=on, valid_until__isnull=True)


def _give(numbers: Sequence[StaffNumber]) -> None:
    taken = defaultdict(list)
    for some in in_chunks([number.number for number in numbers]):
        for row in StaffNumber.objects.held().filter(number__in=some):
            taken[row.employer_id, row.number].append((row.valid_from, row.valid_until))
    for new in numbers:
        spans = taken[new.employer_id, new.number]
        if first_overlap((new.valid_from, new.valid_until), spans):
            raise Refused(_("The staff number %(number)s is in use already.") % {"number": new.number})
        spans.append((new.valid_from, new.valid_until))
    with refused_as(_("This staff number has just been given to somebody else.")):
        StaffNumber.objects.bulk_create(numbers, batch_size=500)


def _holdings_of(posts: set[int]) -> dict[int, list[PostHolding]]:
    found: dict[int, list[PostHolding]] = defaultdict(list)
    for some in in_chunks(sorted(posts)):
        for holding in PostHolding.objects.held().filter(post__in=some).select_related("person"):
            found[holding.post_id].append(holding)
    return found


def _is_same(held: PostHolding, wanted: Appointment) -> bool:
    return (held.person_id, held.kind, held.valid_from) == (wanted.person.pk, wanted.kind, wanted.from_day)


def _check(wanted: Appointment, standing: Iterable[PostHolding]) -> None:
    post, span = wanted.post, wanted.span
    if ends_by(wanted.until, wanted.from_day):
        raise Refused(_("The end must be later than the start, %(start)s.") % {"start": day_in_words(span[0])})
    if wanted.from_day < post.opened_on or (post.closed_on and not ends_by(wanted.until, post.closed_on)):
        raise Refused(_("The post %(post)s is not open on all those days.") % {"post": post.code})
    for held in standing:
        if not first_overlap(span, [(held.valid_from, held.valid_until)]):
            continue
        if held.person_id == wanted.person.pk:
            raise Refused(_("%(person)s holds this post already then.") % {"person": held.person})
        if held.kind == wanted.kind == Kind.SUBSTANTIVE:
            raise Refused(_("%(person)s holds this post then. End that first.") % {"person": held.person})


def _check_not_far(day: date) -> None:
    if day > clock.today() + timedelta(days=settings.PLAN_AHEAD_DAYS):
        raise Refused(_("%(day)s is more than a year ahead. Check the year.") % {"day": day_in_words(day)})


def _holding(plan: Appointment, by: Actor) -> PostHolding:
    return PostHolding(
        person=plan.person,
        post=plan.post,
        kind=plan.kind,
        valid_from=plan.from_day,
        valid_until=plan.until,
        **columns(by),
    )
