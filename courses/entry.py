"""Where people stand with what courses ask of them: one query, however many people and courses."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from courses.eligibility import Audience, Eligibility, Known, Need, Waiver, judge
from courses.models import (
    Course,
    CourseAudience,
    CourseVersion,
    Enrolment,
    EntryEvidence,
    EntryRequirement,
    EntryWaiver,
    Nomination,
    Result,
)
from lms.core import clock
from lms.organisation.models import Person, PostHolding

# The rule for advanced courses where the organisation has none.
BY_NOMINATION = Audience(is_open=False)

People = Collection[int] | QuerySet[Person]


@dataclass
class Facts:
    """What courses ask, and what is on record about people."""

    needs: dict[int, list[Need]] = field(default_factory=lambda: defaultdict(list))
    advanced: set[int] = field(default_factory=set)
    # By course; None is for all advanced ones.
    audiences: dict[int | None, Audience] = field(default_factory=dict)
    people: dict[int, Known] = field(default_factory=lambda: defaultdict(Known))

    def audience(self, course: int) -> Audience:
        """Who may take a course: its own rule, the rule for advanced ones, else everybody or by nomination alone."""
        if course in self.audiences:
            return self.audiences[course]
        if course in self.advanced:
            return self.audiences.get(None, BY_NOMINATION)
        return Audience(is_open=True)

    def of(self, person: int | None, course: int) -> Eligibility:
        """Where a person stands with a course; of nobody, only what it asks is told."""
        known = self.people[person] if person in self.people else Known()
        return judge(course, self.needs.get(course, []), self.audience(course), known)


def load(people: People = (), *, version: CourseVersion | None = None) -> Facts:
    """All that is known today. `version` asks by that version's rules, else each course's newest offered one."""
    found = Facts()
    for row in _rows(people, version):
        if row.kind in _OF_COURSES:
            _OF_COURSES[row.kind](found, row)
        else:
            _OF_PEOPLE[row.kind](found.people[row.person or 0], row)
    return found


def of(person: Person, course: Course) -> Eligibility:
    """Where one person stands with what a course asks of whoever begins it today."""
    return load([person.pk]).of(person.pk, course.pk)


def of_enrolment(enrolment: Enrolment) -> Eligibility:
    """The same by the version that she is on."""
    version = enrolment.course_version
    return load([enrolment.person_id], version=version).of(enrolment.person_id, version.course_id)


class Row(NamedTuple):
    """A row of the one query; what each column holds depends on its kind."""

    kind: str
    person: int | None
    course: int | None
    other: int | None
    subject: int | None
    number: int
    flag: int
    day: date
    name: str
    code: str


# Cast, because PostgreSQL takes a bare NULL for text.
_NO_NUMBER = Cast(Value(None), IntegerField())
_EMPTY: dict[str, Any] = {
    "who": _NO_NUMBER,
    "course_": _NO_NUMBER,
    "other": _NO_NUMBER,
    "subject_": _NO_NUMBER,
    "number_": Value(0, output_field=IntegerField()),
    "flag": Value(0, output_field=IntegerField()),
    "day": Cast(Value(None), DateField()),
    "name_": Value("", output_field=CharField()),
    "code_": Value("", output_field=CharField()),
}


def _rows(people: People, version: CourseVersion | None) -> list[Row]:
    today = clock.today()
    of_them = {"person__in": people}
    decided = Nomination.objects.filter(**of_them).with_decision()
    results = Result.objects.in_date_on(today).filter(**of_them)
    evidence = EntryEvidence.objects.on(today).filter(**of_them)
    waivers = EntryWaiver.objects.on(today).filter(**of_them)
    begun = Enrolment.objects.under_way().filter(**of_them)
    posts = PostHolding.objects.on(today).filter(**of_them)
    found = _needs(version).union(
        _as("advanced", Course.objects.filter(track=Course.Track.ADVANCED), course_="pk"),
        _as(
            "audience",
            CourseAudience.objects.on(today),
            course_="course_id",
            other="categories__pk",
            flag=Cast("is_open", IntegerField()),
            name_=Coalesce("categories__name", Value("")),
        ),
        _as("held", results, who="person_id", course_="course_version__course_id", day="valid_from"),
        _as("evidence", evidence, who="person_id", subject_="subject_id", number_="level", day="valid_from"),
        _as(
            "waiver", waivers, who="person_id", course_="course_id", other="required_course_id",
            subject_="subject_id", number_=Coalesce("level", 0), day="valid_from",
        ),
        _as("post", posts, who="person_id", other="post__category_id"),
        _as("under_way", begun, who="person_id", course_="course_version__course_id"),
        _as("nomination", decided, who="person_id", course_="course_id", number_="pk", name_="outcome"),
        all=True,
    )  # fmt: skip
    return sorted((Row(*row) for row in found), key=_order)


def _order(row: Row) -> tuple[int, str, str]:
    """Subjects before courses, each by name; and of several nominations the newest last, since it counts."""
    return row.number if row.kind == "nomination" else 0, row.code, row.name


def _needs(version: CourseVersion | None) -> QuerySet[Any, Any]:
    versions = CourseVersion.objects.filter(pk=version.pk) if version else CourseVersion.objects.current()
    titles = CourseVersion.objects.filter(course=OuterRef("required_course")).order_by("-number").values("title")[:1]
    return _as(
        "need",
        EntryRequirement.objects.filter(course_version__in=versions.order_by()),
        course_="course_version__course_id",
        other="required_course_id",
        subject_="subject_id",
        number_=Coalesce("level", 0),
        flag=Cast("is_conditional", IntegerField()),
        name_=Coalesce("subject__name", Subquery(titles), "required_course__code", output_field=CharField()),
        code_=Coalesce("required_course__code", Value(""), output_field=CharField()),
    )


def _as(kind: str, rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    """Rows in the columns that all parts of the one query share."""
    named = {name: F(column) if isinstance(column, str) else column for name, column in columns.items()}
    wanted = {"kind_": Value(kind, output_field=CharField()), **_EMPTY, **named}
    named_rows: QuerySet[Any, Any] = rows.order_by().annotate(**wanted).values_list(*wanted)
    return named_rows


def _add_need(found: Facts, row: Row) -> None:
    need = Need(row.other, row.subject, row.number, bool(row.flag), row.name, row.code)
    found.needs[row.course or 0].append(need)


def _add_audience(found: Facts, row: Row) -> None:
    before = found.audiences.get(row.course, Audience(bool(row.flag)))
    more = {row.other: row.name} if row.other else {}
    found.audiences[row.course] = Audience(before.is_open, {**before.categories, **more})


def _add_held(known: Known, row: Row) -> None:
    course = row.course or 0
    known.held[course] = min(row.day, known.held.get(course, row.day))


def _add_waiver(known: Known, row: Row) -> None:
    known.waivers.append(Waiver(row.course or 0, row.other, row.subject, row.number, row.day))


_OF_COURSES: dict[str, Callable[[Facts, Row], None]] = {
    "need": _add_need,
    "advanced": lambda found, row: found.advanced.add(row.course or 0),
    "audience": _add_audience,
}
_OF_PEOPLE: dict[str, Callable[[Known, Row], None]] = {
    "held": _add_held,
    "evidence": lambda known, row: known.evidence.append((row.subject or 0, row.number, row.day)),
    "waiver": _add_waiver,
    "post": lambda known, row: known.categories.add(row.other or 0),
    "under_way": lambda known, row: known.under_way.add(row.course or 0),
    "nomination": lambda known, row: known.nominations.update({row.course or 0: row.name}),
}
