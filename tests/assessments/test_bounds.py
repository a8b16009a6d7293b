"""Questions outside their bounds: too hard or too easy, once enough people have tried them."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from assessments import bounds, freezing, starting, submitting
from assessments.models import Question
from courses.models import CourseVersion
from courses.ports import review_reasons
from lms.core import clock
from lms.organisation.models import User
from tests.assessments import making
from tests.assessments.conftest import Answer
from tests.cast import person


@pytest.mark.parametrize(
    ("tries", "facility", "is_hard", "is_easy"),
    [
        (49, "0", False, False),
        (50, "0", True, False),
        (50, "0.2499", True, False),
        (50, "0.25", False, False),
        (50, "0.95", False, False),
        (50, "0.9501", False, True),
        (49, "1", False, False),
        (500, "1", False, True),
    ],
)
def test_bounds_are_a_quarter_and_nineteen_twentieths_over_fifty_tries(
    tries: int, facility: str, is_hard: bool, is_easy: bool
) -> None:
    assert bounds.is_too_hard(tries, Decimal(facility)) is is_hard
    assert bounds.is_too_easy(tries, Decimal(facility)) is is_easy
    assert bounds.outside_bounds(tries, Decimal(facility)) is (is_hard or is_easy)


@pytest.fixture
def tried(monday: None, learner: User, colleague: User, stranger: User, answer: Answer) -> CourseVersion:
    """Two have handed in: D1.C1 was right once and wrong once, D1.C2 right twice. A third paper is still open."""
    version = making.make_course(questions=3, draw=3)
    for user, wrong in ((learner, {"D1.C1"}), (colleague, ())):
        attempt = starting.start(making.enrol(person(user), version), by=user)
        answer(attempt, wrong=wrong)
        submitting.submit(attempt, by=user)
    answer(starting.start(making.enrol(person(stranger), version), by=stranger))
    return version


def _due(version: CourseVersion) -> dict[str, tuple[str, str]]:
    reasons = [reason for _name, entry in review_reasons for reason in entry([version.course])]
    assert {reason.course for reason in reasons} <= {version.course}
    return {reason.what: (reason.why, reason.url) for reason in reasons if reason.what.startswith("DUTY-")}


def test_each_version_has_its_tries_and_facility(tried: CourseVersion) -> None:
    figures = {use.version.question.code: (use.tries, use.facility) for use in bounds.uses([tried.course])}
    assert figures == {
        **{f"DUTY-D1C1-{number:02d}": (2, Decimal("0.5")) for number in (1, 2, 3)},
        **{f"DUTY-D1C2-{number:02d}": (2, Decimal(1)) for number in (1, 2, 3)},
    }


def test_the_author_is_told_which_questions_to_look_at(tried: CourseVersion, settings: Settings) -> None:
    assert not _due(tried)
    settings.QUESTION_TRIES_TO_JUDGE_BY = 2
    due = _due(tried)
    assert set(due) == {"DUTY-D1C2-01", "DUTY-D1C2-02", "DUTY-D1C2-03"}
    why, url = due["DUTY-D1C2-01"]
    assert "100 % over 2 tries" in why
    assert str(Question.objects.get(code="DUTY-D1C2-01").pk) in url


def test_a_mended_or_retired_question_is_not_due(tried: CourseVersion, settings: Settings) -> None:
    settings.QUESTION_TRIES_TO_JUDGE_BY = 2
    mended, retired = Question.objects.filter(criterion__code="D1.C2")[:2]
    mended.stem = "Asked more clearly"
    mended.save()
    freezing.freeze_question(mended)
    retired.retired_on = clock.today()
    retired.save()
    assert set(_due(tried)) == {"DUTY-D1C2-03"}
