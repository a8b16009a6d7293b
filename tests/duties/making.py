"""Courses, results and rules for tests of duties, in as few words as possible."""

from datetime import date

from courses.models import Course, CourseVersion, Result
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
) -> TrainingRequirement:
    """A rule made by the machine."""
    audience = Audience(office.units[unit], [office.categories[code] for code in categories], people=people)
    terms = Terms(courses, due_days, counts_months)
    return requiring.require(
        title or f"Rule {unit} {courses[0]}", audience=audience, terms=terms, by=BY, from_day=from_day
    )
