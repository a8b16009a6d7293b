"""The pages of this room, for the walk over all of them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from lms.core import clock
from lms.organisation import grants, leaves, setup, working_calendar
from lms.organisation.feed import applying, delivering, jobs
from lms.organisation.models import DifferentDay, Feed, FirstRun, Role, User
from tests.cast import BY, Office, person
from tests.page_cases import ACCOUNT, LEARNER, NOBODY, ROLES, Fixtures, PageCase


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


def _administrator(f: Fixtures) -> User:
    user: User = f.getfixturevalue("administrator")
    return user


def _hr_of_two(f: Fixtures) -> User:
    office: Office = f.getfixturevalue("office")
    user = office.hire("Two", "Regions", "coast-manager")
    for unit in ("hill", "coast"):
        grants.grant(user, _HR, office.units[unit], from_day=office.since, by=BY)
    return user


def _beginner(f: Fixtures) -> User:
    # Not by the step, which is refused once there are others.
    user = User.objects.create(username="beginner")
    FirstRun.objects.create(user=user, done_at=clock.now())
    return user


def _set_up(f: Fixtures) -> Mapping[str, Any]:
    office = f.getfixturevalue("office")
    setup.adopt("ZA", from_day=office.since, by=BY)
    working_calendar.set_week(range(5), country="ZA", region="", from_day=office.since, by=BY)
    kind = DifferentDay.Kind.CLOSED
    tomorrow = clock.today() + timedelta(days=1)
    working_calendar.make_different(working_calendar.Days(office.root, kind, tomorrow, tomorrow, "Move"), by=BY)
    return {}


def _brook(f: Fixtures) -> Mapping[str, Any]:
    _her(f)
    return {"uuid": f.getfixturevalue("office").units["brook"].uuid}


def _vacant_post(f: Fixtures) -> Mapping[str, Any]:
    return {"uuid": f.getfixturevalue("office").posts["quay-clerk"].uuid}


# Whoever is signed in has no need of it.
_SIGNED_IN = dict.fromkeys([role for role in ROLES if role != NOBODY], 302)
_NOT_THEIRS: dict[str, int] = {Role.TRAINING_COORDINATOR: 404, Role.ADMINISTRATOR: 404}
_ELSEWHERE: dict[str, int] = {Role.TRAINING_COORDINATOR: 404, Role.ADMINISTRATOR: 404, Role.SUPERVISOR: 404}
# Theirs is a part of the organisation only, and a feed reaches all of it.
_PART: dict[str, int] = {Role.TRAINING_COORDINATOR: 403, Role.ADMINISTRATOR: 403}
# Whoever sees to one unit only goes straight there.
_ONE_UNIT: dict[str, int] = {Role.TRAINING_COORDINATOR: 302, Role.ADMINISTRATOR: 302}
NOT_PAGES = {"staff_code", "staff_role_back", "organisation_day_away", "feed_next", "feed_account"}
_HR, _ADMIN = Role.TRAINING_COORDINATOR, Role.ADMINISTRATOR


def _leave(f: Fixtures) -> dict[str, Any]:
    her = _her(f)
    away = leaves.record_leave(person(f.getfixturevalue("learner")), from_day=clock.today(), by=BY)
    return {**her, "leave": away.pk}


def _on_leave(f: Fixtures) -> dict[str, Any]:
    return {"uuid": _leave(f)["uuid"]}


# Who may record leave of others does not know her.
_NO_LINE: dict[str, int] = {_HR: 404, Role.SUPERVISOR: 404}

PAGES = [
    PageCase("first_sign_in", NOBODY, exceptions=_SIGNED_IN),
    PageCase("first_sign_in", NOBODY, "by a card", query="?login=K100", exceptions=_SIGNED_IN),
    # The walk's own logins shut the door.
    PageCase("first_run", NOBODY, exceptions=dict.fromkeys(ROLES, 403)),
    PageCase("first_run_organisation", ACCOUNT, user=_beginner, others=403),
    PageCase("organisation", _ADMIN, kwargs=_set_up, user=_administrator),
    PageCase("organisation_name", _ADMIN, kwargs=_set_up, user=_administrator, exceptions=_PART),
    PageCase("organisation_rules", _ADMIN, kwargs=_set_up, user=_administrator, exceptions=_PART),
    PageCase("organisation_week", _ADMIN, kwargs=_set_up, user=_administrator, exceptions=_PART),
    PageCase("organisation_days", _HR, kwargs=_set_up, user=_hr),
    PageCase("staff_roles", _ADMIN, kwargs=_her, user=_administrator, exceptions={Role.ADMINISTRATOR: 404}),
    PageCase("units", _HR, "of two regions", kwargs=_somebody, user=_hr_of_two, exceptions=_ONE_UNIT),
    PageCase("unit", _HR, kwargs=_brook, user=_hr, exceptions=_NOT_THEIRS),
    PageCase("unit_new", _HR, kwargs=_brook, user=_hr, exceptions=_NOT_THEIRS),
    PageCase("unit_posts", _HR, kwargs=_brook, user=_hr, exceptions=_NOT_THEIRS),
    PageCase("post_hire", _HR, kwargs=_vacant_post, user=_hr, exceptions=_NOT_THEIRS),
    PageCase("set_password", LEARNER, user=_newcomer, others=302),
    PageCase("staff", _HR, "with people", _somebody, user=_hr),
    PageCase("staff", _HR),
    PageCase("staff_person", _HR, kwargs=_her, user=_hr, exceptions=_ELSEWHERE),
    PageCase("staff_leave", _HR, kwargs=_on_leave, user=_hr, exceptions=_NO_LINE),
    PageCase("staff_leave_end", _HR, kwargs=_leave, user=_hr, exceptions=_NO_LINE),
    PageCase("feeds", _HR, kwargs=_fed, user=_hr, exceptions=_PART),
    PageCase("feed_columns", _HR, kwargs=_feed("delivered"), user=_hr, exceptions=_PART),
    PageCase("feed", _HR, "waiting", kwargs=_feed("waiting"), user=_hr, exceptions=_PART),
    PageCase("feed", _HR, "applying", kwargs=_feed("applying"), user=_hr, exceptions=_PART),
    PageCase("feed", _HR, "applied", kwargs=_feed("applied"), user=_hr, exceptions=_PART),
    PageCase("feed_undo", _HR, kwargs=_feed("applied"), user=_hr, exceptions=_PART),
    PageCase("staff_codes", _HR, kwargs=_somebody, user=_hr),
]
