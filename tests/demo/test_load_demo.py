"""The demo organisation: its figures, its people, and a load that may be repeated."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db.models import Count
from pytest_django import Settings

from lms.core import clock
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.demo import loading, ministry, people, sign_ins
from lms.organisation import codes, setup
from lms.organisation.access import Capability, people_for
from lms.organisation.ancestry import differences
from lms.organisation.lines import managers_of
from lms.organisation.models import (
    Organisation,
    OrgUnit,
    Person,
    Post,
    PostHolding,
    Role,
    RoleGrant,
    UnitAncestry,
    User,
)
from tests.cast import Office
from tests.plugins.time import SetClock

CATEGORY_COUNTS = {
    "P01": 7, "P02": 6, "P03": 45, "P04": 2, "P05": 6, "P06": 92, "P07": 225, "P08": 18, "P09": 2, "P10": 65,
    "P11": 20, "P12": 6, "P13": 34, "P14": 8, "P15": 2,
}  # fmt: skip
REGION_STAFF = {"NG": 96, "RL": 80, "SC": 86, "GH": 70, "ME": 80, "MW": 74}


@pytest.fixture
def demo(db: None) -> Organisation:
    return loading.load()[0]


def test_posts_holders_and_categories_are_those_of_the_ministry(demo: Organisation) -> None:
    day = demo.loaded_on
    per_category = Post.objects.open_on(day).values_list("category__code").annotate(Count("pk"))
    assert dict(per_category) == CATEGORY_COUNTS
    held = PostHolding.objects.on(day)
    assert (held.count(), held.values("person").distinct().count(), held.values("post").distinct().count()) == (
        521,
    ) * 3


def test_units_are_head_office_six_regions_and_45_local_offices(demo: Organisation) -> None:
    kinds = Counter(OrgUnit.objects.open_on(demo.loaded_on).values_list("kind", flat=True))
    assert (kinds["office"], kinds["region"], kinds["regional_office"], kinds["head_office"]) == (45, 6, 6, 1)
    for code, staff in REGION_STAFF.items():
        region = OrgUnit.objects.get(code=code)
        assert Post.objects.in_subtree(region, demo.loaded_on).count() == staff
    assert differences() == (set(), set())


def test_every_line_leads_to_the_head_of_the_ministry(demo: Organisation) -> None:
    up = {seat.code: seat.reports_to for seat in ministry.seats()}
    for seat in up:
        steps, at = 0, seat
        while (above := up[at]) is not None:
            steps, at = steps + 1, above
            assert steps < 6
        assert at == ministry.HEAD


def test_thandi_has_been_in_post_for_26_days_under_her_supervisor(demo: Organisation) -> None:
    thandi = Person.objects.get(given_names="Thandi", surname="Mokoena")
    holding = PostHolding.objects.on(demo.loaded_on).get(person=thandi)
    assert (demo.loaded_on - holding.valid_from).days == 26
    assert OrgUnit.objects.named(demo.loaded_on).get(pk=holding.post.unit_id).name == "Eastmarket"
    assert [str(manager) for manager in managers_of(thandi, demo.loaded_on)] == ["Nomsa Pereira"]


def test_ruth_moved_last_month_from_northgate_to_metro_west(demo: Organisation) -> None:
    held = PostHolding.objects.filter(person__surname="Adeyemi").order_by("valid_from")
    regions = [UnitAncestry.objects.get(unit=h.post.unit, depth=1).ancestor.code for h in held]
    assert regions == ["NG", "MW"]
    assert held[0].valid_until == held[1].valid_from == demo.loaded_on - timedelta(days=31)


def test_roles_are_granted_where_the_parts_need_them(demo: Organisation) -> None:
    granted = {str(grant.user): Role(grant.role) for grant in RoleGrant.objects.select_related("user__person")}
    assert granted == {
        "Devon Clarke": Role.TRAINING_COORDINATOR,
        "Amaka Eze": Role.INTEGRITY_OFFICER,
        "Maria Torres": Role.ASSESSOR,
        "Hana Kovar": Role.ADMINISTRATOR,
        "Ana Beltran": Role.COURSE_AUTHOR,
        "Mikael Aho": Role.APPROVER,
        "Leila Brandt": Role.AUDITOR,
    }
    maria = User.objects.get(person__surname="Torres")
    assert people_for(maria, Capability.ASSESS).filter(surname="Mokoena").exists()


def test_a_second_load_changes_nothing(demo: Organisation) -> None:
    before = (Person.objects.count(), PostHolding.objects.count(), AuditEntry.objects.count(), User.objects.count())
    assert loading.load(demo.loaded_on - timedelta(days=9)) == (demo, False)
    after = (Person.objects.count(), PostHolding.objects.count(), AuditEntry.objects.count(), User.objects.count())
    assert before == after


def test_all_dates_are_relative_to_the_day_given(db: None) -> None:
    day = date(2025, 2, 28)
    organisation, _new = loading.load(day)
    assert organisation.loaded_on == day
    assert PostHolding.objects.get(person__surname="Mokoena").valid_from == date(2025, 2, 2)
    assert not PostHolding.objects.filter(valid_from__gt=day).exists()
    assert clock.day_of(PostHolding.objects.get(person__surname="Mokoena").known_from) == day
    assert setup.adopted_on(day) == ["NG", "ZA"]


def test_a_day_to_come_another_organisation_and_production_are_refused(
    office: Office, settings: Settings, at: SetClock
) -> None:
    at("2026-03-02")
    with pytest.raises(Refused, match="serves Office of Public Works"):
        loading.load()
    Organisation.objects.all().delete()
    with pytest.raises(Refused, match="4 March 2026 is still to come"):
        loading.load(date(2026, 3, 4))
    settings.DEMO_SIGN_INS = False
    with pytest.raises(Refused, match="development settings"):
        loading.load()


def test_the_list_of_sign_ins_says_what_became_of_the_code(demo: Organisation) -> None:
    thandi = User.objects.get(person__surname="Mokoena")
    code = sign_ins.demo_code(thandi)
    assert f"one-time code {code} (unused)" in _listed()
    codes.redeem(thandi, code)
    assert f"one-time code {code} (used; she" in _listed()
    assert _listed().count(sign_ins.PASSWORD) == 10


def test_nobody_of_the_invented_is_called_like_somebody_with_a_part() -> None:
    names = [(part.given_names, part.surname) for _seat, part in people.everybody()]
    assert len(set(names)) == len(names) == 521


def test_refused_commands_end_with_1_and_one_line_and_bad_arguments_with_2() -> None:
    refused = _manage("demo_sign_ins", DJANGO_SETTINGS_MODULE="lms.settings.production", **_PRODUCTION)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("There are no demo sign-ins")
    assert _manage("load_demo", "--as-at", "soon").returncode == 2


_PRODUCTION = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "frontline.example",
    "BASE_URL": "https://frontline.example",
    "DATABASE_URL": "sqlite://:memory:",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DEFAULT_FROM_EMAIL": "frontline@frontline.example",
}


def _manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    everything = {"DJANGO_SETTINGS_MODULE": "lms.settings.testing"} | os.environ | environment
    return subprocess.run(
        command, cwd=django_settings.BASE_DIR, env=everything, capture_output=True, text=True, check=False
    )


def _listed() -> str:
    out = StringIO()
    call_command("demo_sign_ins", stdout=out)
    return out.getvalue()


def test_where_another_organisation_is_at_home_no_demo_sign_in_is_listed(office: Office) -> None:
    User.objects.create(username="auditor")
    assert _listed() == ""
