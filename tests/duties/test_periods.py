"""Closed months and quarters: filed once, never changed, with later knowledge beside them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from courses.models import Course
from lms.core.errors import Refused
from lms.core.events import EventIsFinal
from lms.core.exports import making
from lms.core.models import Export
from lms.duties import recounting
from lms.duties.coverage import coverage
from lms.duties.models import ClosedPeriod, FiledFigure
from lms.duties.periods import closing, reading, spells
from lms.duties.periods.spells import Spell, SpellKind
from lms.organisation.models import Organisation, User
from tests.cast import BY, Office, person
from tests.duties.making import make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
MARCH = Spell(date(2026, 3, 1), SpellKind.MONTH)
END = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "starts_in", "first", "last"),
    [
        ("2026-02", 4, date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-Q1", 4, date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q4", 4, date(2027, 1, 1), date(2027, 3, 31)),
        ("2026-Q4", 1, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_spells_are_read_as_they_are_written(text: str, starts_in: int, first: date, last: date) -> None:
    spell = spells.read(text, starts_in)
    assert (spell.first, spell.last) == (first, last)
    assert spell.written(starts_in) == text
    assert spells.spell_of(last, spell.kind, starts_in) == spell


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "0000-01", "2026", "", "2026-1"])
def test_what_is_no_spell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a month"):
        spells.read(text, 4)


def test_months_and_quarters_that_ended_come_in_the_order_of_their_ends() -> None:
    found = [spell.written(4) for spell in spells.ended(date(2026, 2, 10), date(2026, 4, 1), 4)]
    assert found == ["2026-02", "2026-03", "2025-Q4"]


@pytest.fixture(name="scene")
def _scene(at: SetClock, request: pytest.FixtureRequest) -> Office:
    # The clock first: what the cast is made of must be known before the closing.
    at(date(2026, 4, 14))
    office: Office = request.getfixturevalue("office")
    learner: User = request.getfixturevalue("learner")
    for name in ("colleague", "stranger"):
        request.getfixturevalue(name)
    coc, ccf = make_course("COC"), make_course("CCF")
    make_rule(office, coc, categories=("CLERK",), from_day=date(2024, 1, 1))
    make_rule(office, ccf, unit="hill", categories=("CLERK",), from_day=date(2024, 1, 1))
    pass_course(person(learner), coc, date(2025, 6, 1))
    return office


def test_closing_files_what_coverage_says_of_every_unit_and_what_was_known_then(scene: Office) -> None:
    period = closing.close(MARCH, by=BY)
    assert FiledFigure.objects.filter(period=period).count() == period.rows > 0
    for unit in [scene.root, *scene.units.values()]:
        filed = reading.as_filed(period, unit)
        known = [row for row in coverage(unit, END) if row.required or row.vacant]
        assert (filed.rows if filed else []) == known
        recounted = recounting.count(unit, END, known_at=period.known_at)
        assert [row for row in recounted.rows() if row.required or row.vacant] == known
        assert (filed.people if filed else 0) == recounted.people
        by_category = {part.name: list(part.rows) for part in filed.categories} if filed else {}
        clerks = recounted.by_category().get(scene.categories["CLERK"].pk, [])
        assert by_category.get("Counter clerk", []) == clerks


def test_a_late_fact_changes_nothing_that_was_filed_and_is_shown_beside_it(
    scene: Office, colleague: User, hr: User, client_for: ClientFor, at: SetClock
) -> None:
    period = closing.close(MARCH, by=BY)
    before = list(FiledFigure.objects.filter(period=period).values_list())
    client = client_for(hr)
    assert "The same figures" in client.get(f"/coverage/periods/{period.uuid}/").content.decode()
    at(date(2026, 5, 2))
    pass_course(person(colleague), Course.objects.get(code="COC"), date(2026, 3, 20))
    assert list(FiledFigure.objects.filter(period=period).values_list()) == before
    assert reading.is_as_filed(period)
    page = client.get(f"/coverage/periods/{period.uuid}/").content.decode()
    assert "1 of 3 in date, 2 overdue" in page
    assert "2 of 3 in date, 1 overdue" in page
    assert "+33.4" in page
    assert "Results: 1" in page
    assert "Ravi Pillay" in page


def test_a_second_close_is_refused_and_so_is_one_before_the_end(scene: Office) -> None:
    closing.close(MARCH, by=BY)
    with pytest.raises(Refused, match="stays as filed"):
        closing.close(MARCH, by=BY)
    with pytest.raises(Refused, match="30 April 2026"):
        closing.close(Spell(date(2026, 4, 1), SpellKind.MONTH), by=BY)
    assert ClosedPeriod.objects.count() == 1


def test_what_is_filed_cannot_be_changed_and_a_change_by_hand_is_found(scene: Office) -> None:
    period = closing.close(MARCH, by=BY)
    row = FiledFigure.objects.filter(period=period).earliest("position")
    with pytest.raises(EventIsFinal):
        row.save()
    with pytest.raises(EventIsFinal):
        FiledFigure.objects.filter(pk=row.pk).update(overdue=0)
    call_command("close_period", check=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE duties_filedfigure SET overdue = overdue + 1 WHERE id = %s", [row.pk])
    with pytest.raises(Refused, match="March 2026"):
        call_command("close_period", check=True)


def test_months_and_quarters_close_by_themselves_some_working_days_after_their_end(scene: Office, at: SetClock) -> None:
    Organisation.objects.update(loaded_on=date(2026, 3, 5))
    at(date(2026, 4, 13))
    closing.close_ended_periods()
    assert not ClosedPeriod.objects.exists()
    at(date(2026, 4, 14))
    closing.close_ended_periods()
    closing.close_ended_periods()
    closed = [(period.kind, period.first_day) for period in ClosedPeriod.objects.all()]
    assert closed == [("month", date(2026, 3, 1)), ("quarter", date(2026, 1, 1))]


def test_only_a_training_coordinator_of_the_whole_closes(
    scene: Office, hr: User, auditor: User, client_for: ClientFor
) -> None:
    Organisation.objects.update(loaded_on=date(2026, 3, 5))
    assert client_for(auditor).post("/coverage/periods/", {"period": "2026-03"}).status_code == 403
    assert not ClosedPeriod.objects.exists()
    client = client_for(hr)
    assert "Close and file the figures" in client.get("/coverage/periods/").content.decode()
    closed = client.post("/coverage/periods/", {"period": "2026-03"}, follow=True).content.decode()
    assert "March 2026 is closed and stays as filed." in closed
    assert "Odile Marchand" in client.get("/coverage/periods/").content.decode()
    assert client_for(auditor).get(f"/coverage/periods/{ClosedPeriod.objects.get().uuid}/").status_code == 200


def test_figures_people_and_filed_rows_come_as_files(
    scene: Office, hr: User, integrity_officer: User, client_for: ClientFor
) -> None:
    period = closing.close(MARCH, by=BY)
    unit = str(scene.units["hill"].uuid)
    wish = {"unit": unit, "on": "2026-03-31", "format": "csv", "purpose": "The yearly review"}
    found = {}
    for user, what, query in [
        (hr, "coverage", ""),
        (hr, "people", ""),
        (integrity_officer, "people", ""),
        (hr, "closed period", f"?period={period.uuid}"),
    ]:
        client = client_for(user)
        page = client.post(f"/coverage/export/{query}", {**wish, "what": what})
        making.make(Export.objects.get(uuid=page["location"].split("/")[-2]).pk)
        text = client.get(page["location"] + "file/").getvalue().decode("utf-8-sig")
        found[user, what] = text.splitlines()
    assert found[hr, "coverage"] == found[hr, "closed period"]
    assert "brook,Brook office,hill,COC,,,1,0,1,0,0,2,0,0,0" in found[hr, "coverage"]
    assert "K100,Okoro,Lindiwe,brook,Brook office,Counter clerk,COC,In Date,2027-05-31," in found[hr, "people"]
    assert len(found[hr, "people"]) == 5
    assert len(found[integrity_officer, "people"]) == 1


def test_a_list_of_people_needs_the_right_to_export_in_that_unit(
    scene: Office, her_manager: User, client_for: ClientFor
) -> None:
    wish = {"unit": str(scene.units["brook"].uuid), "on": "2026-03-31", "format": "csv", "purpose": "Curiosity"}
    answer = client_for(her_manager).post("/coverage/export/", {**wish, "what": "people"})
    assert answer.status_code == 200
    assert not Export.objects.exists()
