"""Courses, results and rules for tests of duties, in as few words as possible."""

from datetime import date, datetime, time
from uuid import uuid4

from django.utils import timezone

from courses.models import Acknowledgement, ChangesRead, Course, CourseVersion, Document, DocumentVersion, Result
from lms.core.actors import MachineRule, columns
from lms.core.months import last_day_of_term
from lms.duties import requiring
from lms.duties.models import TrainingRequirement
from lms.duties.requiring import Audience, Terms
from lms.organisation.models import Person
from tests.cast import Office

BY = MachineRule("a test sets the scene")
TODAY = date(2026, 3, 16)


def make_course(code: str, *, title: str = "", holds_months: int | None = 24, is_integrity: bool = False) -> Course:
    """A published course without content."""
    course = Course.objects.create(code=code, is_integrity=is_integrity)
    CourseVersion.objects.create(
        course=course,
        number=1,
        title=title or f"Course {code}",
        summary="What it is about.",
        purpose="So that people can do it.",
        review_due=date(2030, 1, 1),
        moderator_name="A moderator",
        planned_minutes=60,
        pass_percent=70,
        met_percent="66.67",
        met_critical_percent=80,
        holds_months=holds_months,
        content_hash=code,
        **columns(BY),
    )
    return course


def noon(day: date) -> datetime:
    """An instant of a day."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def publish_meaning(course: Course, *, on: date, days: int | None = 30) -> CourseVersion:
    """The course's next version, which means something else; holders read what changed within some days."""
    version = course.current
    assert version is not None
    version.pk, version.uuid, version._state.adding = None, uuid4(), True
    version.number, version.changes_due_days, version.meant_since = version.number + 1, days, noon(on)
    version.what_changed = f"What changed in version {version.number}."
    version.save()
    return version


def make_document(code: str, *, title: str = "", kind: Document.Kind = Document.Kind.CODE) -> Document:
    """A document without versions."""
    return Document.objects.create(code=code, title=title or f"Document {code}", kind=kind)


def replace_document(document: Document, on: date, *, days: int | None = 30) -> DocumentVersion:
    """The document's next version, in effect from a day on."""
    number = document.versions.count() + 1
    return DocumentVersion.objects.create(
        document=document,
        version=str(number),
        body="What we promise.",
        acknowledgement="I have read it.",
        what_changed=f"What is new in version {number}.",
        effective_on=on,
        review_due=date(2030, 1, 1),
        sign_again_days=days,
        added_at=noon(on),
    )


def read_changes(person: Person, course: Course, on: date) -> ChangesRead:
    """The person confirmed what changed, up to the course's newest version."""
    version = course.versions.latest("number")
    return ChangesRead.objects.create(person=person, course_version=version, on=noon(on), **columns(BY))


def sign(person: Person, version: DocumentVersion, on: date) -> Acknowledgement:
    """The person put their name to a version of a document."""
    return Acknowledgement.objects.create(person=person, document_version=version, on=noon(on), **columns(BY))


def pass_course(person: Person, course: Course, on: date, *, source: Result.Source = Result.Source.IMPORTED) -> Result:
    """The person passed the course's newest version on a day."""
    version = course.current
    assert version is not None
    holds = None if version.holds_months is None else last_day_of_term(on, version.holds_months)
    return Result.objects.create(
        person=person, course_version=version, source=source, valid_from=on, holds_until=holds, **columns(BY)
    )


def make_rule(
    office: Office,
    *courses: Course,
    unit: str = "kopw",
    categories: tuple[str, ...] = (),
    due_days: int = 30,
    from_day: date = date(2026, 1, 1),
    counts_months: int | None = None,
    people: tuple[Person, ...] = (),
    title: str = "",
    document: Document | None = None,
) -> TrainingRequirement:
    """A rule made by the machine."""
    audience = Audience(office.units[unit], [office.categories[code] for code in categories], people=people)
    terms = Terms(courses, due_days, counts_months, document=document)
    return requiring.require(
        title or f"Rule {unit} {document or courses[0]}", audience=audience, terms=terms, by=BY, from_day=from_day
    )
