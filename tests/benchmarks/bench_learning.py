"""What a learner opens in a course, and a whole attempt at its paper."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assessments.kinds import KINDS
from assessments.models import Attempt, AttemptQuestion
from courses import enrolling, reading
from courses.models import CourseVersion, Enrolment
from lms.organisation.models import User
from tests.benchmarks.conftest import Measure
from tests.benchmarks.figures import PageCost, cpu_ms, plain_templates, report
from tests.journeys.walking import right_answer

pytestmark = pytest.mark.django_db
_SAVES = 10
_CLIENT = "5f6b6c9e-0d5c-4a07-9d0e-6f2f6b1c7a11"


@pytest.fixture
def client(learner: User) -> Client:
    """Lindiwe's browser."""
    client = Client()
    client.force_login(learner)
    return client


@pytest.fixture
def enrolment(tiny_course: CourseVersion, learner: User) -> Enrolment:
    """Lindiwe under way, lessons read."""
    assert learner.person is not None
    enrolment = enrolling.enrol(learner.person, tiny_course.course, by=learner)
    for lesson in tiny_course.lessons.all():
        finish = reading.acknowledge if lesson.completion == "acknowledged" else reading.complete
        finish(enrolment, lesson, by=learner)
    return enrolment


def test_reading(measure_page: Measure, client: Client, enrolment: Enrolment) -> None:
    code = enrolment.course_version.course.code
    lesson = enrolment.course_version.lessons.all()[0]
    measure_page("course", client, reverse("learn", args=[code]))
    measure_page("lesson", client, reverse("lesson", args=[code, lesson.key]))
    measure_page("paper, introduction", client, reverse("paper", args=[code]))


def test_answering(measure_page: Measure, client: Client, enrolment: Enrolment) -> None:
    attempt = _start(client, enrolment)
    measure_page("question", client, reverse("attempt_question", args=[attempt.uuid, 1]))
    _answer_and_hand_in(client, attempt)
    measure_page("result", client, reverse("attempt_result", args=[attempt.uuid]))


def test_a_whole_attempt(client: Client, enrolment: Enrolment, empty_page: PageCost) -> None:
    def sit() -> None:
        with transaction.atomic():
            attempt = _start(client, enrolment)
            _answer_and_hand_in(client, attempt)
            client.get(reverse("attempt_result", args=[attempt.uuid]))
            transaction.set_rollback(True)

    with plain_templates():
        cost = cpu_ms(sit, times=10)
    # Thirteen requests: what as many empty pages cost stands beside it.
    floor = empty_page.cpu_ms * (_SAVES + 3)
    report(f"attempt of {_SAVES} saves, start to result: CPU", cost, "ms", floor=floor, budget=40)


def _start(client: Client, enrolment: Enrolment) -> Attempt:
    client.post(reverse("paper", args=[enrolment.course_version.course.code]))
    return Attempt.objects.latest("pk")


def _answer_and_hand_in(client: Client, attempt: Attempt) -> None:
    questions = list(AttemptQuestion.objects.filter(attempt=attempt).select_related("question_version"))
    for number in range(_SAVES):
        question = questions[number % len(questions)]
        version = question.question_version
        fields = KINDS[version.kind].initial(right_answer(version), question.shown)
        path = reverse("save_step", args=[attempt.uuid, question.position])
        answer = client.post(path, {**fields, "client": _CLIENT, "sequence": number + 1})
        assert answer.status_code == 200
    assert client.post(reverse("submit_attempt", args=[attempt.uuid])).status_code == 302
