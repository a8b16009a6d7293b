"""The known cast: a small public office in which everybody who matters to a test has a part.

Office of Public Works, Kestrel (KOPW): Hill region with the offices Brook and Ridge, Coast region with the office
Quay. Nobody's password is needed: `client_for(user)` signs in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client

from lms.core.actors import MachineRule
from lms.organisation import grants, hiring, logins, posts, reporting, setup, units
from lms.organisation.models import Employer, Organisation, OrgUnit, Person, Post, PostCategory, Role, User

SINCE = date(2020, 1, 1)
BY = MachineRule("the cast is set up")
_UNITS = [
    ("hill", OrgUnit.Kind.REGION, "Hill region", "kopw"),
    ("coast", OrgUnit.Kind.REGION, "Coast region", "kopw"),
    ("brook", OrgUnit.Kind.OFFICE, "Brook office", "hill"),
    ("ridge", OrgUnit.Kind.OFFICE, "Ridge office", "hill"),
    ("quay", OrgUnit.Kind.OFFICE, "Quay office", "coast"),
]
_SEATS = [
    ("director", "kopw", "MGR", None),
    ("hill-manager", "hill", "MGR", "director"),
    ("coast-manager", "coast", "MGR", "director"),
    ("brook-lead", "brook", "LEAD", "hill-manager"),
    ("brook-clerk", "brook", "CLERK", "brook-lead"),
    ("brook-clerk-2", "brook", "CLERK", "brook-lead"),
    ("ridge-clerk", "ridge", "CLERK", "hill-manager"),
    ("quay-clerk", "quay", "CLERK", "coast-manager"),
    ("hr-desk", "kopw", "OFFICE", "director"),
    ("integrity-desk", "kopw", "OFFICE", "director"),
    ("assessor-desk", "hill", "OFFICE", "hill-manager"),
    ("author-desk", "kopw", "OFFICE", "director"),
    ("approver-desk", "kopw", "OFFICE", "director"),
    ("auditor-desk", "kopw", "OFFICE", "director"),
    ("it-desk", "kopw", "OFFICE", "director"),
]


@dataclass
class Office:
    """The cast's organisation: units, posts and categories by code, and the day since which all stands."""

    organisation: Organisation
    employer: Employer
    units: dict[str, OrgUnit]
    posts: dict[str, Post]
    categories: dict[str, PostCategory]
    since: date = SINCE
    by: MachineRule = BY
    people: int = field(default=0)

    @property
    def root(self) -> OrgUnit:
        return self.organisation.root

    def hire(self, given_names: str, surname: str, post: str | Post, *, from_day: date = SINCE) -> User:
        """Somebody new, with staff number K100, K101 …, in a post, and with a login. The address is the name."""
        self.people += 1
        plan = hiring.NewPerson(
            given_names,
            surname,
            from_day,
            self.employer,
            f"K{99 + self.people}",
            email=f"{given_names.lower()}@kopw.example",
        )
        person = hiring.enter_person(plan, by=BY)
        seat = self.posts[post] if isinstance(post, str) else post
        hiring.appoint(person, seat, from_day=from_day, by=BY)
        return logins.open_login(person, by=BY)

    def seat(self, code: str, *, unit: str, category: str = "CLERK", reports_to: str | None = None) -> Post:
        """One more post."""
        plan = posts.NewPost(code, self.units[unit], self.categories[category], SINCE)
        made = self.posts[code] = posts.make_post(plan, by=BY)
        if reports_to:
            reporting.report_to(made, self.posts[reports_to], from_day=SINCE, by=BY)
        return made


@pytest.fixture
def office(db: None) -> Office:
    """The organisation, with vacant posts only."""
    made = setup.make_organisation(
        "Office of Public Works, Kestrel", short_name="OPW", code="kopw", since=SINCE, loaded_on=SINCE, by=BY
    )
    plans = [units.NewUnit(code, kind, name, parent, SINCE) for code, kind, name, parent in _UNITS]
    by_code = {unit.code: unit for unit in [made.root, *units.open_units(plans, by=BY)]}
    categories = {code: posts.category(code, name=name) for code, name in _CATEGORIES}
    seats = [posts.NewPost(code, by_code[unit], categories[kind], SINCE) for code, unit, kind, _up in _SEATS]
    made_posts = {post.code: post for post in posts.make_posts(seats, by=BY)}
    lines = [(made_posts[code], made_posts[up]) for code, _unit, _kind, up in _SEATS if up]
    reporting.report_all([reporting.NewLine(post, manager, SINCE) for post, manager in lines], by=BY)
    return Office(made, hiring.employer("opw", name="Office of Public Works"), by_code, made_posts, categories)


_CATEGORIES = [("MGR", "Manager"), ("LEAD", "Office lead"), ("CLERK", "Counter clerk"), ("OFFICE", "Office staff")]


@pytest.fixture
def learner(office: Office) -> User:
    """Lindiwe Okoro, counter clerk at Brook."""
    return office.hire("Lindiwe", "Okoro", "brook-clerk")


@pytest.fixture
def colleague(office: Office) -> User:
    """Ravi Pillay, the other counter clerk at Brook."""
    return office.hire("Ravi", "Pillay", "brook-clerk-2")


@pytest.fixture
def her_manager(office: Office) -> User:
    """Bram Janssen, who leads the Brook office."""
    return office.hire("Bram", "Janssen", "brook-lead")


@pytest.fixture
def stranger(office: Office) -> User:
    """Sione Latu, counter clerk at Quay, in the other region."""
    return office.hire("Sione", "Latu", "quay-clerk")


@pytest.fixture
def hr(office: Office) -> User:
    """Odile Marchand, training coordinator for the whole organisation."""
    return _with_role(office, office.hire("Odile", "Marchand", "hr-desk"), Role.TRAINING_COORDINATOR)


@pytest.fixture
def integrity_officer(office: Office) -> User:
    """Farid Haddad, integrity officer for the whole organisation."""
    return _with_role(office, office.hire("Farid", "Haddad", "integrity-desk"), Role.INTEGRITY_OFFICER)


@pytest.fixture
def assessor(office: Office) -> User:
    """Ines Moreau, assessor in Hill region."""
    return _with_role(office, office.hire("Ines", "Moreau", "assessor-desk"), Role.ASSESSOR, "hill")


@pytest.fixture
def author(office: Office) -> User:
    """Tomas Reyes, course author."""
    return _with_role(office, office.hire("Tomas", "Reyes", "author-desk"), Role.COURSE_AUTHOR)


@pytest.fixture
def approver(office: Office) -> User:
    """Greta Lindqvist, who approves courses."""
    return _with_role(office, office.hire("Greta", "Lindqvist", "approver-desk"), Role.APPROVER)


@pytest.fixture
def auditor(office: Office) -> User:
    """Kwame Asante, internal auditor."""
    return _with_role(office, office.hire("Kwame", "Asante", "auditor-desk"), Role.AUDITOR)


@pytest.fixture
def administrator(office: Office) -> User:
    """Yuki Tanaka, administrator."""
    return _with_role(office, office.hire("Yuki", "Tanaka", "it-desk"), Role.ADMINISTRATOR)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """`client_for(user)`: a browser in which that user is signed in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


def person(user: User) -> Person:
    """The person of a member of the cast, typed as there."""
    assert user.person is not None
    return user.person


def _with_role(office: Office, user: User, role: Role, unit: str = "kopw") -> User:
    grants.grant(user, role, office.units[unit], from_day=SINCE, by=BY)
    return user
