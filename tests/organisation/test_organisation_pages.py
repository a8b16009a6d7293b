"""The organisation's pages: what was set up can be changed, by whom it is for; holidays and closures."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from lms.core import clock
from lms.organisation import setup, working_calendar
from lms.organisation.models import DifferentDay, JurisdictionAdoption, Organisation, OrgUnit, User, WorkingWeek
from tests.cast import BY, SINCE, Office

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
NAME = {"name": "Office of Roads", "short_name": "OR", "code": "roads", "from_day": ""}


def test_a_slip_in_the_name_is_mended_for_the_past_and_a_new_name_holds_from_its_day(
    office: Office, administrator: User, client_for: ClientFor
) -> None:
    client = client_for(administrator)
    assert client.post("/organisation/name/", NAME)["Location"] == "/organisation/"
    assert OrgUnit.objects.named(SINCE).get(pk=office.root.pk).name == "Office of Roads"
    new = NAME | {"name": "Roads Agency", "from_day": "2026-06-01"}
    assert client.post("/organisation/name/", new).status_code == 302
    names = [OrgUnit.objects.named(day).get(code="roads").name for day in (SINCE, date(2026, 6, 1))]
    assert names == ["Office of Roads", "Roads Agency"]
    own = Organisation.objects.get()
    assert (own.name, own.short_name) == ("Roads Agency", "OR")
    again = client.post("/organisation/name/", new | {"name": "Another", "from_day": "2026-05-01"})
    assert "Choose a later day" in again.content.decode()
    assert Organisation.objects.get().name == "Roads Agency"


def test_a_code_that_a_unit_has_is_refused(office: Office, administrator: User, client_for: ClientFor) -> None:
    page = client_for(administrator).post("/organisation/name/", NAME | {"code": "brook"}).content.decode()
    assert "There is a unit with the code brook already" in page


def test_rules_are_adopted_and_given_up_from_today(office: Office, administrator: User, client_for: ClientFor) -> None:
    setup.adopt("ZA", from_day=SINCE, by=BY)
    client = client_for(administrator)
    assert client.post("/organisation/rules/", {"other": "KE"}).status_code == 302
    today = clock.today()
    assert setup.adopted_on(today) == ["KE"]
    assert setup.adopted_on(SINCE) == ["ZA"]
    # On the same day the mind is changed again.
    client.post("/organisation/rules/", {"jurisdictions": ["KE"], "other": "NG"})
    client.post("/organisation/rules/", {"jurisdictions": ["NG"]})
    assert setup.adopted_on(today) == ["NG"]
    for nothing in ({}, {"other": "QQ"}, {"jurisdictions": ["QQ"]}):
        assert "There is a problem" in client.post("/organisation/rules/", nothing).content.decode()
    assert setup.adopted_on(today) == ["NG"]
    assert JurisdictionAdoption.objects.filter(jurisdiction="ZA").count() == 1


def test_a_week_that_cannot_be_is_answered_in_words(office: Office, administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)
    good: dict[str, list[str] | str] = {"weekdays": ["6", "0", "1", "2", "3"], "country": "DE", "region": "BY"}
    wrong: list[tuple[dict[str, list[str] | str], str]] = [
        ({"weekdays": []}, "at least one day"),
        ({"region": "Bavaria"}, "Known are: Augsburg, BB"),
        ({"country": "QQ"}, "Select a valid choice"),
    ]
    for changed, words in wrong:
        assert words in client.post("/organisation/week/", good | changed).content.decode()
    assert not WorkingWeek.objects.exists()
    assert client.post("/organisation/week/", good).status_code == 302
    page = client.get("/organisation/").content.decode()
    assert "Monday, Tuesday, Wednesday, Thursday, Sunday" in page
    assert "Germany" in page


def test_a_holiday_that_is_worked_comes_filled_in_and_can_be_taken_away(
    office: Office, hr: User, client_for: ClientFor
) -> None:
    working_calendar.set_week(range(5), country="ZA", region="", from_day=SINCE, by=BY)
    client = client_for(hr)
    with clock.at(clock.now().replace(year=2026, month=12, day=1)):
        page = client.get("/organisation/days/").content.decode()
        assert "16 December 2026: Day of Reconciliation" in page
        page = client.get("/organisation/days/?works=2026-12-16").content.decode()
        assert 'value="2026-12-16"' in page
        assert client.get("/organisation/days/?works=nonsense").status_code == 200
        data = {
            "unit": str(office.root.uuid),
            "kind": "working",
            "first": "2026-12-16",
            "last": "",
            "what": "Elections",
        }
        assert client.post("/organisation/days/", data).status_code == 302
        assert working_calendar.of_unit(office.units["brook"]).works_on(date(2026, 12, 16))
        assert "Elections" in client.get("/organisation/days/").content.decode()
        for changed in ({"unit": ""}, {"last": "2026-12-01"}, {"first": "0001-01-01"}, {"what": ""}, {"kind": "party"}):
            answer = client.post("/organisation/days/", data | {"first": "2026-12-18"} | changed)
            assert "There is a problem" in answer.content.decode()
        day = DifferentDay.objects.get()
        assert client.post(f"/organisation/days/{day.pk}/away/").status_code == 302
        assert not working_calendar.of_unit(office.units["brook"]).works_on(date(2026, 12, 16))
        assert client.post(f"/organisation/days/{day.pk}/away/").status_code == 404


def test_hr_sees_the_page_and_changes_days_but_neither_name_nor_rules_nor_week(
    office: Office, hr: User, learner: User, client_for: ClientFor
) -> None:
    page = client_for(hr).get("/organisation/").content.decode()
    assert "First steps" in page
    assert 'href="/organisation/name/"' not in page
    for part in ("name", "rules", "week"):
        assert client_for(hr).post(f"/organisation/{part}/", NAME).status_code == 403
    assert client_for(learner).get("/organisation/days/").status_code == 403
    assert Organisation.objects.get().name == "Office of Public Works, Kestrel"
