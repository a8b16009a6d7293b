"""May the paper begin, and with which questions."""

import pytest
from django.db import IntegrityError, transaction

from assessments import starting, submitting
from assessments.models import Attempt, AttemptQuestion, Kind, Paper, PaperDraw, Question
from courses.models import CourseVersion, Enrolment, EnrolmentEnd
from lms.core import clock
from lms.core.actors import columns
from lms.core.errors import Refused
from lms.organisation.models import JurisdictionAdoption, User
from tests.assessments import making
from tests.assessments.conftest import Answer
from tests.cast import person
from tests.plugins.time import SetClock


def _outlook(enrolment: Enrolment) -> starting.Outlook:
    paper = starting.paper_of(enrolment)
    assert paper is not None
    return starting.outlook_now(enrolment, paper, starting.attempts_of(enrolment))


def _criteria(attempt: Attempt) -> list[str]:
    return sorted(attempt.questions.values_list("criterion_version__criterion__code", flat=True))


def test_a_paper_draws_for_each_criterion(attempt: Attempt) -> None:
    assert _criteria(attempt) == ["D1.C1", "D1.C1", "D1.C2", "D1.C2"]
    assert attempt.number == 1
    assert attempt.deadline_at is not None
    assert attempt.seconds_left_at(clock.now()) == 40 * 60


def test_starting_again_goes_on_with_the_open_attempt(attempt: Attempt, enrolment: Enrolment, learner: User) -> None:
    assert starting.start(enrolment, by=learner) == attempt
    assert Attempt.objects.count() == 1


def test_two_attempts_cannot_have_one_number(attempt: Attempt) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            person=attempt.person,
            enrolment=attempt.enrolment,
            paper_version=attempt.paper_version,
            number=1,
            seed=1,
            **columns(making.BY),
        )


def test_lessons_come_first(course: CourseVersion, learner: User) -> None:
    enrolment = making.enrol(person(learner), course, lessons_done=False)
    assert "“Lesson 1”" in _outlook(enrolment).refusal
    with pytest.raises(Refused, match="Lesson 1"):
        starting.start(enrolment, by=learner)
    assert not Attempt.objects.exists()


def test_after_a_try_the_paper_opens_again_when_the_working_days_have_passed(
    attempt: Attempt, enrolment: Enrolment, learner: User, at: SetClock, answer: Answer
) -> None:
    at("2026-03-05T10:00:00")  # a Thursday; the attempt of Monday is over by then
    submitting.submit(attempt, by=learner)
    view = _outlook(enrolment)
    assert str(view.opens_on) == "2026-03-10"
    assert "10 March 2026" in view.refusal
    at("2026-03-09T23:59:00")
    with pytest.raises(Refused, match="10 March 2026"):
        starting.start(enrolment, by=learner)
    at("2026-03-10T00:00:00")
    assert starting.start(enrolment, by=learner).number == 2


def test_a_new_try_asks_only_what_is_not_met_and_fresh_questions_first(
    attempt: Attempt, enrolment: Enrolment, learner: User, at: SetClock, answer: Answer
) -> None:
    answer(attempt, wrong={"D1.C2"})
    submitting.submit(attempt, by=learner)
    at("2026-03-16T10:00:00")
    second = starting.start(enrolment, by=learner)
    assert _criteria(second) == ["D1.C2", "D1.C2"]
    asked = AttemptQuestion.objects.filter(criterion_version__criterion__code="D1.C2")
    assert asked.values("question_version__question").distinct().count() == 4


def test_tries_are_counted_and_the_enrolment_ends_with_the_last(
    enrolment: Enrolment, learner: User, at: SetClock
) -> None:
    for day in ("2026-03-02", "2026-03-09", "2026-03-16"):
        at(day)
        submitting.submit(starting.start(enrolment, by=learner), by=learner)
    at("2026-03-23")
    with pytest.raises(Refused, match="all your tries"):
        starting.start(Enrolment.objects.get(), by=learner)
    assert EnrolmentEnd.objects.get().enrolment == enrolment


def test_an_enrolment_lives_on_while_only_the_assessor_is_missing(
    enrolment: Enrolment, learner: User, at: SetClock, answer: Answer
) -> None:
    for day in ("2026-03-02", "2026-03-09"):
        at(day)
        submitting.submit(starting.start(enrolment, by=learner), by=learner)
    at("2026-03-16")
    third = starting.start(enrolment, by=learner)
    answer(third)
    submitting.submit(third, by=learner)
    assert not EnrolmentEnd.objects.exists()


def test_there_is_nothing_to_ask_once_all_is_met(
    attempt: Attempt, enrolment: Enrolment, learner: User, answer: Answer, at: SetClock
) -> None:
    answer(attempt)
    submitting.submit(attempt, by=learner)
    at("2026-03-20")
    with pytest.raises(Refused, match="met every criterion"):
        starting.start(enrolment, by=learner)


def test_an_ended_enrolment_starts_no_paper(enrolment: Enrolment, learner: User) -> None:
    EnrolmentEnd.objects.create(enrolment=enrolment, reason="Withdrawn", **columns(learner))
    with pytest.raises(Refused, match="ended"):
        starting.start(enrolment, by=learner)


def test_questions_of_a_jurisdiction_that_is_not_adopted_stay_out(monday: None, learner: User) -> None:
    version = making.make_course(questions=2, draw=2)
    Question.objects.update(jurisdiction="ZA")
    again = making.publish(version.course)
    enrolment = making.enrol(person(learner), again)
    with pytest.raises(Refused, match="no questions"):
        starting.start(enrolment, by=learner)
    JurisdictionAdoption.objects.create(jurisdiction="ZA", valid_from=clock.today(), **columns(making.BY))
    assert starting.start(enrolment, by=learner).questions.count() == 4


def test_a_question_that_was_retired_since_is_not_asked(
    course: CourseVersion, enrolment: Enrolment, learner: User
) -> None:
    keep = Question.objects.filter(criterion__code="D1.C1").first()
    assert keep is not None
    Question.objects.exclude(pk=keep.pk).update(retired_on=clock.today())
    attempt = starting.start(enrolment, by=learner)
    assert [q.question_version.question for q in attempt.questions.all()] == [keep]


def test_a_course_without_paper_says_so(course: CourseVersion, learner: User) -> None:
    Paper.objects.all()[0].draws.all().delete()
    Paper.objects.all().delete()
    bare = making.publish(course.course)
    with pytest.raises(Refused, match="no paper"):
        starting.start(making.enrol(person(learner), bare), by=learner)


def test_a_mended_question_changes_no_attempt(attempt: Attempt, course: CourseVersion) -> None:
    before = [question.question_version.stem for question in attempt.questions.all()]
    Question.objects.update(stem="Changed")
    making.publish(course.course)
    assert [question.question_version.stem for question in attempt.questions.all()] == before


def test_a_paper_holds_the_kinds_that_its_draw_asks_for(learner: User, monday: None) -> None:
    course = making.make_course(questions=6, draw=2).course
    PaperDraw.objects.filter(paper__course=course).update(at_least={Kind.STEPPED_SCENARIO: 1, Kind.MATCHING: 1})
    attempt = starting.start(making.enrol(person(learner), making.publish(course)), by=learner)
    asked = attempt.questions.values_list("criterion_version__criterion__code", "question_version__kind")
    assert sorted(asked) == [
        (criterion, kind) for criterion in ("D1.C1", "D1.C2") for kind in (Kind.MATCHING, Kind.STEPPED_SCENARIO)
    ]
