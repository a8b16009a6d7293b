"""The staff pages: find people, look at one, hand out codes; recorded, scoped, and as many queries for 30 as for 3."""

import re
from collections.abc import Callable
from datetime import timedelta

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.core import clock
from lms.core.models import AuditEntry
from lms.organisation import codes, hiring
from lms.organisation.models import OneTimeCode, User
from tests.cast import BY, Office, person

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


def text_of(response: object) -> str:
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)  # type: ignore[attr-defined]
    main = tree.find(".//main")
    assert main is not None
    return " ".join("".join(main.itertext()).split())


def test_hr_sees_number_post_office_and_sign_in_of_each(hr: User, learner: User, client_for: ClientFor) -> None:
    page = text_of(client_for(hr).get("/staff/"))
    assert "1 person found" in page
    assert "Lindiwe Okoro K101 Counter clerk Brook office no sign-in yet" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lindi", {"Lindiwe Okoro"}),
        ("okoro lindiwe", {"Lindiwe Okoro"}),
        ("K10", {"Lindiwe Okoro", "Sione Latu", "Bram Janssen"}),
        ("k103", {"Bram Janssen"}),
        ("nobody", set()),
        ("%", set()),
        ("x" * 200, set()),
    ],
)
def test_search_is_by_words_of_the_name_or_the_beginning_of_the_number(
    query: str, found: set[str], hr: User, learner: User, stranger: User, her_manager: User, client_for: ClientFor
) -> None:
    response = client_for(hr).get("/staff/", {"q": query})
    assert response.status_code == 200
    assert {str(row.person) for row in response.context["rows"]} == found


def test_the_list_can_be_narrowed_to_a_unit_with_all_below(
    hr: User, learner: User, stranger: User, office: Office, client_for: ClientFor
) -> None:
    client = client_for(hr)
    for unit, found in [
        ("hill", ["Lindiwe Okoro"]),
        ("quay", ["Sione Latu"]),
        ("kopw", ["Sione Latu", "Lindiwe Okoro"]),
    ]:
        response = client.get("/staff/", {"unit": str(office.units[unit].uuid)})
        assert [str(row.person) for row in response.context["rows"]] == found
    response = client.get("/staff/", {"unit": "not-a-unit"})
    assert response.status_code == 200
    assert response.context["rows"] == []


def test_a_supervisor_sees_the_team_only(
    her_manager: User, learner: User, stranger: User, client_for: ClientFor
) -> None:
    rows = client_for(her_manager).get("/staff/").context["rows"]
    assert [str(row.person) for row in rows] == ["Lindiwe Okoro"]


@pytest.mark.parametrize("part", ["learner", "integrity_officer", "assessor", "auditor", "author"])
def test_others_have_no_staff_pages(part: str, request: pytest.FixtureRequest, client_for: ClientFor) -> None:
    client = client_for(request.getfixturevalue(part))
    assert client.get("/staff/").status_code == 403
    assert client.get("/staff/codes/").status_code == 403
    assert "/staff/" not in client.get("/", follow=True).content.decode()


def test_the_menu_leads_there(hr: User, client_for: ClientFor) -> None:
    assert 'href="/staff/"' in client_for(hr).get("/", follow=True).content.decode()


def test_the_list_takes_as_many_queries_for_30_as_for_3(office: Office, hr: User, client_for: ClientFor) -> None:
    client = client_for(hr)
    counts = []
    for size in (3, 24):
        for number in range(size):
            seat = office.seat(f"extra-{size}-{number}", unit="quay")
            codes.issue(office.hire(f"P{number}", f"Q{size}", seat), by=BY)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/staff/").context["rows"]) >= size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_the_next_page_keeps_the_search(office: Office, hr: User, client_for: ClientFor) -> None:
    for number in range(26):
        office.hire(f"Pat{number}", "Same", office.seat(f"extra-{number}", unit="quay"))
    client = client_for(hr)
    page = client.get("/staff/", {"q": "same"}).content.decode()
    assert "?q=same&amp;page=2" in page
    assert len(client.get("/staff/", {"q": "same", "page": "2"}).context["rows"]) == 1
    assert client.get("/staff/", {"q": "same", "page": "nine"}).status_code == 200


def test_a_persons_page_shows_posts_numbers_managers_and_is_recorded(
    office: Office, hr: User, learner: User, her_manager: User, client_for: ClientFor
) -> None:
    hiring.transfer(person(learner), to=office.posts["ridge-clerk"], on=clock.today(), by=BY)
    page = text_of(client_for(hr).get(f"/staff/{person(learner).uuid}/"))
    assert "Counter clerk (ridge-clerk) Ridge office" in page
    assert "Counter clerk (brook-clerk) Brook office 1 January 2020" in page
    assert "K101, Office of Public Works: from 1 January 2020" in page
    entry = AuditEntry.objects.get(action="staff page seen")
    assert (entry.by, entry.subject_id) == (hr, str(person(learner).uuid))


def test_a_strangers_page_is_not_found(her_manager: User, learner: User, stranger: User, client_for: ClientFor) -> None:
    client = client_for(her_manager)
    assert client.get(f"/staff/{person(stranger).uuid}/").status_code == 404
    assert client.post(f"/staff/{person(stranger).uuid}/code/").status_code == 404
    assert client.get("/staff/not-a-uuid/").status_code == 404


def test_a_code_is_issued_by_a_click_shown_once_and_works(hr: User, learner: User, client_for: ClientFor) -> None:
    client, address = client_for(hr), f"/staff/{person(learner).uuid}/"
    response = client.post(f"{address}code/")
    code = _code_on(response.content.decode())
    assert "no-store" in response["Cache-Control"]
    assert "K101" in text_of(response)
    assert code not in client.get(address).content.decode()
    assert "code issued, not used" in text_of(client.get(address))
    assert codes.redeem(learner, code)
    assert "code used, no password set" in text_of(client.get(address))
    assert client.get(f"{address}code/").status_code == 405
    assert AuditEntry.objects.filter(action="one-time code issued", by_user=hr).count() == 1


def test_a_login_is_opened_with_the_first_code(hr: User, office: Office, client_for: ClientFor) -> None:
    newcomer = hiring.enter_person(hiring.NewPerson("Ada", "Nwosu", clock.today(), office.employer, "N1"), by=BY)
    hiring.appoint(newcomer, office.posts["quay-clerk"], from_day=clock.today() + timedelta(days=1), by=BY)
    code = _code_on(client_for(hr).post(f"/staff/{newcomer.uuid}/code/").content.decode())
    assert codes.redeem(User.objects.get(person=newcomer), code)


def test_nobody_issues_a_code_for_themselves_or_for_somebody_with_more_rights(
    hr: User, administrator: User, client_for: ClientFor
) -> None:
    client = client_for(hr)
    for one in (hr, administrator):
        assert client.post(f"/staff/{person(one).uuid}/code/").status_code == 403
        assert "Issue a one-time code" not in client.get(f"/staff/{person(one).uuid}/").content.decode()
    assert not OneTimeCode.objects.exists()


def test_an_offices_codes_are_printed_for_all_who_need_one(
    office: Office, hr: User, learner: User, colleague: User, her_manager: User, stranger: User, client_for: ClientFor
) -> None:
    her_manager.set_password("has a password")
    her_manager.save()
    client, unit = client_for(hr), str(office.units["brook"].uuid)
    page = text_of(client.get("/staff/codes/", {"unit": unit}))
    assert "2 people have no way in yet Lindiwe OkoroRavi Pillay" in page
    slips = client.post("/staff/codes/", {"unit": unit}).content.decode()
    found = re.findall(r"data-code>([^<]+)<", slips)
    assert len(set(found)) == 2
    assert "Bram Janssen" not in slips
    assert codes.redeem(learner, found[0])
    assert "Everybody here has" not in text_of(client.get("/staff/codes/"))
    assert "1 person has no way in yet Lindiwe" in text_of(client.get("/staff/codes/", {"unit": unit}))


def test_codes_are_not_printed_for_a_unit_out_of_reach(
    office: Office, her_manager: User, learner: User, stranger: User, client_for: ClientFor
) -> None:
    response = client_for(her_manager).post("/staff/codes/", {"unit": str(office.units["quay"].uuid)})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not OneTimeCode.objects.exists()


def test_names_are_shown_as_text(office: Office, hr: User, client_for: ClientFor) -> None:
    office.hire("<b>Bold</b>", "O'Neil & Søn", "quay-clerk")
    page = client_for(hr).get("/staff/").content.decode()
    assert "<b>Bold</b>" not in page
    assert "<b>Bold</b> O'Neil & Søn" in text_of(client_for(hr).get("/staff/"))


def _code_on(page: str) -> str:
    found = re.search(r"data-code>([^<]+)<", page)
    assert found is not None
    return found[1]
