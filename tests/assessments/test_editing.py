"""Questions, papers and guides in Wagtail's editor."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import editors
from assessments.models import ObservationGuide, Paper, Question
from courses.models import CourseVersion, Criterion
from lms.organisation.models import User

ClientFor = Callable[[User], Client]
CHOICE = """
options:
  - text: Give it back
    right: true
  - text: Keep it
    critical_error: true
"""


@pytest.fixture
def editor(client_for: ClientFor, author: User) -> Client:
    """The course author's browser."""
    return client_for(author)


def _data(course: CourseVersion, **more: Any) -> dict[str, Any]:
    return {
        "code": "DUTY-NEW-01",
        "course": course.course.pk,
        "criterion": Criterion.objects.get(code="D1.C1").pk,
        "kind": "single_choice",
        "stem": "What now?",
        "body_text": CHOICE,
        "feedback": "Trust.",
        "points": "1",
        "difficulty": "1",
        "jurisdiction": "all",
        **more,
    }


def _url(model: str, view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_assessments_{model}:{view}", args=args)


def test_an_author_writes_a_question(editor: Client, course: CourseVersion, author: User) -> None:
    response = editor.post(_url("question", "add"), _data(course, misconduct=["corruption"]))
    assert response.status_code == 302
    question = Question.objects.get(code="DUTY-NEW-01")
    assert question.body == {
        "options": [{"text": "Give it back", "right": True}, {"text": "Keep it", "critical_error": True}]
    }
    assert question.misconduct == ["corruption"]
    assert editors.since(course.course, None) == {author.pk}


def test_the_editor_shows_what_was_written(editor: Client, course: CourseVersion) -> None:
    question = Question.objects.filter(kind="ordering")[0]
    page = editor.get(_url("question", "edit", question.pk)).content.decode()
    assert "- Close the file\n- Tell the supervisor" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body_text": "options:\n  - text: One\n  - text: Two"}, "exactly one"),
        ({"body_text": "options:\n  - text: One\n    rihgt: true"}, "Line 3"),
        ({"body_text": "options: ["}, "Line 1"),
        ({"body_text": "just words"}, "Named fields are expected"),
        ({"body_text": "a: &x [1]\nb: *x"}, "Write it out"),
        ({"body_text": "x" * 100_000}, "at most 20000"),
        ({"kind": "matching"}, "pairs"),
        ({"jurisdiction": "Mars"}, "is not known here"),
        ({"misconduct": ["laziness"]}, "laziness"),
    ],
)
def test_a_question_that_cannot_be_asked_is_not_saved(
    editor: Client, course: CourseVersion, change: dict[str, Any], words: str
) -> None:
    response = editor.post(_url("question", "add"), _data(course, **change))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Question.objects.filter(code="DUTY-NEW-01").exists()


def test_a_question_is_previewed_as_a_learner_sees_it(editor: Client, course: CourseVersion) -> None:
    url = _url("question", "preview_on_add")
    assert editor.post(url, _data(course)).json()["is_valid"]
    page = editor.get(url).content.decode()
    assert "What now?" in page
    assert "Give it back" in page
    assert "Trust." in page
    assert "critical" not in page


CASE = """
steps:
  - question: What first?
    options:
      - {text: Greet, right: true, feedback: Polite.}
      - {text: Shout, feedback: Rude., critical_error: true}
  - scene: He answers *softly*.
    question: What next?
    options:
      - {text: Listen, right: true, feedback: Good.}
      - {text: Leave, feedback: He waits.}
"""


def test_an_author_writes_a_case_and_sees_all_of_it(editor: Client, course: CourseVersion) -> None:
    data = _data(course, kind="stepped_scenario", body_text=CASE)
    assert editor.post(_url("question", "add"), data).status_code == 302
    question = Question.objects.get(code="DUTY-NEW-01")
    assert [len(step["options"]) for step in question.body["steps"]] == [2, 2]
    assert question.body["steps"][0]["options"][1] == {"text": "Shout", "feedback": "Rude.", "critical_error": True}
    preview = _url("question", "preview_on_edit", question.pk)
    assert editor.post(preview, data).json()["is_valid"]
    page = editor.get(preview).content.decode()
    for words in ("What first?", "<em>softly</em>", "Listen"):
        assert words in page


def test_a_case_without_feedback_is_refused_at_its_line(editor: Client, course: CourseVersion) -> None:
    silent = CASE.replace(", feedback: He waits.", "")
    page = editor.post(_url("question", "add"), _data(course, kind="stepped_scenario", body_text=silent))
    assert "Line 10: “feedback” is missing." in page.content.decode()


def test_an_author_changes_what_a_paper_draws(editor: Client, course: CourseVersion) -> None:
    paper = Paper.objects.get()
    data = {
        "course": course.course.pk,
        "code": paper.code,
        "title": "The paper",
        "introduction": "Go.",
        "minutes": "",
        "planned_minutes": "30",
        "cooling_off_working_days": "3",
        "tries": "2",
        "draws_text": "D1.C2: 5, at least 2 stepped_scenario, at least 1 ordering\n\nD1.C1: 3\n",
    }
    assert editor.post(_url("paper", "edit", paper.pk), data).status_code == 302
    assert list(paper.draws.values_list("criterion__code", "questions")) == [("D1.C2", 5), ("D1.C1", 3)]
    assert paper.draws.get(criterion__code="D1.C2").at_least == {"stepped_scenario": 2, "ordering": 1}
    assert Paper.objects.get().minutes is None
    page = editor.get(_url("paper", "edit", paper.pk)).content.decode()
    assert "D1.C2: 5, at least 1 ordering, at least 2 stepped_scenario\nD1.C1: 3" in page


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        ("NO.C1: 3", "is not known"),
        ("D1.C1: none", "Write a number"),
        ("D1.C1: 2\nD1.C1: 3", "twice"),
        ("D1.C1: 3, at least 2 essays", "is not understood"),
        ("D1.C1: 3, two cases", "is not understood"),
        ("D1.C1: 3, at least 4 ordering", "more questions of some kinds"),
    ],
)
def test_a_paper_with_unreadable_draws_is_not_saved(
    editor: Client, course: CourseVersion, draws: str, words: str
) -> None:
    paper = Paper.objects.get()
    data = {"course": course.course.pk, "code": "X", "title": "Changed", "planned_minutes": "3", "tries": "2"}
    response = editor.post(
        _url("paper", "edit", paper.pk), {**data, "cooling_off_working_days": "3", "draws_text": draws}
    )
    assert words in response.content.decode()
    assert Paper.objects.get().title == "The paper"
    assert paper.draws.count() == 2


def test_an_author_changes_what_assessors_look_for(editor: Client, course: CourseVersion) -> None:
    guide = ObservationGuide.objects.get()
    data = {
        "course": course.course.pk,
        "criterion": guide.criterion.pk,
        "planned_minutes": "25",
        "guide": "Watch.",
        "signs_text": "Greets\n\n Listens \n",
    }
    assert editor.post(_url("observationguide", "edit", guide.pk), data).status_code == 302
    assert ObservationGuide.objects.get().look_for == ["Greets", "Listens"]


@pytest.mark.parametrize("who", ["learner", "assessor", "hr", "integrity_officer"])
def test_others_edit_nothing(
    client_for: ClientFor, course: CourseVersion, request: pytest.FixtureRequest, who: str
) -> None:
    client = client_for(request.getfixturevalue(who))
    assert client.get(_url("question", "list")).status_code in {302, 403}
    assert client.post(_url("question", "add"), _data(course)).status_code in {302, 403}
    assert not Question.objects.filter(code="DUTY-NEW-01").exists()
