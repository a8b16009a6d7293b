"""The queue of exceptions in some units: computed from the facts each time, the same few queries for any number.

Candidates come from what is stored of duties; what is said of each is worked out live, and what somebody left as it
is stays away until the facts are different.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from django.conf import settings
from django.db.models import DateField, DateTimeField, F, Q, QuerySet, TextField, Value

from courses.models import CourseVersion, Document, Enrolment, Result
from lms.core import clock
from lms.duties import facts
from lms.duties.exceptions import findings, queue_words
from lms.duties.exceptions.findings import Background, Finding, Kind
from lms.duties.models import (
    DutySpan,
    DutyTarget,
    ExceptionSeen,
    Exemption,
    ExtensionRequest,
    RequirementVersion,
    SpanState,
)
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit, Person, PostHolding

# An exemption is spoken of so many days before it ends.
_ENDS_SOON = timedelta(days=30)
_NO_DAY = Value(None, output_field=DateField())
_NO_MOMENT = Value(None, output_field=DateTimeField())
_NO_TEXT = Value("", output_field=TextField())


@dataclass(frozen=True, slots=True)
class Line:
    """An exception as the list shows it."""

    finding: Finding
    person: Person
    unit: str
    sentence: str
    advice: str


@dataclass(frozen=True, slots=True)
class Queue:
    """All lines about the people that were looked at. `is_cut`: there are more people than are looked at at once."""

    lines: Sequence[Line]
    looked_at: int
    is_cut: bool


class _Row(NamedTuple):
    """A small fact of any kind about a person, as the one query returns it."""

    kind: str
    person: int
    number: int
    text: str
    day: date | None
    moment: datetime | None


# By kind and person; what is nobody's under 0.
_Small: TypeAlias = defaultdict[tuple[str, int], list[_Row]]


def of_units(units: QuerySet[OrgUnit], *, apart_from: int | None, integrity_only: bool) -> Queue:
    """The exceptions of people in some units, requests for more time first; without one person, who is looking."""
    today, most = clock.today(), settings.EXCEPTIONS_LOOKED_AT
    waiting = list(_waiting(_people_in(units, today))[: most + 1])
    asked = {request.person_id for request in waiting}
    others = [person for person in _candidates(units, today)[: most + 1] if person not in asked]
    people = [person for person in [*sorted(asked), *others] if person != apart_from]
    lines = _lines(people[:most], waiting, today, integrity_only=integrity_only)
    return Queue(lines, min(len(people), most), len(people) > most)


def of_person(person: Person, *, integrity_only: bool) -> list[Line]:
    """The exceptions of one person."""
    waiting = list(_waiting(Q(person=person)))
    return _lines([person.pk], waiting, clock.today(), integrity_only=integrity_only)


def _people_in(units: QuerySet[OrgUnit], day: date) -> Q:
    return Q(person__in=PostHolding.objects.on(day).filter(post__unit__in=units).values("person"))


def _waiting(whose: Q) -> QuerySet[ExtensionRequest]:
    return ExtensionRequest.objects.waiting().filter(whose).select_related("target").order_by("on", "pk")


def _candidates(units: QuerySet[OrgUnit], day: date) -> QuerySet[Any]:
    """People of whom something is open, ends soon, or may be held by another course."""
    renewal = day + timedelta(days=settings.RENEWAL_OPENS_DAYS)
    spans = DutySpan.objects.filter(unit__in=units, person__isnull=False, post__isnull=False)
    spans = spans.filter(from_day__lte=day, until_day__gt=day)
    several = DutyTarget.objects.filter(key__contains=",").values("pk")
    learning = Enrolment.objects.under_way().values("person")
    is_open = Q(state__in=[SpanState.NOT_YET_DUE, SpanState.OVERDUE])
    in_date = Q(state=SpanState.IN_DATE)
    found = spans.filter(is_open | (in_date & (Q(until_day__lte=renewal) | Q(target__in=several, person__in=learning))))
    exempt = _ending(Exemption.objects.held().filter(_people_in(units, day)), day)
    return (
        found.order_by()
        .values_list("person", flat=True)
        .union(exempt.order_by().values_list("person", flat=True))
        .order_by("person")
    )


def _ending(rows: QuerySet[Exemption], day: date) -> QuerySet[Exemption]:
    """Exemptions of which the end, or the day on which they are looked at again, is near."""
    goes_on = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    is_near = Q(valid_until__lte=day + _ENDS_SOON) | Q(valid_until__isnull=True, review_on__lte=day + _ENDS_SOON)
    return rows.filter(goes_on & is_near, valid_from__lte=day)


def _lines(
    people: Sequence[int], waiting: Sequence[ExtensionRequest], day: date, *, integrity_only: bool
) -> list[Line]:
    if not people:
        return []
    known = facts.load(people, day)
    small = _small_facts(people, known.rulebook.words, day)
    courses = _courses()
    every = _findings(people, known, small, courses, waiting, day)
    found = [finding for finding in every if finding.says not in {row.text for row in small["seen", finding.person]}]
    if integrity_only:
        found = [finding for finding in found if _is_integrity(finding.target, courses)]
    return list(_in_words(found, courses, day))


class _Course(NamedTuple):
    title: str
    minutes: int
    is_integrity: bool


def _courses() -> dict[int, _Course]:
    rows = CourseVersion.objects.order_by("number").values_list(
        "course_id", "title", "planned_minutes", "course__is_integrity"
    )
    return {course: _Course(title, minutes, is_integrity) for course, title, minutes, is_integrity in rows}


def _is_integrity(target: Target, courses: Mapping[int, _Course]) -> bool:
    return bool(target.courses) and all(course in courses and courses[course].is_integrity for course in target.courses)


def _findings(
    people: Sequence[int],
    known: facts.Facts,
    small: _Small,
    courses: Mapping[int, _Course],
    waiting: Sequence[ExtensionRequest],
    day: date,
) -> Iterator[Finding]:
    asked = set(people)
    for request in waiting:
        if request.person_id in asked:
            yield findings.more_time(request.person_id, request.target.target, request.wanted_until, str(request.uuid))
    for person in people:
        for row in small["exemption", person]:
            if row.day is not None:
                last = row.day if row.text == "review" else row.day - timedelta(days=1)
                yield findings.exemption_ending(person, row.number, last, is_review=row.text == "review")
        background = _background(person, small, courses)
        for obligation in known.obligations_of(person):
            yield from findings.of_duty(obligation, day, background)


def _background(person: int, small: _Small, courses: Mapping[int, _Course]) -> Background:
    return Background(
        minutes={course: words.minutes for course, words in courses.items()},
        hours_a_week=settings.TRAINING_HOURS_A_WEEK,
        posts_known={(row.number, row.day): _day_of(row) for row in small["holding", person] if row.day is not None},
        rules_known={row.number: _day_of(row) for row in small["rule", 0]},
        brought=[row.number for row in small["result", person]],
        begun=[row.number for row in small["enrolment", person]],
    )


def _day_of(row: _Row) -> date:
    return clock.day_of(row.moment) if row.moment is not None else date.min


def _in_words(found: Sequence[Finding], courses: Mapping[int, _Course], day: date) -> Iterator[Line]:
    """Lines by kind, then by name: two queries."""
    wanted = {finding.person for finding in found}
    rows = PostHolding.objects.on(day).filter(person__in=wanted).select_related("person", "post__category")
    held: dict[int, list[PostHolding]] = defaultdict(list)
    for holding in rows.order_by("valid_from", "pk"):
        held[holding.person_id].append(holding)
    units = OrgUnit.objects.named(day).filter(pk__in={h.post.unit_id for some in held.values() for h in some})
    names = {unit.pk: unit.name for unit in units}
    posts = {
        h.post_id: f"{h.post.title or h.post.category.name}, {names[h.post.unit_id]}"
        for some in held.values()
        for h in some
    }
    titles = {course: words.title for course, words in courses.items()}
    signed = {finding.target.document for finding in found if finding.target.document is not None}
    documents = dict(Document.objects.filter(pk__in=signed).values_list("pk", "title")) if signed else {}
    order = list(Kind)
    lines = [
        Line(
            finding,
            held[finding.person][0].person,
            ", ".join(dict.fromkeys(names[h.post.unit_id] for h in held[finding.person])),
            queue_words.sentence(finding, titles=titles, documents=documents, posts=posts),
            queue_words.advice(finding),
        )
        for finding in found
        if finding.person in held
    ]
    yield from sorted(lines, key=lambda line: (order.index(line.finding.kind), line.person.surname, line.person.pk))


def _small_facts(people: Sequence[int], versions: Collection[int], day: date) -> _Small:
    """All that is needed beside duties, in one query."""
    exemptions = _ending(Exemption.objects.held().filter(person__in=people), day)
    brought = Result.objects.held().filter(person__in=people).exclude(source=Result.Source.OWN)
    parts = [
        # The first has every column, so that a database knows the types of what the others lack.
        _part(
            "holding",
            PostHolding.objects.held().filter(person__in=people),
            "post_id",
            day=F("valid_from"),
            moment=F("known_from"),
        ),
        _part("exemption", exemptions.filter(valid_until__isnull=False), "course_id", Value("end"), F("valid_until")),
        _part("exemption", exemptions.filter(valid_until__isnull=True), "course_id", Value("review"), F("review_on")),
        _part("result", brought, "pk"),
        _part("enrolment", Enrolment.objects.under_way().filter(person__in=people), "course_version__course_id"),
        _part("seen", ExceptionSeen.objects.filter(person__in=people), "pk", F("says")),
        _part(
            "rule", RequirementVersion.objects.filter(pk__in=list(versions)), "pk", moment=F("known_from"), person=False
        ),
    ]
    found: _Small = defaultdict(list)
    for values in parts[0].union(*parts[1:], all=True):
        row = _Row(*values)
        found[row.kind, row.person].append(row)
    return found


def _part(
    kind: str,
    rows: QuerySet[Any],
    number: str,
    text: Any = _NO_TEXT,
    day: Any = _NO_DAY,
    moment: Any = _NO_MOMENT,
    *,
    person: bool = True,
) -> QuerySet[Any]:
    whose = F("person_id") if person else Value(0)
    return rows.order_by().values_list(Value(kind, output_field=TextField()), whose, F(number), text, day, moment)
