"""The pages of this room, for the walk over all of them."""

from collections.abc import Callable, Mapping
from typing import Any

from lms.core import clock
from lms.organisation.feed import applying, delivering, jobs
from lms.organisation.models import Feed, Role, User
from tests.cast import BY, Office, person
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


_HEAD = "number,given_names,surname,post\n"


def _feed(state: str) -> Callable[[Fixtures], Mapping[str, Any]]:
    def made(f: Fixtures) -> Mapping[str, Any]:
        office: Office = f.getfixturevalue("office")
        f.getfixturevalue("learner")
        rows = f"{_HEAD}K100,Lindiwe,Okoro-Bell,ridge-clerk\nK9,Ana,Silva,quay-clerk\nK8,Ben,Osei,nowhere\n"
        feed = delivering.deliver(
            "staff.csv", [rows.encode()], day=office.since.replace(year=2026), is_whole=True, by=BY
        )
        if state != "delivered":
            with delivering.file_of(feed) as file:
                delivering.start_reading(feed, delivering.suggested(delivering.sample_of(file)), by=BY)
            jobs.read_feed({"feed": feed.pk})
        if state in {"applying", "applied"}:
            Feed.objects.filter(pk=feed.pk).update(confirmed_at=clock.now())
            feed = applying.start(feed, by=BY)
        if state == "applied":
            applying.apply_all(feed)
        return {"uuid": feed.uuid}

    return made


def _fed(f: Fixtures) -> Mapping[str, Any]:
    _feed("waiting")(f)
    return {}


# Whoever is signed in has no need of it.
_SIGNED_IN = dict.fromkeys([role for role in ROLES if role != NOBODY], 302)
_ELSEWHERE: dict[str, int] = {Role.TRAINING_COORDINATOR: 404, Role.ADMINISTRATOR: 404, Role.SUPERVISOR: 404}
# Theirs is a part of the organisation only, and a feed reaches all of it.
_PART: dict[str, int] = {Role.TRAINING_COORDINATOR: 403, Role.ADMINISTRATOR: 403}
NOT_PAGES = {"staff_code", "feed_next", "feed_account"}
_HR = Role.TRAINING_COORDINATOR
PAGES = [
    PageCase("first_sign_in", NOBODY, exceptions=_SIGNED_IN),
    PageCase("set_password", LEARNER, user=_newcomer, others=302),
    PageCase("staff", _HR, "with people", _somebody, user=_hr),
    PageCase("staff", _HR),
    PageCase("staff_person", _HR, kwargs=_her, user=_hr, exceptions=_ELSEWHERE),
    PageCase("feeds", _HR, kwargs=_fed, user=_hr, exceptions=_PART),
    PageCase("feed_columns", _HR, kwargs=_feed("delivered"), user=_hr, exceptions=_PART),
    PageCase("feed", _HR, "waiting", kwargs=_feed("waiting"), user=_hr, exceptions=_PART),
    PageCase("feed", _HR, "applying", kwargs=_feed("applying"), user=_hr, exceptions=_PART),
    PageCase("feed", _HR, "applied", kwargs=_feed("applied"), user=_hr, exceptions=_PART),
    PageCase("feed_undo", _HR, kwargs=_feed("applied"), user=_hr, exceptions=_PART),
    PageCase("staff_codes", _HR, kwargs=_somebody, user=_hr),
]
