"""The pages of this room, for the walk over all of them."""

from collections.abc import Mapping
from typing import Any

from lms.organisation.models import Role, User
from tests.cast import person
from tests.page_cases import LEARNER, NOBODY, ROLES, Fixtures, PageCase


def _hr(f: Fixtures) -> User:
    user: User = f.getfixturevalue("hr")
    return user


def _her(f: Fixtures) -> Mapping[str, Any]:
    return {"uuid": person(f.getfixturevalue("learner")).uuid}


def _somebody(f: Fixtures) -> Mapping[str, Any]:
    _her(f)
    return {}


def _newcomer(f: Fixtures) -> User:
    user: User = f.getfixturevalue("learner")
    user.must_set_password = True
    user.save()
    return user


# Whoever is signed in has no need of it.
_SIGNED_IN = dict.fromkeys([role for role in ROLES if role != NOBODY], 302)
_ELSEWHERE: dict[str, int] = {Role.TRAINING_COORDINATOR: 404, Role.ADMINISTRATOR: 404, Role.SUPERVISOR: 404}
NOT_PAGES = {"staff_code"}
_HR = Role.TRAINING_COORDINATOR
PAGES = [
    PageCase("first_sign_in", NOBODY, exceptions=_SIGNED_IN),
    PageCase("set_password", LEARNER, user=_newcomer, others=302),
    PageCase("staff", _HR, "with people", _somebody, user=_hr),
    PageCase("staff", _HR),
    PageCase("staff_person", _HR, kwargs=_her, user=_hr, exceptions=_ELSEWHERE),
    PageCase("staff_codes", _HR, kwargs=_somebody, user=_hr),
]
