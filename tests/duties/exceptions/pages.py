"""The pages about exceptions; `tests/duties/pages.py` takes them in."""

from collections.abc import Callable

from courses.models import Course
from lms.duties.exceptions import extending, queue
from lms.organisation.models import Role, User
from tests.cast import person
from tests.duties.exceptions import scene
from tests.duties.making import BY
from tests.page_cases import LEARNER, Fixtures, PageCase


def _fixture(name: str) -> Callable[[Fixtures], User]:
    def user(fixtures: Fixtures) -> User:
        found: User = fixtures.getfixturevalue(name)
        return found

    return user


def _duty(fixtures: Fixtures) -> dict[str, object]:
    who = scene.asked(fixtures)
    return {"uuid": who.uuid, "target": str(Course.objects.get(code="COC").pk)}


def _told(fixtures: Fixtures) -> dict[str, object]:
    request = scene.waiting(fixtures)
    return {"uuid": request.person.uuid, "target": request.target.target.slug}


def _request(fixtures: Fixtures) -> dict[str, object]:
    return {"uuid": scene.waiting(fixtures).uuid}


def _given(fixtures: Fixtures) -> dict[str, object]:
    request = scene.waiting(fixtures)
    return {"uuid": extending.grant(request, until=request.wanted_until, by=BY).uuid}


def _with_one(fixtures: Fixtures) -> dict[str, object]:
    scene.too_late(fixtures)
    return {}


def _one(fixtures: Fixtures) -> dict[str, object]:
    who = scene.too_late(fixtures)
    [line] = queue.of_person(who, integrity_only=False)
    return {"uuid": who.uuid, "finding": line.finding.slug}


def _learner(fixtures: Fixtures) -> User:
    user: User = fixtures.getfixturevalue("learner")
    assert person(user)
    return user


PAGES = [
    PageCase("exceptions", Role.TRAINING_COORDINATOR, kwargs=lambda f: f.getfixturevalue("office") and {}),
    PageCase("exceptions", Role.TRAINING_COORDINATOR, "one", kwargs=_with_one, user=_fixture("hr")),
    PageCase(
        "exception_leave",
        Role.TRAINING_COORDINATOR,
        kwargs=_one,
        user=_fixture("hr"),
        exceptions={Role.TRAINING_COORDINATOR: 404, Role.INTEGRITY_OFFICER: 404},
    ),
    PageCase("why", LEARNER, kwargs=_duty, user=_learner, others=404),
    PageCase("why", LEARNER, "more time asked for", kwargs=_told, user=_learner, others=404),
    PageCase(
        "why", Role.INTEGRITY_OFFICER, "purpose first", kwargs=_duty, user=_fixture("integrity_officer"), others=404
    ),
    PageCase("more_time", LEARNER, kwargs=_duty, user=_learner, others=404),
    PageCase("more_time_decide", Role.TRAINING_COORDINATOR, kwargs=_request, user=_fixture("hr"), others=404),
    PageCase("more_time_back", Role.TRAINING_COORDINATOR, kwargs=_given, user=_fixture("hr"), others=404),
]
