"""Who may see whom: grants by today's tree, supervisors by line, strangers not at all."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import Http404
from django.test import Client

from lms.core import clock
from lms.core.errors import Refused
from lms.organisation import access, grants, hiring, reporting, units
from lms.organisation.access import Capability
from lms.organisation.gate_walk import PACKAGES, gate_of, gates
from lms.organisation.models import Role, User
from tests.cast import BY, SINCE, Office, person
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db
C = Capability


def reach(user: User, capability: Capability) -> set[str]:
    return {one.given_names for one in access.people_for(user, capability)}


@pytest.fixture
def crowd(learner: User, colleague: User, her_manager: User, stranger: User) -> None:
    """Everybody at the counters."""


COUNTERS = {"Lindiwe", "Ravi", "Bram", "Sione"}


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("part", "capability", "expected"),
    [
        ("learner", C.SEE_STATUS, set()),
        ("her_manager", C.SEE_RECORD, {"Lindiwe", "Ravi"}),
        ("her_manager", C.SEE_ANSWERS, set()),
        ("hr", C.SEE_RECORD, COUNTERS),
        ("integrity_officer", C.SEE_STATUS, COUNTERS),
        ("integrity_officer", C.SEE_RECORD, set()),
        ("integrity_officer", C.SEE_ANSWERS, set()),
        ("assessor", C.SEE_ANSWERS, {"Lindiwe", "Ravi", "Bram"}),
        ("auditor", C.SEE_RECORD, COUNTERS),
        ("auditor", C.ISSUE_CODES, set()),
        ("administrator", C.ISSUE_CODES, COUNTERS),
        ("author", C.SEE_STATUS, set()),
    ],
)
def test_each_part_reaches_the_people_of_that_part(
    part: str, capability: Capability, expected: set[str], request: pytest.FixtureRequest
) -> None:
    assert reach(request.getfixturevalue(part), capability) == expected


def test_a_stranger_is_not_found_and_a_known_person_is_forbidden(
    learner: User, stranger: User, integrity_officer: User, her_manager: User
) -> None:
    hers = person(learner).uuid
    with pytest.raises(Http404):
        access.person_for(stranger, hers, C.SEE_STATUS)
    with pytest.raises(Http404):
        access.person_for(her_manager, uuid.uuid4(), C.SEE_STATUS)
    assert access.person_for(integrity_officer, hers, C.SEE_STATUS) == learner.person
    for hidden in (C.SEE_RECORD, C.SEE_ANSWERS):
        with pytest.raises(PermissionDenied):
            access.person_for(integrity_officer, hers, hidden)


def test_everybody_may_see_what_is_their_own(learner: User) -> None:
    assert access.person_for(learner, person(learner).uuid, C.SEE_ANSWERS) == learner.person


def test_access_follows_todays_tree(assessor: User, learner: User, office: Office, at: SetClock) -> None:
    units.move(office.units["brook"], parent=office.units["coast"], on=date(2026, 4, 1), by=BY)
    at("2026-03-31")
    assert reach(assessor, C.SEE_ANSWERS) == {"Lindiwe"}
    at("2026-04-01")
    assert reach(assessor, C.SEE_ANSWERS) == set()


def test_a_grant_holds_from_its_first_day_to_its_last(office: Office, learner: User, stranger: User) -> None:
    today = clock.today()
    given = grants.grant(stranger, Role.AUDITOR, office.units["hill"], from_day=today + timedelta(days=1), by=BY)
    assert reach(stranger, C.SEE_RECORD) == set()
    with clock.at(clock.now() + timedelta(days=1)):
        assert reach(stranger, C.SEE_RECORD) == {"Lindiwe"}
    grants.end_grant(given, until=today + timedelta(days=3), by=BY)
    with clock.at(clock.now() + timedelta(days=3)):
        assert reach(stranger, C.SEE_RECORD) == set()
        assert not access.may_somewhere(stranger, C.SEE_RECORD)


def test_whoever_acts_leads_the_team_and_the_holder_does_too(
    office: Office, learner: User, colleague: User, her_manager: User, at: SetClock
) -> None:
    at("2026-03-02")
    hiring.act(person(colleague), office.posts["brook-lead"], from_day=date(2026, 3, 1), until=date(2026, 3, 9), by=BY)
    assert reach(colleague, C.SEE_RECORD) == {"Lindiwe"}
    assert reach(her_manager, C.SEE_RECORD) == {"Lindiwe", "Ravi"}
    at("2026-03-09")
    assert reach(colleague, C.SEE_RECORD) == set()


def test_a_supervisors_grant_stands_in_only_where_no_line_exists(
    office: Office, learner: User, her_manager: User, stranger: User
) -> None:
    grants.grant(stranger, Role.SUPERVISOR, office.units["brook"], from_day=SINCE, by=BY)
    assert reach(stranger, C.SEE_RECORD) == set()
    office.seat("brook-helper", unit="brook")
    office.hire("Paulo", "Mendes", "brook-helper")
    assert reach(stranger, C.SEE_RECORD) == {"Paulo"}
    assert not access.units_for(stranger, C.SEE_COVERAGE).exists()
    reporting.report_to(office.posts["brook-helper"], office.posts["brook-lead"], from_day=SINCE, by=BY)
    assert reach(stranger, C.SEE_RECORD) == set()
    assert "Paulo" in reach(her_manager, C.SEE_RECORD)


def test_those_who_come_and_those_who_have_gone_belong_to_their_unit(
    office: Office, hr: User, learner: User, stranger: User, assessor: User
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    office.hire("Early", "Bird", "ridge-clerk", from_day=tomorrow)
    hiring.end_service(person(learner), on=clock.today(), by=BY)
    assert {"Early", "Lindiwe", "Sione"} <= reach(hr, C.SEE_RECORD)
    assert reach(assessor, C.SEE_RECORD) == {"Early", "Lindiwe"}


def test_whoever_moved_on_no_longer_belongs_to_the_old_unit(office: Office, assessor: User, learner: User) -> None:
    hiring.transfer(person(learner), to=office.posts["quay-clerk"], on=clock.today(), by=BY)
    assert reach(assessor, C.SEE_RECORD) == set()


def test_units_reach_down_from_the_grant(office: Office, assessor: User, hr: User) -> None:
    codes = {unit.code for unit in access.units_for(assessor, C.ASSESS)}
    assert codes == {"hill", "brook", "ridge"}
    assert access.may_in(hr, C.ASSIGN_ANY, office.units["quay"])
    assert not access.may_in(assessor, C.ASSESS, office.units["quay"])


def test_what_somebody_may_do_anywhere_takes_one_query(
    her_manager: User, learner: User, hr: User, django_assert_num_queries: Callable[..., object]
) -> None:
    for user, expected in [(her_manager, True), (learner, False), (hr, True)]:
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            assert (C.SEE_RECORD in access.capabilities_of(user)) is expected


def test_codes_are_never_a_way_to_more_rights(
    office: Office, hr: User, administrator: User, learner: User, integrity_officer: User
) -> None:
    def takers(user: User) -> set[str]:
        return {one.given_names for one in access.code_takers(user)}

    assert takers(hr) == {"Lindiwe"}
    assert takers(administrator) == {"Lindiwe", "Odile", "Farid"}
    User.objects.filter(pk=learner.pk).update(is_superuser=True)
    assert takers(administrator) == {"Odile", "Farid"}


def test_nobody_gives_a_role_to_themselves(office: Office, administrator: User) -> None:
    with pytest.raises(Refused, match="Nobody can give themselves"):
        grants.grant(administrator, Role.AUDITOR, office.root, by=administrator)


def test_the_editors_groups_follow_the_grants_of_the_day(
    office: Office, author: User, stranger: User, at: SetClock
) -> None:
    def groups() -> set[str]:
        return set(User.objects.get(pk=author.pk).groups.values_list("name", flat=True))

    assert groups() == {"Course authors"}
    assert User.objects.get(pk=author.pk).has_perm("wagtailadmin.access_admin")
    assert not stranger.has_perm("wagtailadmin.access_admin")
    at("2026-03-02")
    given = author.grants.get()
    grants.end_grant(given, until=date(2026, 3, 9), by=BY)
    assert groups() == {"Course authors"}
    at("2026-03-09")
    assert grants.sync_all_groups() == 1
    assert groups() == set()
    assert grants.sync_all_groups() == 0


@pytest.mark.parametrize(
    ("part", "status"), [("author", 200), ("approver", 200), ("administrator", 200), ("learner", 302)]
)
def test_the_editors_page_opens_for_editors(
    part: str, status: int, request: pytest.FixtureRequest, client_for: Callable[[User], Client]
) -> None:
    assert client_for(request.getfixturevalue(part)).get("/admin/").status_code == status


def test_the_same_grant_again_changes_nothing(office: Office, learner: User) -> None:
    first = grants.grant(learner, Role.ASSESSOR, office.root, by=BY)
    assert grants.grant(learner, Role.ASSESSOR, office.root, by=BY) == first
    with pytest.raises(Refused, match="some of these days"):
        grants.grant(learner, Role.ASSESSOR, office.root, from_day=SINCE, by=BY)
    with pytest.raises(Refused, match="end must be later"):
        grants.grant(learner, Role.AUDITOR, office.root, from_day=SINCE, until=SINCE, by=BY)


def test_every_address_declares_its_gate() -> None:
    open_ends = [address for address, gate in gates() if gate is None]
    assert open_ends == []
    declared = [gate for _address, gate in gates() if gate not in PACKAGES.values()]
    assert len(declared) > 5


def test_a_view_without_a_gate_is_noticed() -> None:
    def careless(request: object) -> None: ...

    assert gate_of(careless) is None


def test_the_matrix_is_printed_with_every_role_and_address() -> None:
    out = StringIO()
    call_command("access_matrix", stdout=out)
    lines = out.getvalue().splitlines()
    assert any(line.endswith("needs issue one-time codes") and line.startswith("/staff/") for line in lines)
    assert len([line for line in lines if line[:4].strip().isdigit()]) == len(Role)
    integrity = list(access.MATRIX).index(Role.INTEGRITY_OFFICER)
    marks = next(line for line in lines if line.startswith(C.SEE_STATUS.value)).split()[-len(Role) :]
    assert marks[integrity] == "x"
