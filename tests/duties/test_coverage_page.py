"""The coverage page and its file."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lms.core.models import AuditEntry
from lms.duties.bars import pieces
from lms.duties.coverage import CoverageRow
from lms.organisation import units
from lms.organisation.models import User
from tests.cast import BY, Office, person
from tests.duties.making import TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _scene(at: SetClock, office: Office, learner: User, colleague: User, stranger: User) -> None:
    at(TODAY)
    course = make_course("COC")
    make_rule(office, course, categories=("CLERK",), from_day=date(2024, 1, 1))
    pass_course(person(learner), course, date(2025, 6, 1))


def test_hr_sees_the_whole_and_goes_down_to_a_unit(office: Office, hr: User, client_for: ClientFor) -> None:
    client = client_for(hr)
    page = client.get("/coverage/").content.decode()
    assert "Coverage: Office of Public Works, Kestrel" in page
    assert "1 in date, 0 not yet due, 2 overdue" in page
    assert "33.3" in page
    assert "3 people are behind these figures" in page
    below = client.get("/coverage/", {"unit": str(office.units["hill"].uuid)}).content.decode()
    assert "Coverage: Hill region" in below
    assert "50.0" in below
    assert f"?unit={office.units['brook'].uuid}" in below


def test_a_past_day_shows_the_tree_and_the_names_of_that_day(office: Office, hr: User, client_for: ClientFor) -> None:
    units.rename(office.units["hill"], name="Mountain region", on=date(2026, 3, 1), by=BY)
    page = client_for(hr).get("/coverage/", {"on": "2026-02-28"}).content.decode()
    assert "28 February 2026" in page
    assert "Hill region" in page
    assert "Mountain region" not in page


@pytest.mark.parametrize("day", ["2026-03-17", "never", "0001-01-01"])
def test_a_day_that_makes_no_sense_says_so_or_shows_nothing(hr: User, client_for: ClientFor, day: str) -> None:
    response = client_for(hr).get("/coverage/", {"on": day})
    assert response.status_code == 200
    if day == "2026-03-17":
        assert "Choose today or an earlier day" in response.content.decode()


def test_a_supervisor_sees_the_unit_of_the_own_line_and_no_other(
    office: Office, her_manager: User, client_for: ClientFor
) -> None:
    client = client_for(her_manager)
    assert "Coverage: Brook office" in client.get("/coverage/").content.decode()
    for unit in ("hill", "quay", "kopw"):
        uuid = office.root.uuid if unit == "kopw" else office.units[unit].uuid
        assert client.get("/coverage/", {"unit": str(uuid)}).status_code == 404
        assert client.get("/coverage/csv/", {"unit": str(uuid)}).status_code == 404


def test_who_leads_nobody_and_has_no_role_sees_no_figures(learner: User, client_for: ClientFor) -> None:
    assert client_for(learner).get("/coverage/").status_code == 403
    assert client_for(learner).get("/coverage/csv/").status_code == 403


def test_an_address_that_is_no_unit_is_not_found(hr: User, client_for: ClientFor) -> None:
    assert client_for(hr).get("/coverage/", {"unit": "everything"}).status_code == 404


@pytest.mark.parametrize("arguments", [{}, {"on": "2026-01-05"}, {"target": "COC"}, {"unit": "hill"}])
def test_the_file_is_what_the_command_prints_and_is_recorded(
    office: Office, hr: User, client_for: ClientFor, arguments: dict[str, str]
) -> None:
    asked = dict(arguments)
    if "unit" in arguments:
        asked["unit"] = str(office.units["hill"].uuid)
    response = client_for(hr).get("/coverage/csv/", asked)
    printed = StringIO()
    call_command("coverage", *[f"--{name}={value}" for name, value in arguments.items()], stdout=printed)
    assert response.content.decode() == printed.getvalue()
    assert printed.getvalue().count("\n") == 2
    assert AuditEntry.objects.filter(action="coverage exported", by_user=hr).count() == 1


@pytest.mark.parametrize("how_many", [2, 12])
def test_the_number_of_queries_does_not_grow(
    office: Office, hr: User, client_for: ClientFor, django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    for number in range(how_many):
        office.hire(f"Ann{number}", "Other", office.seat(f"extra-{number}", unit="ridge"))
    client = client_for(hr)
    client.get("/coverage/")
    with django_assert_num_queries(15):
        client.get("/coverage/")


def test_a_bar_fills_its_width() -> None:
    row = CoverageRow("X", 8, 2, 4, 2, None, 0, 0, 0, 0, 0, 8)
    assert [(piece.start, piece.width) for piece in pieces(row)] == [
        ("0.00", "25.00"),
        ("25.00", "50.00"),
        ("75.00", "25.00"),
    ]
    assert pieces(row._replace(required=0)) == []
