"""What keeps a course from being published: too few questions for a retake, kinds of misconduct that nobody asks about."""

import pytest
from pytest_django import Settings

from assessments import publishing
from assessments.models import Misconduct, Paper, PaperDraw, Question
from courses.curriculum.loading import load
from courses.models import Course, CoursePage
from tests.assessments.test_packs import TINY


@pytest.fixture
def tea(db: None) -> Course:
    """The tiny course: T1.C1 draws 3 of 6 questions and T1.C2 draws 5 of 10."""
    load(TINY)
    return Course.objects.get()


def _of_country(criterion: str, *countries: str) -> None:
    questions = list(Question.objects.filter(criterion__code=criterion).order_by("-code"))
    for question, country in zip(questions, countries, strict=False):
        question.jurisdiction = country
        question.save()


def test_twice_what_is_drawn_is_enough(tea: Course) -> None:
    assert publishing.paper_problems(tea) == []


def test_a_retake_finds_fresh_questions(tea: Course) -> None:
    Question.objects.filter(code="TINY-C1-06").update(retired_on="2020-01-01")
    (problem,) = publishing.paper_problems(tea)
    assert problem == (
        "T1.C1 has 5 questions, and the paper draws 3: so that a retake asks fresh ones, it needs at least 6."
    )


def test_how_many_times_is_policy_and_a_single_try_needs_no_fresh_ones(tea: Course, settings: Settings) -> None:
    settings.QUESTIONS_PER_DRAW = 3
    assert len(publishing.paper_problems(tea)) == 2
    Paper.objects.update(tries=1)
    assert publishing.paper_problems(tea) == []


def test_questions_of_one_country_count_in_a_course_for_that_country(tea: Course) -> None:
    _of_country("T1.C1", "ZA", "ZA", "ZA")
    assert publishing.paper_problems(tea) == []


def test_questions_of_several_countries_do_not_count(tea: Course) -> None:
    _of_country("T1.C1", "ZA", "NG")
    (problem,) = publishing.paper_problems(tea)
    assert "T1.C1 has 4 questions" in problem
    assert "2 more are for single countries and do not count." in problem


def test_there_are_enough_of_the_kind_that_a_draw_asks_for(tea: Course) -> None:
    PaperDraw.objects.filter(criterion__code="T1.C2").update(at_least={"stepped_scenario": 1, "matching": 2})
    (problem,) = publishing.paper_problems(tea)
    assert problem == "T1.C2 has 1 of the 2 questions of the kind “Matching” that the paper asks for."


def test_a_course_on_misconduct_asks_about_each_kind(tea: Course, settings: Settings) -> None:
    assert publishing.misconduct_problems(tea) == []
    settings.MISCONDUCT_CRITERIA = ("T1.C1",)
    assert len(publishing.misconduct_problems(tea)) == 6
    Question.objects.filter(code="TINY-C2-01").update(misconduct=[kind.value for kind in Misconduct][1:])
    assert publishing.misconduct_problems(tea) == [
        "No question is about “Suppression of records”; a course on misconduct asks about every kind of it."
    ]
    # Whoever tells kinds of misconduct apart needs all of them, whether or not an integrity unit may assign the course.
    CoursePage.objects.update(is_integrity=False)
    assert len(publishing.misconduct_problems(tea)) == 1
