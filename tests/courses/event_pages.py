"""The pages of sessions, for the walk over all of them. Listed in `pages`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from courses.models import Arrangement, Attendance, SeriesPlan, SessionKind
from courses.sessions import nightly, places, planning, series, signing_in
from courses.sessions.series import Terms
from lms.core import clock
from lms.organisation.models import OrgUnit, Role, User
from tests.cast import BY, Office, person
from tests.courses.meeting import NINE, NOON, session, setting, when
from tests.page_cases import ACCOUNT, LEARNER, Fixtures, PageCase

_HR, _SERVICE, _INTEGRITY = Role.TRAINING_COORDINATOR, Role.SERVICE_OFFICER, Role.INTEGRITY_OFFICER


def _user(name: str) -> Any:
    return lambda f: f.getfixturevalue(name)


def _coming(f: Fixtures, *, in_days: int = 30, capacity: int = 1) -> Arrangement:
    office: Office = f.getfixturevalue("office")
    first = clock.today() + timedelta(days=in_days)
    made = session(
        office, when=when(first, last=first + timedelta(days=1)), capacity=capacity, link="https://a.example/x"
    )
    for name in ("learner", "colleague"):
        user: User = f.getfixturevalue(name)
        places.sign_up(made, person(user), by=user) if in_days else None
    return made


def _named(arrangement: Arrangement) -> Mapping[str, Any]:
    return {"uuid": arrangement.session.uuid}


def _planned(f: Fixtures) -> Mapping[str, Any]:
    return _named(_coming(f))


def _moved(f: Fixtures) -> Mapping[str, Any]:
    made = _coming(f, capacity=2)
    first = made.first_day + timedelta(days=7)
    there = setting(f.getfixturevalue("office"), when=when(first))
    return _named(planning.rearrange(made, there, reason="The room is taken", by=BY))


def _cancelled(f: Fixtures) -> Mapping[str, Any]:
    made = _coming(f)
    planning.cancel(made, reason="Flood", by=BY)
    return _named(made)


def _ticked(f: Fixtures) -> Arrangement:
    made = _coming(f, in_days=0)
    marks = {person(f.getfixturevalue("learner")): "present", person(f.getfixturevalue("colleague")): "absent"}
    signing_in.tick(made, marks, by=f.getfixturevalue("hr"))
    return made


def _open_list(f: Fixtures) -> Mapping[str, Any]:
    return _named(_ticked(f))


def _signed(f: Fixtures) -> Mapping[str, Any]:
    made = _ticked(f)
    signing_in.sign(made, by=f.getfixturevalue("hr"))
    return _named(made)


def _line(f: Fixtures) -> Mapping[str, Any]:
    named = _signed(f)
    return {**named, "person": Attendance.objects.held().order_by("pk")[0].person.uuid}


def _state(make: Any) -> Any:
    def made(f: Fixtures) -> Mapping[str, Any]:
        make(f)
        return {}

    return made


def _plan(f: Fixtures, kind: str = SessionKind.WORKSHOP) -> SeriesPlan:
    office: Office = f.getfixturevalue("office")
    is_quarterly = kind == SessionKind.QUARTERLY
    terms = Terms(
        office.root, NINE, NOON, 20, f.getfixturevalue("hr"), place="Hall",
        months=() if is_quarterly else range(1, 13), office_kind=OrgUnit.Kind.OFFICE if is_quarterly else "",
    )  # fmt: skip
    return series.make("Customer care", kind, terms, from_day=office.since, by=BY)


def _repeated(f: Fixtures) -> Mapping[str, Any]:
    plan = _plan(f)
    nightly.run()
    return {"uuid": plan.series.uuid}


def _quarterly(f: Fixtures) -> Mapping[str, Any]:
    return {"uuid": _plan(f, SessionKind.QUARTERLY).series.uuid}


def _everything(f: Fixtures) -> Mapping[str, Any]:
    _signed(f)
    _moved(f)
    _quarterly(f)
    return {}


_HRS: dict[str, Any] = {"user": _user("hr"), "others": 403}
_SERIES: dict[str, Any] = {"user": _user("hr"), "exceptions": {_HR: 404, _SERVICE: 404, _INTEGRITY: 404}}
_CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("session_change", "", _planned, _HRS),
    ("session_cancel", "", _planned, _HRS),
    ("session_list", "too early", _planned, _HRS),
    ("session_list", "open", _open_list, _HRS),
    ("session_list", "signed", _signed, _HRS),
    ("session_correct", "", _line, _HRS),
    ("session_print", "", _planned, _HRS),
    ("session_series", "a workshop", _repeated, _SERIES),
    ("session_series", "in each office", _quarterly, _SERIES),
    ("series_session_new", "", _repeated, _SERIES),
    ("series_change", "", _repeated, _SERIES),
    ("series_end", "", _repeated, _SERIES),
]
# Files, and what only takes a form.
NOT_PAGES = {
    "session_calendar", "my_calendar_file", "attendance_file", "session_sign", "session_sign_up", "session_give_up"
}  # fmt: skip
PAGES = [
    PageCase("events", LEARNER, "nothing"),
    PageCase("events", LEARNER, "a place, one waiting", _state(_coming), user=_user("colleague")),
    PageCase("events", _HR, "to hold", _everything, user=_user("hr")),
    PageCase("session", LEARNER, "with a place", _planned, user=_user("learner")),
    PageCase("session", LEARNER, "changed", _moved, user=_user("stranger")),
    PageCase("session", _HR, "to hold", _planned, user=_user("hr")),
    PageCase("session", LEARNER, "cancelled", _cancelled, user=_user("learner")),
    PageCase("session_team", Role.SUPERVISOR, "a team", _planned, user=_user("her_manager")),
    PageCase("session_team", _HR, "by number", _planned, user=_user("hr")),
    PageCase("my_calendar", LEARNER, user=_user("learner"), exceptions={ACCOUNT: 403}),
    PageCase("session_new", _HR, user=_user("hr")),
    PageCase("series_new", _HR, user=_user("hr")),
    PageCase("series_quarter", _HR, kwargs=_quarterly, user=_user("hr")),
    PageCase("attendance", _HR, "some", _state(_signed), user=_user("hr")),
    PageCase("attendance", _INTEGRITY, "none"),
    *[PageCase(name, _HR, state, kwargs, **shared) for name, state, kwargs, shared in _CASES],
]
