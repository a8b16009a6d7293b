"""What tests of assessments may use: a small course of every kind of question, and a learner on it."""

from collections.abc import Callable
from typing import Any

import pytest

from assessments import starting
from assessments.models import Attempt
from courses.models import CourseVersion, Enrolment
from lms.organisation.models import User
from tests.assessments import making
from tests.cast import person
from tests.plugins.time import SetClock

Answer = Callable[..., None]


@pytest.fixture
def monday(at: SetClock) -> None:
    """The clock stands at Monday, 2 March 2026, at nine."""
    at("2026-03-02T09:00:00")


@pytest.fixture
def course(monday: None, db: None) -> CourseVersion:
    """A published course: D1.C1 and D1.C2 (critical) by paper, D1.C3 by observation."""
    return making.make_course()


@pytest.fixture
def enrolment(course: CourseVersion, learner: User) -> Enrolment:
    """Lindiwe on the course, lessons done."""
    return making.enrol(person(learner), course)


@pytest.fixture
def attempt(enrolment: Enrolment, learner: User) -> Attempt:
    """Lindiwe's open attempt."""
    return starting.start(enrolment, by=learner)


@pytest.fixture
def answer(learner: User) -> Answer:
    """`answer(attempt)` answers every question rightly; `wrong={"D1.C2"}` leaves those criteria empty."""

    def fill(attempt: Attempt, *, wrong: Any = ()) -> None:
        questions = attempt.questions.select_related("question_version", "criterion_version__criterion")
        for question in questions:
            if question.criterion_version.criterion.code not in wrong:
                client = f"test-client-{question.position}"
                making.save_right(question, client=client, sequence=1, by=learner)

    return fill
