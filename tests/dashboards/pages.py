"""The pages that need several rooms."""

from collections.abc import Callable
from datetime import timedelta

from lms.core import clock
from lms.core.actors import MachineRule
from lms.duties.periods import packs, reports
from lms.duties.periods.reports import Wish
from lms.duties.periods.spells import SpellKind
from lms.organisation.access import MATRIX, Capability
from lms.organisation.models import Person, Role, User
from tests.cast import Office
from tests.dashboards.making import somebody_busy
from tests.page_cases import ACCOUNT, LEARNER, Fixtures, PageCase


def _busy(fixtures: Fixtures) -> User:
    office: Office = fixtures.getfixturevalue("office")
    return somebody_busy(office, duties=4)


def _scene(fixtures: Fixtures) -> dict[str, object]:
    _busy(fixtures)
    fixtures.getfixturevalue("her_manager")
    return {}


def _record(fixtures: Fixtures) -> dict[str, object]:
    _scene(fixtures)
    return {"uuid": Person.objects.get(given_names="Busy").uuid}


def _fixture(name: str) -> Callable[[Fixtures], User]:
    def user(fixtures: Fixtures) -> User:
        found: User = fixtures.getfixturevalue(name)
        return found

    return user


def _with_pack(fixtures: Fixtures) -> dict[str, object]:
    _scene(fixtures)
    office: Office = fixtures.getfixturevalue("office")
    last = clock.today() - timedelta(days=1)
    evidence = packs.file_pack("mid-year", office.root, last, by=_BY)
    packs.file_pack("committee", office.root, last, by=_BY)
    return {"uuid": evidence.uuid}


def _packs(fixtures: Fixtures) -> dict[str, object]:
    _with_pack(fixtures)
    return {}


def _plans(fixtures: Fixtures) -> dict[str, object]:
    office: Office = fixtures.getfixturevalue("office")
    hr: User = fixtures.getfixturevalue("hr")
    reports.plan(Wish("committee", office.root, SpellKind.MONTH, 3), recipients=[hr], by=hr)
    return {}


_BY = MachineRule("a page is looked at")
_NEVER_MET: dict[str, int] = {role: 404 for role, can in MATRIX.items() if Capability.SEE_RECORD in can}
_NEVER_MET_STATUS: dict[str, int] = {Role.TRAINING_COORDINATOR: 404, Role.INTEGRITY_OFFICER: 404}

# A role in another unit sees other packs.
_ELSEWHERE: dict[str, int] = {role: 404 for role, can in MATRIX.items() if Capability.SEE_COVERAGE in can}

PAGES = [
    PageCase("packs", Role.TRAINING_COORDINATOR, kwargs=_packs, user=_fixture("hr")),
    PageCase("pack", Role.TRAINING_COORDINATOR, kwargs=_with_pack, user=_fixture("hr"), exceptions=_ELSEWHERE),
    PageCase("evidence", Role.INTEGRITY_OFFICER, kwargs=_packs, user=_fixture("integrity_officer")),
    PageCase("reports", Role.TRAINING_COORDINATOR, kwargs=_plans, user=_fixture("hr")),
    PageCase("my_learning", LEARNER, exceptions={ACCOUNT: 403}),
    PageCase("my_learning", LEARNER, "with duties", user=_busy, exceptions={ACCOUNT: 403}),
    PageCase("team", Role.SUPERVISOR),
    PageCase("team", Role.SUPERVISOR, "with people", kwargs=_scene, user=_fixture("her_manager")),
    PageCase("team_person", Role.SUPERVISOR, kwargs=_record, user=_fixture("her_manager"), exceptions=_NEVER_MET),
    PageCase(
        "team_person",
        Role.TRAINING_COORDINATOR,
        "purpose first",
        kwargs=_record,
        user=_fixture("hr"),
        exceptions=_NEVER_MET,
    ),
    PageCase("integrity", Role.INTEGRITY_OFFICER),
    PageCase(
        "integrity",
        Role.INTEGRITY_OFFICER,
        "with people",
        kwargs=_scene,
        user=_fixture("integrity_officer"),
    ),
    PageCase(
        "integrity_person",
        Role.INTEGRITY_OFFICER,
        kwargs=_record,
        user=_fixture("integrity_officer"),
        exceptions=_NEVER_MET_STATUS,
    ),
]
NOT_PAGES = {"pack_pdf", "pack_csv", "report_end"}
