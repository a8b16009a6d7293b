"""Somebody for every role, for walks over all pages."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from lms.core.actors import MachineRule, columns
from lms.organisation.models import OrgUnit, Person, Role, RoleGrant, UnitAncestry, UnitPlacement, User
from tests.page_cases import ACCOUNT, NOBODY

_LONG_AGO = date(2000, 1, 1)
_BY = columns(MachineRule("tests"))
SomebodyWith = Callable[[str], User]
ClientOf = Callable[[User | None], Client]


@pytest.fixture
def somebody_with(db: None) -> SomebodyWith:
    """`somebody_with("auditor")`: a user with that role in a unit of their own, made on first use.

    `"learner"` is a member of staff without any role, `"account"` a login that is nobody's.
    """

    def somebody_with(role: str) -> User:
        name = f"walk-{role}"
        found = User.objects.filter(username=name).first()
        if found or role == ACCOUNT:
            return found or User.objects.create(username=name)
        person = Person.objects.create(given_names="Somebody", surname=role.replace("_", " ").title())
        user = User.objects.create(username=name, person=person)
        if role in Role.values:
            RoleGrant.objects.create(user=user, role=role, unit=_unit(), valid_from=_LONG_AGO, **_BY)
        return user

    return somebody_with


@pytest.fixture
def client_of() -> ClientOf:
    """`client_of(user)`: a test client signed in as them, or signed out for None. A 500 is a response, not a raise."""

    def client_of(user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        return client

    return client_of


@pytest.fixture
def client_with(somebody_with: SomebodyWith, client_of: ClientOf) -> Callable[[str], Client]:
    """`client_with("assessor")`: a client for somebody with that role; `"nobody"` is signed out."""
    return lambda role: client_of(None if role == NOBODY else somebody_with(role))


def _unit() -> OrgUnit:
    unit, is_new = OrgUnit.objects.get_or_create(code="WALK", kind=OrgUnit.Kind.OFFICE)
    if is_new:
        UnitPlacement.objects.create(unit=unit, name="Walk office", valid_from=_LONG_AGO, **_BY)
        UnitAncestry.objects.create(ancestor=unit, unit=unit, depth=0, valid_from=_LONG_AGO)
    return unit
