"""The pages of a paper, as a learner meets them, with and without a script."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import answering, starting, submitting
from assessments.models import AnswerStep, Attempt, AttemptQuestion, Kind, Submission
from courses.models import Enrolment
from lms.organisation.models import User
from tests.assessments import making
from tests.assessments.conftest import Answer
from tests.cast import person
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
# A case has scenes that open one after the other: `test_scenarios.py`.
ON_ONE_PAGE = [kind for kind in Kind if kind != Kind.STEPPED_SCENARIO]


@pytest.fixture
def client(client_for: ClientFor, learner: User) -> Client:
    """Lindiwe's browser."""
    return client_for(learner)


@pytest.fixture
def single(monday: None, learner: User) -> AttemptQuestion:
    """A single-choice question of Lindiwe's attempt at a paper with every kind."""
    return _of_kind(_whole_attempt(learner), Kind.SINGLE_CHOICE)


def _url(attempt: Attempt, position: int = 1) -> str:
    return reverse("attempt_question", args=[attempt.uuid, position])


def _of_kind(attempt: Attempt, kind: str) -> AttemptQuestion:
    return attempt.questions.select_related("question_version").filter(question_version__kind=kind)[0]


def _whole_attempt(learner: User) -> Attempt:
    version = making.make_course("WHOLE", questions=5, draw=5)
    return starting.start(making.enrol(person(learner), version), by=learner)


def test_the_introduction_says_what_is_asked(client: Client, enrolment: Enrolment) -> None:
    page = client.get("/learn/DUTY/paper/").content.decode()
    for words in ("The paper", "Can do D1.C1.", "40 minutes", "3 of 3", "Start the paper", "saved as you go"):
        assert words in page
    assert "D1.C3" not in page


def test_starting_leads_to_the_first_question(client: Client, enrolment: Enrolment) -> None:
    response = client.post("/learn/DUTY/paper/")
    attempt = Attempt.objects.get()
    assert response["Location"] == _url(attempt)
    assert client.post("/learn/DUTY/paper/")["Location"] == _url(attempt)
    assert Attempt.objects.count() == 1


def test_the_introduction_says_why_it_is_closed(client: Client, attempt: Attempt, learner: User) -> None:
    submitting.submit(attempt, by=learner)
    page = client.get("/learn/DUTY/paper/").content.decode()
    assert "The paper opens again on 5 March 2026." in page
    assert "Start the paper" not in page
    refused = client.post("/learn/DUTY/paper/")
    assert refused.status_code == 409
    assert "5 March 2026" in refused.content.decode()


def test_without_an_enrolment_there_is_no_paper(client: Client, course: object) -> None:
    assert client.get("/learn/DUTY/paper/").status_code == 404
    assert client.get("/learn/NOPE/paper/").status_code == 404


@pytest.mark.parametrize("kind", ON_ONE_PAGE)
def test_a_plain_form_answers_every_kind(client: Client, learner: User, monday: None, kind: str) -> None:
    attempt = _whole_attempt(learner)
    question = _of_kind(attempt, kind)
    shown = question.shown
    right: dict[Kind, Callable[[], dict[str, object]]] = {
        Kind.SINGLE_CHOICE: lambda: {"option": shown.index(0)},
        Kind.MULTIPLE_RESPONSE: lambda: {"options": [shown.index(0), shown.index(1)]},
        Kind.TRUE_FALSE_REASON: lambda: {"answer": "false", "reason": shown.index(0)},
        Kind.ORDERING: lambda: {f"step{shown.index(step)}": step for step in range(4)},
        Kind.MATCHING: lambda: {f"pair{left}": shown.index(left) for left in range(3)},
    }
    posted = right[Kind(kind)]()
    response = client.post(_url(attempt, question.position), posted)
    assert response.status_code == 302
    assert AnswerStep.objects.get().answer == making.right_answer(kind)
    again = client.get(_url(attempt, question.position)).content.decode()
    assert len(re.findall(r"\b(?:checked|selected)\b", again)) >= len(posted)


@pytest.mark.parametrize("kind", ON_ONE_PAGE)
def test_the_page_does_not_give_the_right_answer_away(client: Client, learner: User, monday: None, kind: str) -> None:
    attempt = _whole_attempt(learner)
    question = _of_kind(attempt, kind)
    page = client.get(_url(attempt, question.position)).content.decode()
    assert "Clear and polite." not in page
    assert "Because of trust." not in page
    assert "critical" not in page
    # Options carry the places at which they are shown, one after the other, and never those of the right order.
    form = page.partition("data-save=")[2].partition("frontline-numbers")[0]
    values = [int(value) for value in re.findall(r'value="(\d)"', form)]
    assert values
    body = question.question_version.body
    options = [item["text"] for item in body.get("options", []) + body.get("reasons", [])]
    rights = [pair["right"] for pair in body.get("pairs", [])]
    texts = options + body.get("steps", []) + rights + body.get("distractors", [])
    places = [form.index(texts[original]) for original in question.shown]
    assert places == sorted(places)
    assert "Case" in page


def test_a_reload_shows_what_stands(client: Client, single: AttemptQuestion) -> None:
    client.post(_url(single.attempt, single.position), {"option": 1})
    page = client.get(_url(single.attempt, single.position)).content.decode()
    assert re.search(r'value="1"[^>]*checked', page)


def test_the_same_answer_again_is_no_new_step(client: Client, single: AttemptQuestion) -> None:
    for _time in range(2):
        client.post(_url(single.attempt, single.position), {"option": 1})
    assert AnswerStep.objects.count() == 1


def test_moving_on_without_an_answer_saves_nothing(client: Client, attempt: Attempt) -> None:
    assert client.post(_url(attempt)).headers["Location"] == _url(attempt, 2)
    assert not AnswerStep.objects.exists()


@pytest.mark.parametrize(("wish", "lands_on"), [("3", 3), ("all", None), ("99", 2), ("x", 2), ("²", 2)])
def test_the_numbers_lead_to_their_questions(client: Client, attempt: Attempt, wish: str, lands_on: int | None) -> None:
    response = client.post(_url(attempt), {"go_to": wish})
    expected = _url(attempt, lands_on) if lands_on else reverse("attempt", args=[attempt.uuid])
    assert response["Location"] == expected


def test_the_last_question_leads_to_all_of_them(client: Client, attempt: Attempt) -> None:
    assert client.post(_url(attempt, 4))["Location"] == reverse("attempt", args=[attempt.uuid])


def test_the_script_gets_a_receipt(client: Client, single: AttemptQuestion, at: SetClock) -> None:
    at("2026-03-02T09:32:05")
    data = {"option": "1", "client": str(uuid4()), "sequence": "7"}
    url = reverse("save_step", args=[single.attempt.uuid, single.position])
    first = client.post(url, data).json()
    assert first == {"client": data["client"], "sequence": 7, "clock": 1, "time": "09:32:05", "left": 40 * 60 - 1925}
    assert client.post(url, data).json()["clock"] == 1
    assert AnswerStep.objects.count() == 1


def test_the_script_hears_that_it_is_too_late(client: Client, attempt: Attempt, at: SetClock) -> None:
    at("2026-03-02T09:40:01")
    response = client.post(reverse("save_step", args=[attempt.uuid, 1]), _any_answer(attempt, 1))
    assert response.status_code == 409
    assert response.json()["late"] is True
    assert "09:40:00" in response.json()["error"]
    assert AnswerStep.objects.get().is_late


def _any_answer(attempt: Attempt, position: int) -> dict[str, object]:
    question = attempt.questions.select_related("question_version").get(position=position)
    answers: dict[Kind, dict[str, object]] = {
        Kind.SINGLE_CHOICE: {"option": 0},
        Kind.MULTIPLE_RESPONSE: {"options": [0]},
        Kind.TRUE_FALSE_REASON: {"answer": "true"},
        Kind.ORDERING: {"step0": 0},
        Kind.MATCHING: {"pair0": 0},
    }
    return answers[Kind(question.question_version.kind)]


def test_a_plain_form_after_the_deadline_says_that_nothing_is_lost(
    client: Client, attempt: Attempt, at: SetClock
) -> None:
    at("2026-03-02T09:50:00")
    response = client.post(_url(attempt), _any_answer(attempt, 1))
    assert response.status_code == 409
    assert "The time was over at 09:40:00" in response.content.decode()
    assert AnswerStep.objects.get().is_late
    assert Submission.objects.get().how == Submission.How.AT_DEADLINE


def test_the_next_look_after_the_deadline_shows_the_result(client: Client, attempt: Attempt, at: SetClock) -> None:
    at("2026-03-02T10:00:00")
    response = client.get(_url(attempt), follow=True)
    assert "Your result" in response.content.decode()
    assert "The time was over" in response.content.decode()


def test_handing_in_lists_what_is_open(client: Client, attempt: Attempt, answer: Answer) -> None:
    answer(attempt, wrong={"D1.C2"})
    url = reverse("submit_attempt", args=[attempt.uuid])
    page = client.get(url).content.decode()
    assert "2 questions have no whole answer" in page
    response = client.post(url)
    assert response["Location"] == reverse("attempt_result", args=[attempt.uuid])
    again = client.post(url, follow=True)
    assert "Your result" in again.content.decode()
    assert Submission.objects.count() == 1


def test_a_half_answer_is_shown_as_such(client: Client, attempt: Attempt, learner: User) -> None:
    other = _whole_attempt(learner)
    question = _of_kind(other, Kind.ORDERING)
    answering.save(question, [0, None, None, None], client="test-tab", sequence=1, by=learner)
    page = client.get(reverse("attempt", args=[other.uuid])).content.decode()
    assert page.count("Partly answered") == 1
    assert "0 of 10 answered" in page


@pytest.mark.parametrize("name", ["attempt", "submit_attempt", "attempt_result"])
def test_a_stranger_finds_nothing(attempt: Attempt, client_for: ClientFor, stranger: User, name: str) -> None:
    assert client_for(stranger).get(reverse(name, args=[attempt.uuid])).status_code == 404


def test_a_stranger_can_neither_read_nor_write_a_question(
    attempt: Attempt, client_for: ClientFor, stranger: User
) -> None:
    theirs = client_for(stranger)
    assert theirs.get(_url(attempt)).status_code == 404
    assert theirs.post(_url(attempt), _any_answer(attempt, 1)).status_code == 404
    assert theirs.post(reverse("save_step", args=[attempt.uuid, 1]), _any_answer(attempt, 1)).status_code == 404
    assert theirs.post(reverse("submit_attempt", args=[attempt.uuid])).status_code == 404
    assert not AnswerStep.objects.exists()
    assert not Submission.objects.exists()


def test_an_account_that_is_nobodys_finds_nothing(attempt: Attempt, client_for: ClientFor, db: None) -> None:
    account = User.objects.create(username="service")
    assert client_for(account).get(_url(attempt)).status_code == 404
    assert client_for(account).get("/learn/DUTY/paper/").status_code == 403


def test_a_question_that_is_not_there_is_not_found(client: Client, attempt: Attempt) -> None:
    assert client.get(_url(attempt, 5)).status_code == 404
    assert client.get(_url(attempt, 0)).status_code == 404


BAD: list[dict[str, object]] = [
    {"option": "99"},
    {"option": "-1"},
    {"option": "x" * 100_000},
    {"option": "\x00"},
    {"client": "<script>", "option": "0"},
    {"client": "a" * 100_000, "option": "0"},
    {"sequence": "9" * 5000, "option": "0"},
    {"sequence": "-3", "option": "0"},
    {"seen": "nine", "option": "0"},
]


@pytest.mark.parametrize("data", BAD, ids=lambda data: str(data)[:30])
def test_tampered_input_gets_words_and_saves_nothing(
    client: Client, single: AttemptQuestion, data: dict[str, object]
) -> None:
    page = client.post(_url(single.attempt, single.position), data)
    answer = client.post(reverse("save_step", args=[single.attempt.uuid, single.position]), data)
    assert page.status_code == answer.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert 0 < len(answer.json()["error"]) < 500
    assert not AnswerStep.objects.exists()


def test_the_wrong_method_is_refused(client: Client, attempt: Attempt) -> None:
    assert client.get(reverse("save_step", args=[attempt.uuid, 1])).status_code == 405
    assert client.post(reverse("attempt", args=[attempt.uuid])).status_code == 405
    assert client.post(reverse("attempt_result", args=[attempt.uuid])).status_code == 405


def test_pages_of_an_attempt_are_kept_by_no_cache(client: Client, attempt: Attempt) -> None:
    assert "no-store" in client.get(_url(attempt))["Cache-Control"]


@pytest.mark.parametrize("name", ["paper", "attempt_question", "attempt", "submit_attempt", "attempt_result"])
def test_a_page_takes_as_many_queries_at_three_questions_as_at_thirty(
    client_for: ClientFor, monday: None, learner: User, colleague: User, name: str
) -> None:
    counts = []
    for user, code, draw, lessons in [(learner, "FEW", 2, 3), (colleague, "MANY", 15, 30)]:
        version = making.make_course(code, questions=draw, draw=draw, lessons=lessons)
        enrolment = making.enrol(person(user), version)
        client = client_for(user)
        if name == "paper":
            path = reverse("paper", args=[code])
        else:
            attempt = starting.start(enrolment, by=user)
            if name == "attempt_result":
                submitting.submit(attempt, by=user)
            path = reverse(name, args=[attempt.uuid, 1] if name == "attempt_question" else [attempt.uuid])
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10
