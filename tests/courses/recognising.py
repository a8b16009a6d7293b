"""A listed issuer and a certificate of theirs, for tests, and the pages about them."""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from courses.models import Course, CourseVersion, RecognisedTitle, RecognitionRequest
from courses.recognising import asking, deciding, listing
from courses.recognising.asking import Paper
from courses.recognising.listing import Listing
from lms.core import clock
from lms.core.actors import Actor
from lms.organisation.models import Role, User
from tests.cast import BY, person
from tests.page_cases import ACCOUNT, LEARNER, Fixtures, PageCase

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def listed(course: Course, *, until: date | None = None) -> RecognisedTitle:
    """The Reef Academy's tea diploma stands for a course."""
    said = {"from_day": date(2020, 1, 1), "until": until, "agreed_by": "Curriculum board", "reason": "Same criteria"}
    return listing.put_on(Listing("Reef Academy", "Lagoon", "Tea diploma", course, **said), by=BY)  # type: ignore[arg-type]


def paper(number: str = "RA-77/1", *, days_ago: int = 30, good_for: int | None = 100, content: bytes = PDF) -> Paper:
    """A certificate awarded so many days ago and good for so many more."""
    today = clock.today()
    good_until = None if good_for is None else today + timedelta(days=good_for)
    return Paper(number, today - timedelta(days=days_ago), good_until, io.BytesIO(content), len(content))


def brought(user: User, course: Course, *, by: Actor | None = None) -> RecognitionRequest:
    """Somebody's certificate, waiting for a decision."""
    return asking.ask(person(user), listed(course), paper(), by=by or user)


def _version(f: Fixtures) -> CourseVersion:
    version: CourseVersion = f.getfixturevalue("tiny_course")
    return version


def _user(name: str) -> Any:
    return lambda f: f.getfixturevalue(name)


def _brought(f: Fixtures) -> RecognitionRequest:
    return brought(f.getfixturevalue("learner"), _version(f).course)


def _waiting(f: Fixtures) -> Mapping[str, Any]:
    return {"uuid": _brought(f).uuid}


def _recognised(f: Fixtures) -> Mapping[str, Any]:
    row = _brought(f)
    deciding.recognise(row, by=f.getfixturevalue("hr"))
    return {"uuid": row.uuid}


def _some(make: Any) -> Any:
    def made(f: Fixtures) -> Mapping[str, Any]:
        make(f)
        return {}

    return made


def _ask(f: Fixtures) -> Mapping[str, Any]:
    listed(_version(f).course)
    return {"uuid": person(f.getfixturevalue("learner")).uuid}


_HR = Role.TRAINING_COORDINATOR
_HERS: dict[str, Any] = {"others": 404}
NOT_PAGES = {"recognition_evidence"}
_KEEPERS: dict[str, Any] = {"user": _user("hr"), "exceptions": {_HR: 403, Role.ADMINISTRATOR: 403}}
PAGES = [
    PageCase("recognition", LEARNER, "nothing listed", exceptions={ACCOUNT: 403}),
    PageCase("recognition", LEARNER, "with one", _some(_brought), user=_user("learner"), exceptions={ACCOUNT: 403}),
    PageCase("recognition_ask", LEARNER, kwargs=_ask, user=_user("learner"), **_HERS),
    PageCase("recognition_desk", _HR, "nothing waits"),
    PageCase("recognition_desk", _HR, "one waits", _some(_brought), user=_user("hr")),
    PageCase("recognition_request", _HR, "waiting", _waiting, user=_user("hr"), **_HERS),
    PageCase("recognition_request", LEARNER, "recognised", _recognised, user=_user("learner"), **_HERS),
    PageCase("recognition_withdraw", _HR, kwargs=_recognised, user=_user("hr"), exceptions={_HR: 404}),
    PageCase("listed_issuers", _HR, "none yet", **_KEEPERS),
    PageCase("listed_issuers", _HR, "with one", _some(lambda f: listed(_version(f).course)), **_KEEPERS),
    PageCase("listed_issuer_end", _HR, kwargs=lambda f: {"uuid": listed(_version(f).course).uuid}, **_KEEPERS),
]
