"""The pages of this room, for the walk over all of them."""

from collections.abc import Mapping
from typing import Any

from assessments import answering, starting, submitting
from assessments.models import Attempt, Kind
from courses.models import Enrolment
from lms.organisation.models import User
from tests.assessments import making
from tests.cast import person
from tests.page_cases import ACCOUNT, LEARNER, Fixtures, PageCase


def _learner(f: Fixtures) -> User:
    user: User = f.getfixturevalue("learner")
    return user


def _assessor(f: Fixtures) -> User:
    user: User = f.getfixturevalue("assessor")
    return user


def _enrolment(f: Fixtures) -> Enrolment:
    return making.enrol(person(_learner(f)), making.make_course("DUTY", questions=6, draw=6))


def _attempt(f: Fixtures) -> Attempt:
    return starting.start(_enrolment(f), by=_learner(f))


def _half_done(f: Fixtures) -> Attempt:
    attempt = _attempt(f)
    for question in attempt.questions.select_related("question_version").filter(position__lte=5):
        making.save_right(question, client=f"test-tab-{question.position}", sequence=1, by=_learner(f))
    return attempt


def _handed_in(f: Fixtures) -> Attempt:
    attempt = _half_done(f)
    submitting.submit(attempt, by=_learner(f))
    return attempt


def _code(f: Fixtures) -> Mapping[str, Any]:
    return {"code": _enrolment(f).course_version.course.code}


def _closed(f: Fixtures) -> Mapping[str, Any]:
    return {"code": _handed_in(f).enrolment.course_version.course.code}


def _question_of(kind: str) -> Any:
    def question(f: Fixtures) -> Mapping[str, Any]:
        attempt = _attempt(f)
        return {"uuid": attempt.uuid, "position": attempt.questions.filter(question_version__kind=kind)[0].position}

    return question


def _second_scene(f: Fixtures) -> Mapping[str, Any]:
    attempt = _attempt(f)
    case = attempt.questions.filter(question_version__kind=Kind.STEPPED_SCENARIO)[0]
    answering.save(case, [0, None, None], client="test-tab", sequence=1, by=_learner(f), opens=2)
    return {"uuid": attempt.uuid, "position": case.position}


def _sheet(f: Fixtures) -> Mapping[str, Any]:
    enrolment = _enrolment(f)
    return {"uuid": enrolment.person.uuid, "code": enrolment.course_version.course.code, "criterion": "D1.C3"}


def _waiting(f: Fixtures) -> Mapping[str, Any]:
    _enrolment(f)
    return {}


_HERS: dict[str, Any] = {"user": _learner, "others": 404, "exceptions": {ACCOUNT: 403}}
_MINE: dict[str, Any] = {"user": _learner, "others": 404}
NOT_PAGES = {"save_step"}
PAGES = [
    PageCase("paper", LEARNER, "to begin", _code, **_HERS),
    PageCase("paper", LEARNER, "closed", _closed, **_HERS),
    *(
        PageCase("attempt_question", LEARNER, kind.replace("_", " "), _question_of(kind), **_MINE)
        for kind in making.BODIES
    ),
    PageCase("attempt_question", LEARNER, "second scene", _second_scene, **_MINE),
    PageCase("attempt", LEARNER, "half done", lambda f: {"uuid": _half_done(f).uuid}, **_MINE),
    PageCase("submit_attempt", LEARNER, "half done", lambda f: {"uuid": _half_done(f).uuid}, **_MINE),
    PageCase("attempt_result", LEARNER, kwargs=lambda f: {"uuid": _handed_in(f).uuid}, **_MINE),
    PageCase("attempt_review", "assessor", kwargs=lambda f: {"uuid": _handed_in(f).uuid}, user=_assessor, others=404),
    PageCase("marking", "assessor", "somebody waits", _waiting, user=_assessor),
    PageCase("marking", "assessor", "nobody waits"),
    PageCase("sheet", "assessor", kwargs=_sheet, user=_assessor, others=403, exceptions={"assessor": 404}),
]
