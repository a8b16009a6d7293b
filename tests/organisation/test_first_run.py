"""The first run: open once, on an empty site only, with a token where strangers may come."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from lms.core import clock
from lms.core.errors import Refused
from lms.organisation import first_run
from lms.organisation.first_run import NewAdministrator
from lms.organisation.models import (
    FirstRun,
    JurisdictionAdoption,
    Organisation,
    PostTag,
    RoleGrant,
    User,
    WorkingWeek,
)
from tests.cast import Office

ADA = NewAdministrator("Ada", "Bello", "ada@records.example", "a kettle on the fourth floor")
FORM = {
    "given_names": "Ada",
    "surname": "Bello",
    "email": "ada@records.example",
    "password1": ADA.password,
    "password2": ADA.password,
}
ORGANISATION = {"name": "Bureau of Records", "short_name": "BoR", "code": "BOR", "since": "2020-01-01"}
ClientFor = Callable[[User], Client]


@pytest.mark.django_db
def test_an_empty_site_leads_to_the_first_run_and_from_step_to_step(client: Client) -> None:
    assert client.get("/")["Location"] == "/first-run/"
    assert "Step 1 of 4" in client.get("/first-run/").content.decode()
    assert client.post("/first-run/", FORM)["Location"] == "/first-run/organisation/"
    assert client.get("/")["Location"] == "/first-run/organisation/"
    assert "Step 2 of 4" in client.get("/first-run/organisation/").content.decode()
    assert client.post("/first-run/organisation/", ORGANISATION)["Location"] == "/organisation/rules/"
    assert client.get("/")["Location"] == "/organisation/rules/"
    assert "Step 3 of 4" in client.get("/organisation/rules/").content.decode()
    assert client.post("/organisation/rules/", {"other": "KE"})["Location"] == "/organisation/week/"
    page = client.get("/organisation/week/").content.decode()
    assert "Step 4 of 4" in page
    assert '<option value="KE" selected>Kenya</option>' in page
    week = {"weekdays": ["0", "1", "2", "3", "4"], "country": "KE", "region": ""}
    assert client.post("/organisation/week/", week)["Location"] == "/organisation/"
    page = client.get("/organisation/").content.decode()
    assert "First steps" in page
    assert "Step " not in page
    assert client.get("/")["Location"] == "/organisation/"
    # What was set up holds from the beginning of the records, so that past days are counted by it.
    assert WorkingWeek.objects.get().valid_from == JurisdictionAdoption.objects.get().valid_from == date(2020, 1, 1)
    assert set(RoleGrant.objects.values_list("role", flat=True)) == {"administrator", "training_coordinator"}
    assert PostTag.objects.filter(code="front-line").exists()
    assert authenticate(None, username="ada@records.example", password=ADA.password) is not None


@pytest.mark.django_db
def test_when_it_is_over_everybody_is_refused(client: Client) -> None:
    first_run.begin(ADA)
    for response in (client.get("/first-run/"), client.post("/first-run/", FORM | {"email": "eve@example.org"})):
        assert response.status_code == 403
        assert "has its first administrator already" in response.content.decode()
    with pytest.raises(Refused, match="first administrator already"):
        first_run.begin(ADA)
    with pytest.raises(Refused, match="first administrator already"):
        first_run.new_token()
    assert User.objects.count() == 1
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_it_is_shut_where_there_is_an_organisation_or_a_login(office: Office, client: Client) -> None:
    assert not first_run.is_open()
    assert client.get("/first-run/").status_code == 403


@pytest.mark.django_db
def test_only_who_began_names_the_organisation(client_for: ClientFor) -> None:
    first_run.begin(ADA)
    other = User.objects.create(username="other")
    assert client_for(other).get("/first-run/organisation/").status_code == 403
    assert client_for(other).post("/first-run/organisation/", ORGANISATION).status_code == 403
    with pytest.raises(Refused):
        first_run.name_organisation(other, name="X", short_name="X", code="X", since=date(2020, 1, 1))
    assert not Organisation.objects.exists()
    assert client_for(other).get("/").status_code == 200


@pytest.mark.django_db
def test_who_went_away_goes_on_after_signing_in(client: Client) -> None:
    first_run.begin(ADA)
    answer = client.post("/accounts/login/", {"login": ADA.email, "password": ADA.password}, follow=True)
    assert answer.redirect_chain[-1][0] == "/first-run/organisation/"
    assert client.get("/first-run/")["Location"] == "/first-run/organisation/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"given_names": ""}, "This field is required"),
        ({"email": "not an address"}, "Enter a valid email address"),
        ({"password2": "something else 99"}, "password fields"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "ada@records.example", "password2": "ada@records.example"}, "too similar"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
    ],
)
def test_a_bad_administrator_is_answered_in_words_and_what_was_typed_is_kept(
    changed: dict[str, str], words: str, client: Client
) -> None:
    page = client.post("/first-run/", FORM | changed).content.decode()
    assert words in page
    assert 'value="Bello"' in page
    assert ADA.password not in page
    assert first_run.is_open()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"code": "two words"}, "letters, digits and hyphens"),
        ({"since": "2999-01-01"}, "not in the future"),
        ({"since": "0001-01-01"}, "from 1900 on"),
        ({"since": "yesterday"}, "valid date"),
    ],
)
def test_a_bad_organisation_is_answered_in_words(changed: dict[str, str], words: str, client_for: ClientFor) -> None:
    page = client_for(first_run.begin(ADA)).post("/first-run/organisation/", ORGANISATION | changed)
    assert words in page.content.decode()
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_where_strangers_may_come_only_the_newest_printed_token_opens(client: Client, settings: Settings) -> None:
    settings.FIRST_RUN_NEEDS_TOKEN = True
    assert "Set-up token" in client.get("/first-run/").content.decode()
    out = StringIO()
    call_command("first_run", stdout=out)
    old = out.getvalue().rpartition(": ")[2].strip()
    new = first_run.new_token()
    for wrong in ("", old, "guess", new[:-1]):
        page = client.post("/first-run/", FORM | {"token": wrong}).content.decode()
        assert "not accepted" in page or "required" in page
    assert not User.objects.exists()
    assert client.post("/first-run/", FORM | {"token": f" {new} "})["Location"] == "/first-run/organisation/"
    assert FirstRun.objects.get().token_hash == ""


@pytest.mark.django_db
def test_a_token_does_not_last(settings: Settings) -> None:
    settings.FIRST_RUN_NEEDS_TOKEN = True
    token = first_run.new_token()
    with clock.at(clock.now() + timedelta(hours=25)), pytest.raises(Refused, match="not accepted"):
        first_run.begin(ADA, token=token)


@pytest.mark.django_db
def test_the_command_says_nothing_of_a_token_where_none_is_needed_and_nothing_when_it_is_over(office: Office) -> None:
    out = StringIO()
    call_command("first_run", if_open=True, stdout=out)
    assert out.getvalue() == ""
    with pytest.raises(Refused):
        call_command("first_run", stdout=out)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_becomes_administrator() -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def go(email: str) -> None:
        together.wait()
        try:
            first_run.begin(NewAdministrator("A", "B", email, ADA.password))
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=go, args=(f"{name}@example.org",)) for name in ("one", "two")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert User.objects.count() == FirstRun.objects.filter(user__isnull=False).count() == 1
