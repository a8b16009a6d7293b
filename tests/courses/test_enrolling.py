"""Beginning a course."""

from datetime import UTC, date, datetime

import pytest

from courses import enrolling
from courses.models import Course, CourseVersion, Enrolment, EnrolmentEnd, Result
from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.errors import Refused
from lms.organisation.models import Person, User
from tests.cast import person

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def me(learner: User) -> Person:
    """The learner."""
    return person(learner)


def hold(me: Person, version: CourseVersion, until: date | None, **more: object) -> Result:
    """A result from elsewhere."""
    return Result.objects.create(
        person=me,
        course_version=version,
        source="imported",
        valid_from=date(2026, 1, 1),
        holds_until=until,
        by_rule="test",
        **more,
    )


def test_one_begins_the_newest_version(tiny_course: CourseVersion, me: Person, learner: User) -> None:
    with clock.at(NOON):
        enrolment = enrolling.enrol(me, tiny_course.course, by=learner)
    assert enrolment.course_version == tiny_course
    assert enrolment.evidence_from == date(2024, 3, 2)
    assert enrolment.by == learner


def test_beginning_twice_is_beginning_once(tiny_course: CourseVersion, me: Person, learner: User) -> None:
    first = enrolling.enrol(me, tiny_course.course, by=learner)
    assert enrolling.enrol(me, tiny_course.course, by=MachineRule("again")) == first
    assert Enrolment.objects.count() == 1


def test_whoever_is_under_way_stays_on_her_version(tiny_course: CourseVersion, me: Person, learner: User) -> None:
    first = enrolling.enrol(me, tiny_course.course, by=learner)
    tiny_course.pk, tiny_course.uuid, tiny_course.number = None, Course().uuid, 2
    tiny_course.save(force_insert=True)
    assert enrolling.enrol(me, tiny_course.course, by=learner) == first


def test_a_course_that_is_not_offered_is_refused(tiny_course: CourseVersion, me: Person, learner: User) -> None:
    course = tiny_course.course
    course.is_offered = False
    course.save()
    with pytest.raises(Refused, match="not offered"):
        enrolling.enrol(me, course, by=learner)
    with pytest.raises(Refused, match="not offered"):
        enrolling.enrol(me, Course.objects.create(code="EMPTY"), by=learner)


@pytest.mark.parametrize(
    ("until", "refusal"),
    [
        (None, "it has no end"),
        (date(2026, 5, 2), "You can renew it from"),
        (date(2026, 5, 1), ""),
        (date(2026, 3, 2), ""),
        (date(2026, 3, 1), ""),
    ],
)
def test_a_holder_begins_again_when_the_time_has_come(
    tiny_course: CourseVersion, me: Person, learner: User, until: date | None, refusal: str
) -> None:
    hold(me, tiny_course, until)
    with clock.at(NOON):
        assert refusal in enrolling.why_not_yet(me, tiny_course.course)
        if refusal:
            with pytest.raises(Refused, match=refusal):
                enrolling.enrol(me, tiny_course.course, by=learner)
        else:
            assert enrolling.enrol(me, tiny_course.course, by=learner).evidence_from == date(2026, 3, 2)


def test_the_result_that_lasts_longest_counts(tiny_course: CourseVersion, me: Person) -> None:
    hold(me, tiny_course, date(2026, 3, 5))
    hold(me, tiny_course, date(2027, 1, 1))
    hold(me, tiny_course, None, valid_until=date(2026, 2, 1))
    with clock.at(NOON):
        assert "You can renew it from" in enrolling.why_not_yet(me, tiny_course.course)


def test_after_an_end_without_a_result_one_begins_anew(tiny_course: CourseVersion, me: Person, learner: User) -> None:
    first = enrolling.enrol(me, tiny_course.course, by=learner)
    EnrolmentEnd.objects.create(enrolment=first, reason="All tries used", by_rule="test")
    assert enrolling.enrol(me, tiny_course.course, by=learner) != first


def test_what_is_under_way_comes_first(tiny_course: CourseVersion, me: Person, learner: User) -> None:
    first = enrolling.enrol(me, tiny_course.course, by=learner)
    assert [(row, row.is_under_way) for row in Enrolment.objects.of(me, "TINY")] == [(first, True)]
    EnrolmentEnd.objects.create(enrolment=first, reason="All tries used", by_rule="test")
    assert [(row, row.is_under_way) for row in Enrolment.objects.of(me, "TINY")] == [(first, False)]
    second = enrolling.enrol(me, tiny_course.course, by=learner)
    assert [row.pk for row in Enrolment.objects.of(me, "TINY")] == [second.pk, first.pk]


def test_a_withdrawn_result_leaves_the_enrolment_under_way(
    tiny_course: CourseVersion, me: Person, learner: User
) -> None:
    first = enrolling.enrol(me, tiny_course.course, by=learner)
    result = hold(me, tiny_course, None, enrolment=first)
    assert not Enrolment.objects.under_way().exists()
    Result.objects.filter(pk=result.pk).update(known_until=NOON, superseded_by_rule="test")
    assert Enrolment.objects.under_way().get() == first
