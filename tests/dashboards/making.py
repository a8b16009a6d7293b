"""People with something to do, for tests of the pages that gather it."""

from datetime import timedelta

from courses import enrolling
from courses.models import Course, LessonVersion
from lms.core import clock
from lms.organisation.models import User
from tests.cast import Office, person
from tests.duties.making import make_course, make_rule, pass_course


def with_lessons(code: str, *, title: str = "", is_integrity: bool = False) -> Course:
    """A published course with two empty lessons."""
    course = make_course(code, title=title, is_integrity=is_integrity)
    version = course.versions.get()
    for position, (key, words, minutes) in enumerate([("first", "What it is", 6), ("second", "Gifts", 8)], 1):
        LessonVersion.objects.create(
            course_version=version, edition=1, key=key, position=position, title=words, minutes=minutes,
            blocks=[], content_hash=key,
        )  # fmt: skip
    return course


def somebody_busy(office: Office, *, duties: int) -> User:
    """A clerk with so many duties: a third done, a third begun, a third not."""
    user = office.hire("Busy", "Person", "brook-clerk", from_day=clock.today() - timedelta(days=26))
    for number in range(duties):
        course = with_lessons(f"C{number}")
        make_rule(office, course, from_day=clock.today() - timedelta(days=60))
        if number % 3 == 0:
            pass_course(person(user), course, clock.today() - timedelta(days=14))
        elif number % 3 == 1:
            enrolling.enrol(person(user), course, by=user)
    return user
