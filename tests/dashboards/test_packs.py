"""Packs and returns: figures as filed, the same when run again, on paper and as CSV, and reports on a schedule."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.core import mail
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from assessments import starting, submitting
from courses.models import Course
from courses.sessions import signing_in
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.dashboards.packs import printing
from lms.duties.models import FiledPack, ReportSent
from lms.duties.periods import closing, packs, reports
from lms.duties.periods.reports import Wish
from lms.duties.periods.spells import Spell, SpellKind
from lms.organisation import grants
from lms.organisation.models import Role, RoleGrant, User
from tests.assessments.making import enrol
from tests.assessments.making import make_course as make_assessed
from tests.cast import BY, Office, person
from tests.courses.meeting import session, when
from tests.duties.making import make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
END = date(2026, 6, 30)
Q1 = Spell(date(2026, 4, 1), SpellKind.QUARTER)


@pytest.fixture(name="scene")
def _scene(at: SetClock, settings: Settings, request: pytest.FixtureRequest) -> Office:
    """COC is asked of three clerks: one is in date, one overdue since February, one since the middle of June."""
    settings.SMALLEST_GROUP_SHOWN = 1
    at(date(2026, 6, 10))
    office: Office = request.getfixturevalue("office")
    learner, colleague = request.getfixturevalue("learner"), request.getfixturevalue("colleague")
    course = make_course("COC", is_integrity=True)
    make_rule(office, course, categories=("CLERK",), due_days=31, from_day=date(2026, 1, 1), title="Clerks know it")
    pass_course(person(learner), course, date(2026, 3, 1))
    office.hire("Nia", "Newly", "quay-clerk", from_day=date(2026, 5, 10))
    version = make_assessed("DUTY")
    attempt = starting.start(enrol(person(colleague), version), by=colleague)
    submitting.submit(attempt, by=colleague)
    at(date(2026, 7, 9))
    return office


def sections(pack: FiledPack) -> dict[str, list[list[object]]]:
    """Rows by the title of their section."""
    return {section.title: [list(row) for row in section.rows] for section in packs.sections_of(pack)}


def test_a_committee_pack_says_how_it_stands_and_says_the_same_when_run_again(
    scene: Office, colleague: User, hr: User, at: SetClock, settings: Settings
) -> None:
    settings.PACK_DECISIONS_TO_JUDGE_BY = 1
    pack = packs.file_pack("committee", scene.root, END, by=hr, purpose="The meeting of July")
    found = sections(pack)
    assert found["Coverage"] == [["COC", 3, 1, 0, 2, "33.3", 0, 1]]
    assert found["Overdue by age"] == [["COC", 1, 0, 1, 0, 2]]
    assert found["Pass rate"] == [["DUTY", 1, 0, "0.0"]]
    assert [row[:1] + row[2:] for row in found["Weakest criteria"]] == [["D1.C1", 1, 0, "0.0"], ["D1.C2", 1, 0, "0.0"]]
    assert packs.differences(pack) == []
    pass_course(person(colleague), Course.objects.get(code="COC"), date(2026, 6, 1))
    again = packs.file_pack("committee", scene.root, END, by=hr)
    assert (again.pk, again.sections, packs.digest_of(again)) == (pack.pk, pack.sections, pack.digest)
    changed = {(one.section, one.column): (one.filed, one.now) for one in packs.differences(again)}
    assert changed["Coverage", "In date, %"] == ("33.3", "66.7")
    at(date(2026, 8, 3))
    later = packs.file_pack("committee", scene.root, date(2026, 7, 31), by=hr)
    assert sections(later)["Since the last pack"] == [["COC", "33.3", "66.7", 2, 1]]


def test_a_quarterly_return_repeats_the_closed_quarter_without_names(scene: Office, hr: User) -> None:
    with pytest.raises(Refused, match="Close the quarter first"):
        packs.file_pack("quarterly return", scene.root, END, by=hr)
    closed = closing.close(Q1, by=hr)
    pack = packs.file_pack("quarterly return", scene.root, END, by=hr)
    found = sections(pack)
    assert found["Headcount by course"] == [["COC", 3, 1, 0, 2, "33.3", 0, 1]]
    assert found["People"] == [["People of whom anything was required", 3]]
    assert (pack.known_at, pack.rules) == (closed.known_at, closed.rules)
    assert pack.rules[0]["title"] == "Clerks know it"
    text = printing.as_csv(pack)
    assert "Rule,Clerks know it,version 1" in text
    for name in ("Okoro", "Pillay", "Newly", "K100"):
        assert name not in text


def test_regions_stand_beside_each_other_and_evidence_says_who_acknowledged(
    scene: Office, hr: User, integrity_officer: User, learner: User, at: SetClock
) -> None:
    forum = sections(packs.file_pack("forum", scene.root, END, by=hr))
    assert [row[:4] for row in forum["By unit"]] == [["Coast region", "COC", 1, 0], ["Hill region", "COC", 2, 1]]
    assert forum["Overdue by region and age"][0] == ["Coast region", "COC", 1, 0, 0, 0, 1]
    workshop = session(scene, title="Gifts", course=Course.objects.get(code="COC"), when=when(date(2026, 7, 10)))
    at(date(2026, 7, 11))
    signing_in.tick(workshop, {person(learner): "present"}, by=BY)
    signing_in.sign(workshop, by=BY)
    at(date(2026, 7, 15))
    held = packs.file_pack("mid-year", scene.root, date(2026, 7, 10), by=integrity_officer)
    assert sections(held)["Sessions held"] == [["10 July 2026", "Gifts", "Office of Public Works, Kestrel", 1]]
    evidence = sections(packs.file_pack("evidence", scene.root, END, by=integrity_officer))
    assert evidence["By post category"] == [["Counter clerk", "COC", 3, 1, 0, 2, "33.3", 0, 1]]
    assert [row[0] for row in evidence["By unit"]] == ["Coast region", "Hill region"]


def test_small_groups_are_hidden_where_a_pack_divides_its_figures(scene: Office, hr: User, settings: Settings) -> None:
    settings.SMALLEST_GROUP_SHOWN = 5
    forum = sections(packs.file_pack("forum", scene.root, END, by=hr))
    assert forum["Coverage"] == [["COC", 3, 1, 0, 2, "33.3", 0, 1]]
    assert [row[:4] for row in forum["By unit"]] == [
        ["Coast region", "COC", "*", "*"],
        ["Hill region", "COC", "*", "*"],
    ]
    assert forum["Overdue by region and age"] == []


def test_who_sees_no_names_sees_packs_of_the_highest_unit_alone(scene: Office, hr: User, client_for: ClientFor) -> None:
    service = scene.hire("Sol", "Vice", scene.seat("service-desk", unit="brook", category="OFFICE"))
    grants.grant(service, Role.SERVICE_OFFICER, scene.root, from_day=date(2026, 1, 1), by=BY)
    whole = packs.file_pack("committee", scene.root, END, by=hr)
    part = packs.file_pack("committee", scene.units["brook"], END, by=hr)
    client = client_for(service)
    assert client.get(f"/coverage/packs/{whole.uuid}/").status_code == 200
    assert client.get(f"/coverage/packs/{part.uuid}/").status_code == 404
    wish = {"kind": "forum", "last": "2026-06-30", "purpose": "The forum"}
    for unit, status in ((scene.units["brook"], 200), (scene.root, 302)):
        assert client.post("/coverage/packs/", {**wish, "unit": str(unit.uuid)}).status_code == status
    assert FiledPack.objects.filter(kind="forum").count() == 1
    period = closing.close(Q1, by=hr)
    assert "3 people were behind" not in client.get(f"/coverage/periods/{period.uuid}/").content.decode()
    below = client.get(f"/coverage/periods/{period.uuid}/?unit={scene.units['brook'].uuid}").content.decode()
    assert "would tell of people" in below
    assert "33.3" not in below


def test_a_pack_is_filed_on_its_page_and_taken_as_pdf_from_its_rows(
    scene: Office, hr: User, auditor: User, integrity_officer: User, client_for: ClientFor
) -> None:
    wish = {"kind": "committee", "unit": str(scene.root.uuid), "last": "2026-06-30", "purpose": "The meeting"}
    filed = client_for(hr).post("/coverage/packs/", wish, follow=True).content.decode()
    assert "Committee pack, Office of Public Works, Kestrel, 30 June 2026" in filed
    assert "Nothing: the same figures" in filed
    assert client_for(auditor).post("/coverage/packs/", wish).status_code == 200
    assert client_for(integrity_officer).post("/integrity/evidence/", wish).status_code == 200
    pack = FiledPack.objects.get()
    response = client_for(auditor).get(f"/coverage/packs/{pack.uuid}/pdf/")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert "Committee pack" in words
    assert "33.3" in words
    assert pack.digest[:20] in words.replace("\n", "")
    assert AuditEntry.objects.filter(action="pack taken").count() == 1


def test_a_report_is_filed_and_mailed_once_to_who_may_still_see_it(
    scene: Office,
    hr: User,
    auditor: User,
    learner: User,
    at: SetClock,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    wish = Wish("committee", scene.root, SpellKind.MONTH, 3)
    with pytest.raises(Refused, match="Lindiwe Okoro"):
        reports.plan(wish, recipients=[learner], by=hr)
    with pytest.raises(Refused, match="every quarter"):
        reports.plan(Wish("quarterly return", scene.root, SpellKind.MONTH, 3), recipients=[hr], by=hr)
    reports.plan(wish, recipients=[hr, auditor], by=hr)
    grants.end_grant(RoleGrant.objects.get(user=auditor), until=date(2026, 7, 20), by=BY)
    for day in ("2026-07-31", "2026-08-04", "2026-08-05", "2026-08-05", "2026-08-20"):
        at(day)
        with django_capture_on_commit_callbacks(execute=True):
            reports.carry_out_plans()
        assert len(mail.outbox) == (day > "2026-08-04")
    sent = ReportSent.objects.get()
    assert (sent.last_day, list(sent.told.all())) == (date(2026, 7, 31), [hr])
    assert mail.outbox[0].to == ["odile@kopw.example"]
    assert f"/coverage/packs/{sent.pack.uuid}/" in mail.outbox[0].body
    assert not mail.outbox[0].attachments
