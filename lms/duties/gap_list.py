"""The people behind a figure: required minus held, person by person, or whoever else was counted. From stored spans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from lms.duties.duties import Duty, duties_of_people
from lms.duties.models import DutySpan, SpanState
from lms.duties.rules import Rulebook
from lms.duties.targets import Target
from lms.organisation import purposes
from lms.organisation.access import Capability, people_for
from lms.organisation.models import OrgUnit, Person, Post, PostHolding, StaffNumber, UnitPlacement, User

GAP = "gap"
_AT_ONCE = 500
_ENTRY = ("person", "target", "at", "seat")
_REQUIRED = (SpanState.IN_DATE, SpanState.NOT_YET_DUE, SpanState.OVERDUE)
STATES: Mapping[str, Sequence[SpanState]] = {
    GAP: (SpanState.OVERDUE, SpanState.NOT_YET_DUE),
    "overdue": (SpanState.OVERDUE,),
    "not_yet_due": (SpanState.NOT_YET_DUE,),
    "in_date": (SpanState.IN_DATE,),
    "required": _REQUIRED,
    "exempt": (SpanState.EXEMPT,),
}
WORDS = {
    GAP: _("Not in date"),
    "overdue": _("Overdue"),
    "not_yet_due": _("Not yet due"),
    "in_date": _("In date"),
    "required": _("All who are required"),
    "exempt": _("Exempt"),
}


@dataclass(frozen=True)
class Wanted:
    """Whose duties: in a unit with all below it on a day, for some targets (their ids, with what they are called)."""

    unit: OrgUnit
    day: date
    targets: Mapping[int, str]
    state: str = GAP
    category: int | None = None


class Entry(NamedTuple):
    """Somebody and what they are counted for."""

    person: int
    target: int
    state: int
    post: int


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words. `due_on` is the last good day, if there is one."""

    person: Person
    number: str
    post: Post
    unit_name: str
    target: str
    state: str
    due_on: date | None


def entries(wanted: Wanted, user: User, start: int, end: int | None) -> list[Entry]:
    """Some of those whom `user` may know by name, in order of their names; each person and target once."""
    return [Entry(*row) for row in _rows(wanted, user)[start:end].values_list(*_ENTRY)]


def people(wanted: Wanted, user: User) -> Iterator[list[Entry]]:
    """All of them, some hundred at a time."""
    rows = _rows(wanted, user).values_list(*_ENTRY)
    found = (Entry(*row) for row in rows.iterator(chunk_size=_AT_ONCE))
    while some := list(islice(found, _AT_ONCE)):
        yield some


def lines(some: Iterable[Entry], wanted: Wanted, book: Rulebook, targets: Mapping[Target, int]) -> list[Line]:
    """Entries with names, posts and due days: two queries for any number."""
    some = list(some)
    ids = sorted({entry.person for entry in some})
    seats = {(seat.person_id, seat.post_id): seat for seat in _seats(some, wanted.day)}
    due = _due_days(duties_of_people(ids, wanted.day, rulebook=book), targets)
    found = [(entry, seats[entry.person, entry.post]) for entry in some if (entry.person, entry.post) in seats]
    return [
        Line(
            person=seat.person,
            number=seat.number or "",  # type: ignore[attr-defined]  # annotated
            post=seat.post,
            unit_name=seat.unit_name or "",  # type: ignore[attr-defined]  # annotated
            target=wanted.targets[entry.target],
            state=SpanState(entry.state).name.lower(),
            due_on=due.get((entry.person, entry.target)),
        )
        for entry, seat in found
    ]


def integrity_only(labels: Mapping[Target, str]) -> dict[Target, str]:
    """What an integrity officer may see of people: integrity courses alone."""
    integrity = set(Course.objects.filter(is_integrity=True).values_list("pk", flat=True))
    return {target: name for target, name in labels.items() if target.courses and target.courses <= integrity}


def strangers(some: Iterable[Entry], user: User) -> bool:
    """Whether anybody here is neither `user` nor of their own line, so that a look needs a purpose."""
    others = {entry.person for entry in some} - {user.person_id}
    return bool(others) and purposes.own_line(user).filter(pk__in=others).count() < len(others)


def _seats(some: Sequence[Entry], day: date) -> QuerySet[PostHolding]:
    names = UnitPlacement.objects.on(day).filter(unit=OuterRef("post__unit")).values("name")
    numbers = StaffNumber.objects.on(day).filter(person=OuterRef("person")).order_by("pk").values("number")
    held = PostHolding.objects.on(day).select_related("person", "post__category")
    held = held.filter(person__in={entry.person for entry in some}, post__in={entry.post for entry in some})
    return held.annotate(unit_name=Subquery(names[:1]), number=Subquery(numbers[:1]))


def _rows(wanted: Wanted, user: User) -> QuerySet[DutySpan, Any]:
    spans = DutySpan.objects.filter(
        unit__in=OrgUnit.objects.in_subtree(wanted.unit, wanted.day).values("pk"),
        from_day__lte=wanted.day,
        until_day__gt=wanted.day,
        state__in=STATES[wanted.state],
        target__in=list(wanted.targets),
        post__isnull=False,
        person__isnull=False,
    )
    if wanted.category is not None:
        spans = spans.filter(category=wanted.category)
    spans = spans.filter(_may_be_named(wanted, user))
    # Somebody with two posts has a span for each; at most one state holds for a person and a target.
    once = spans.values("person", "target").annotate(at=Max("state"), seat=Min("post"))
    return once.order_by("person__surname", "person__given_names", "person", "target")


def _may_be_named(wanted: Wanted, user: User) -> Q:
    """Access goes by today: who was in the unit on an earlier day may be somebody else's now."""
    return Q(person__in=people_for(user, Capability.SEE_STATUS).values("pk")) | Q(person=user.person_id)


def _due_days(
    duties: Mapping[int, Sequence[Duty]], targets: Mapping[Target, int]
) -> dict[tuple[int, int], date | None]:
    return {
        (person, targets[duty.target]): duty.due_on
        for person, some in duties.items()
        for duty in some
        if duty.target in targets
    }
