"""A case in steps: the next scene opens after an answer, and what was answered before it stands from then on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import answering, starting, submitting
from assessments.kinds import KINDS
from assessments.kinds.scenarios import Told
from assessments.models import AnswerStep, Attempt, AttemptQuestion, Kind, Mark
from lms.organisation.models import User
from tests.assessments import making
from tests.cast import person
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
HERE, THERE = "aaaaaaaa-1", "bbbbbbbb-2"
CASE = KINDS[Kind.STEPPED_SCENARIO]
BODY = making.BODIES[Kind.STEPPED_SCENARIO]


@pytest.mark.parametrize(
    ("before", "opened", "given", "opens", "after", "opened_then"),
    [
        (None, 1, None, 0, None, 1),
        (None, 1, [0, None, None], 0, [0, None, None], 1),
        ([0, None, None], 1, [1, None, None], 0, [1, None, None], 1),
        ([0, None, None], 1, None, 0, [0, None, None], 1),
        ([0, None, None], 1, None, 2, [0, None, None], 2),
        (None, 1, [1, None, None], 2, [1, None, None], 2),
        # Nobody goes on without an answer, skips a scene, answers one that is not open, or goes back.
        (None, 1, None, 2, None, 1),
        (None, 1, [0, 3, 6], 3, [0, None, None], 1),
        (None, 1, [0, 3, 6], 2, [0, None, None], 2),
        ([0, None, None], 2, [0, 3, None], 0, [0, 3, None], 2),
        ([0, 3, None], 3, [0, 3, None], 2, [0, 3, None], 3),
        ([0, 3, None], 3, [0, 3, 5], 4, [0, 3, 5], 3),
    ],
)
def test_a_case_is_told_scene_by_scene(
    before: Any, opened: int, given: Any, opens: int, after: Any, opened_then: int
) -> None:
    told = Told(before, opened)
    assert not told.contradicted_by(given)
    assert told.with_choices(given, opens=opens, steps=3) == Told(after, opened_then)


@pytest.mark.parametrize(
    ("before", "opened", "given", "contradicts"),
    [
        ([0, None, None], 1, [1, None, None], False),
        ([0, None, None], 2, [1, None, None], True),
        ([0, None, None], 2, [None, 3, None], False),
        ([0, 3, None], 2, [0, 4, None], False),
        ([0, 3, None], 3, [0, 4, None], True),
        ([0, 3, None], 3, None, False),
    ],
)
def test_an_answer_stands_once_the_next_scene_is_open(before: Any, opened: int, given: Any, contradicts: bool) -> None:
    assert Told(before, opened).contradicted_by(given) is contradicts


def _steps(**change: Any) -> dict[str, Any]:
    return {"steps": [BODY["steps"][0], {**BODY["steps"][1], **change}]}


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ({"steps": BODY["steps"][:1]}, "steps", "at least 2"),
        ({"steps": BODY["steps"] * 3}, "steps", "at most 6"),
        ({"steps": [*BODY["steps"], "a word"]}, "steps[3].question", "Write a text"),
        (_steps(question=" "), "steps[1].question", "Write a text"),
        (_steps(scene=""), "steps[1].scene", "what happens next"),
        (_steps(next="3"), "steps[1].next", "Unknown word"),
        (_steps(options=[]), "steps[1].options", "at least 2"),
        (_steps(options=BODY["steps"][1]["options"][1:] * 2), "steps[1].options[2]", "twice"),
        (
            _steps(options=[{"text": "a", "feedback": "A."}, {"text": "b", "feedback": "B."}]),
            "steps[1].options",
            "exactly one",
        ),
        (
            _steps(options=[{"text": "a", "right": True}, *BODY["steps"][1]["options"][:1]]),
            "steps[1].options[0]",
            "feedback",
        ),
        (
            _steps(
                options=[
                    {"text": "a", "right": True, "critical_error": True, "feedback": "A."},
                    {"text": "b", "feedback": "B."},
                ]
            ),
            "steps[1].options[0]",
            "not both",
        ),
    ],
)
def test_a_case_that_cannot_be_told_is_refused_where_it_is_wrong(body: Any, path: str, words: str) -> None:
    assert any(at == path and words in reason for at, reason in CASE.errors(body)), CASE.errors(body)


def test_the_same_question_may_come_in_every_step() -> None:
    assert not CASE.errors(_steps(question=BODY["steps"][0]["question"]))


def test_each_step_shows_its_own_options_in_the_order_of_the_seed() -> None:
    fields = CASE.fields(BODY, [6, 3, 1, 5, 0, 2, 4])
    shown = [[words for _value, words in field.choices] for field in fields.values()]  # type: ignore[attr-defined]
    assert shown == [
        ["Next", "Good morning"],
        ["Push it back", "Pocket it", "Look away"],
        ["Stay calm and serve him", "Shout"],
    ]


@pytest.fixture
def case(monday: None, learner: User) -> AttemptQuestion:
    """A case in Lindiwe's open attempt at a paper of cases."""
    version = making.make_course(questions=6, draw=6)
    attempt = starting.start(making.enrol(person(learner), version), by=learner)
    found = attempt.questions.select_related("question_version", "attempt")
    return found.filter(question_version__kind=Kind.STEPPED_SCENARIO)[0]


@pytest.fixture
def client(client_for: ClientFor, learner: User) -> Client:
    """Lindiwe's browser."""
    return client_for(learner)


Save = Callable[..., answering.Receipt]


@pytest.fixture
def save(case: AttemptQuestion, learner: User) -> Save:
    """`save([0, None, None], opens=2)`: a step of the next number, from this window or another."""
    numbers = iter(range(1, 100))

    def save(given: Any, *, opens: int = 0, client: str = HERE, sequence: int = 0, **more: Any) -> answering.Receipt:
        number = sequence or next(numbers)
        return answering.save(case, given, client=client, sequence=number, by=learner, opens=opens, **more)

    return save


def _stands(case: AttemptQuestion) -> tuple[Any, int]:
    step = answering.standing(case.attempt)[case.pk]
    return step.answer, step.opened


def test_the_open_scene_may_be_answered_anew_until_the_next_one_opens(case: AttemptQuestion, save: Save) -> None:
    save([1, None, None])
    save([0, None, None])
    assert _stands(case) == ([0, None, None], 1)
    save([0, None, None], opens=2)
    with pytest.raises(answering.Settled, match="first answer to it stands"):
        save([1, 3, None])
    assert _stands(case) == ([0, None, None], 2)


def test_of_two_windows_that_go_on_the_first_counts(case: AttemptQuestion, save: Save) -> None:
    save([1, None, None], opens=2, client=HERE)
    for seen in (None, 0):
        with pytest.raises(answering.Settled):
            save([0, None, None], opens=2, client=THERE, seen=seen)
    assert _stands(case) == ([1, None, None], 2)


def test_a_late_comer_does_not_overrule_the_choice_with_which_the_next_scene_opened(
    case: AttemptQuestion, save: Save
) -> None:
    # This window chose twice; the other one, which knew of nothing, went on with another choice.
    save([0, None, None], client=HERE)
    save([0, None, None], client=HERE)
    save([1, None, None], opens=2, client=THERE, seen=0)
    assert AnswerStep.objects.get(client=THERE).clock == 1
    assert _stands(case) == ([1, None, None], 2)


def test_a_step_sent_again_gives_the_same_receipt(case: AttemptQuestion, save: Save) -> None:
    first = save([0, None, None], opens=2, sequence=1)
    save([0, 4, None], sequence=2)
    assert save([0, None, None], opens=2, sequence=1) == first
    assert _stands(case) == ([0, 4, None], 2)


def test_a_copied_window_goes_on_although_its_step_has_a_number_that_is_known(
    case: AttemptQuestion, save: Save
) -> None:
    save([0, None, None], sequence=1)
    save([0, None, None], opens=2, sequence=1)
    assert _stands(case) == ([0, None, None], 2)


def test_what_comes_late_opens_nothing(case: AttemptQuestion, save: Save, at: SetClock) -> None:
    save([0, None, None])
    at("2026-03-02T10:00:00")
    with pytest.raises(answering.TooLate):
        save([0, None, None], opens=2)
    assert _stands(case) == ([0, None, None], 1)
    assert AnswerStep.objects.get(is_late=True).opened == 1


def test_what_was_not_answered_earns_nothing(case: AttemptQuestion, save: Save, learner: User) -> None:
    save([0, None, None], opens=2)
    submitting.submit(case.attempt, by=learner)
    assert f"{Mark.objects.get(question=case).fraction:.4f}" == "0.3333"


def _url(case: AttemptQuestion) -> str:
    return reverse("attempt_question", args=[case.attempt.uuid, case.position])


def _post(client: Client, case: AttemptQuestion, *, choose: int | None = None, **more: Any) -> Any:
    """Send the form that the page shows, with an option of the open scene chosen."""
    page = client.get(_url(case)).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page))
    if choose is not None:
        step = next(n for n, own in enumerate(([0, 1], [2, 3, 4], [5, 6])) if choose in own)
        assert f'name="choice{step}"' in page
        fields[f"choice{step}"] = str(case.shown.index(choose))
    return client.post(_url(case), {**fields, **more})


def test_a_plain_form_tells_the_case_scene_by_scene(client: Client, case: AttemptQuestion) -> None:
    page = client.get(_url(case)).content.decode()
    assert "Step 1 of 3" in page
    assert "What do you say first?" in page
    assert "note" not in page
    assert "Save and" not in page

    response = _post(client, case, choose=0, opens="2")
    assert response["Location"] == _url(case) + "#scene-2"
    page = client.get(_url(case)).content.decode()
    assert "You chose: Good morning" in page
    assert "puts a note on the counter" in page
    assert "angry" not in page
    assert page.count('type="radio"') == 3

    _post(client, case, choose=4, opens="3")
    page = client.get(_url(case)).content.decode()
    assert "angry" in page
    assert "Save and" in page
    _post(client, case, choose=6)
    assert _stands(case) == ([0, 4, 6], 3)
    assert "Clear and polite" not in client.get(_url(case)).content.decode()


def test_nobody_goes_on_without_an_answer(client: Client, case: AttemptQuestion) -> None:
    response = _post(client, case, opens="2")
    assert response.status_code == 422
    assert "Choose an answer, then go on." in response.content.decode()
    assert not AnswerStep.objects.exists()


def test_what_was_answered_before_needs_no_second_choice_to_go_on(client: Client, case: AttemptQuestion) -> None:
    _post(client, case, choose=0, go_to="all")
    _post(client, case, opens="2")
    assert _stands(case) == ([0, None, None], 2)


def test_a_window_left_behind_is_told_that_the_first_answer_stands(client: Client, case: AttemptQuestion) -> None:
    _post(client, case, choose=0, opens="2")
    response = client.post(_url(case), {"choice0": str(case.shown.index(1)), "opens": "2"}, follow=True)
    assert "your first answer to it stands" in response.content.decode()
    saved = client.post(
        reverse("save_step", args=[case.attempt.uuid, case.position]), {"choice0": str(case.shown.index(1))}
    )
    assert saved.status_code == 409
    assert "your first answer to it stands" in saved.json()["error"]
    assert _stands(case) == ([0, None, None], 2)


def test_the_result_says_for_each_step_what_was_chosen_and_why(
    client: Client, case: AttemptQuestion, save: Save, learner: User
) -> None:
    save([0, None, None], opens=2)
    save([0, 2, None], opens=3)
    submitting.submit(case.attempt, by=learner)
    page = client.get(reverse("attempt_result", args=[case.attempt.uuid])).content.decode()
    for words in ("Step 1: What do you say first?", "A greeting opens ears.", "Pocket it", "That is a bribe taken."):
        assert words in page
    assert "One of your choices is a critical error" in page
    # What was not answered may come again, as may all of a criterion that is not met.
    assert "What do you do next?" not in page
    assert "Push it back" not in page


def test_an_open_case_counts_as_answered_in_part(client: Client, case: AttemptQuestion) -> None:
    _post(client, case, choose=0, opens="2")
    page = client.get(reverse("attempt", args=[case.attempt.uuid])).content.decode()
    assert "Partly answered" in page
    assert Attempt.objects.count() == 1
