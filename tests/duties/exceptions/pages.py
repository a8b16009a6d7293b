"""The pages about exceptions; `tests/duties/pages.py` takes them in."""

from collections.abc import Callable
from datetime import timedelta

from courses.models import Course
from lms.core import clock
from lms.duties import exempting
from lms.duties.exceptions import extending, queue
from lms.duties.models import Exemption
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


def _exempt(fixtures: Fixtures) -> Exemption:
    who = scene.asked(fixtures)
    course, hr = Course.objects.get(code="COC"), fixtures.getfixturevalue("hr")
    until = clock.today() + timedelta(days=20)
    return exempting.exempt(
        who, course, from_day=clock.today(), until=until, reason="Same course abroad.", approver=hr, by=BY
    )


def _with_exemption(fixtures: Fixtures) -> dict[str, object]:
    _exempt(fixtures)
    return {}


_ELSEWHERE: dict[str, int] = {Role.TRAINING_COORDINATOR: 404, Role.INTEGRITY_OFFICER: 404}

PAGES = [
    PageCase("exemptions", Role.TRAINING_COORDINATOR, kwargs=_with_exemption, user=_fixture("hr")),
    PageCase("exemptions", Role.TRAINING_COORDINATOR, "none", kwargs=lambda f: f.getfixturevalue("office") and {}),
    PageCase(
        "exemptions_of",
        Role.TRAINING_COORDINATOR,
        kwargs=lambda f: {"uuid": _exempt(f).person.uuid},
        user=_fixture("hr"),
        exceptions=_ELSEWHERE,
    ),
    PageCase(
        "exemption_end",
        Role.TRAINING_COORDINATOR,
        kwargs=lambda f: {"uuid": _exempt(f).uuid},
        user=_fixture("hr"),
        exceptions=_ELSEWHERE,
    ),
    PageCase("exceptions", Role.TRAINING_COORDINATOR, kwargs=lambda f: f.getfixturevalue("office") and {}),
    PageCase("exceptions", Role.TRAINING_COORDINATOR, "one", kwargs=_with_one, user=_fixture("hr")),
    PageCase(
        "exception_leave",
        Role.TRAINING_COORDINATOR,
        kwargs=_one,
        user=_fixture("hr"),
        exceptions=_ELSEWHERE,
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
