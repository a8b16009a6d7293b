"""Signing in: by staff number or e-mail, the first time by a code; no hint to guessers, an end to guessing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.test import Client
from pytest_django import Settings

from lms.core import clock
from lms.organisation import codes, hiring, logins
from lms.organisation.models import User
from lms.organisation.sign_in import users_named
from lms.settings import base
from tests.cast import BY, SINCE, Office, person
from tests.plugins.time import SetClock

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
NO_HINT = "do not belong together"
NOT_ACCEPTED = "were not accepted"


@pytest.fixture
def known(learner: User) -> User:
    """The learner, with a password; her staff number is K100."""
    learner.set_password(PASSWORD)
    learner.save()
    return learner


@pytest.fixture
def namesake(office: Office, known: User) -> User:
    """Somebody of another employer who bears the learner's number."""
    other = hiring.employer("agency", name="Cleaning Agency")
    someone = hiring.enter_person(hiring.NewPerson("Mateus", "Rocha", SINCE, other, "K100"), by=BY)
    hiring.appoint(someone, office.posts["ridge-clerk"], from_day=SINCE, by=BY)
    user = logins.open_login(someone, by=BY)
    user.set_password("another long password")
    user.save()
    return user


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": login, "password": password, **more})


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize(
    "name", ["K100", " k100 ", "opw/K100", "OPW/k100", "lindiwe@kopw.example", "Lindiwe@KOPW.example"]
)
def test_a_staff_number_or_address_with_the_password_signs_in(client: Client, known: User, name: str) -> None:
    response = sign_in(client, name)
    assert (response.status_code, response["location"]) == (302, "/")
    assert signed_in(client) == str(known.pk)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("K100", "wrong password"),
        ("K999", PASSWORD),
        ("nobody@kopw.example", PASSWORD),
        ("other/K100", PASSWORD),
        ("/", PASSWORD),
        ("K100' OR 1=1 --", PASSWORD),
        ("x" * 140, PASSWORD),
    ],
)
def test_whatever_is_wrong_sounds_the_same(client: Client, known: User, name: str, password: str) -> None:
    response = sign_in(client, name, password)
    assert response.status_code == 200
    assert NO_HINT in response.content.decode()
    assert signed_in(client) is None


def test_a_closed_login_and_a_number_of_the_past_sound_the_same(client: Client, known: User, at: SetClock) -> None:
    hiring.end_service(person(known), on=date(2026, 3, 1), by=BY)
    at("2026-03-02")
    assert NO_HINT in sign_in(client, "K100").content.decode()
    logins.close_login(known, by=BY)
    assert NO_HINT in sign_in(client, "lindiwe@kopw.example").content.decode()


@pytest.mark.parametrize("name", ["K100", "K999", "nobody@kopw.example"])
def test_a_wrong_try_costs_one_hash_whoever_it_names(
    client: Client, known: User, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        hashes.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    sign_in(client, name, "wrong password")
    assert len(hashes) == 1


def test_the_employer_is_asked_only_where_a_number_repeats(client: Client, known: User, namesake: User) -> None:
    assert 'name="employer"' not in client.get("/accounts/login/").content.decode()
    page = sign_in(client, "K100").content.decode()
    assert "more than one employer" in page
    assert "Cleaning Agency" in page
    assert sign_in(client, "K100", "wrong", employer="opw").status_code == 200
    sign_in(client, "K100", employer="opw")
    assert signed_in(client) == str(known.pk)


def test_a_prefix_names_the_employer_too(client: Client, known: User, namesake: User) -> None:
    sign_in(client, "agency/K100", "another long password")
    assert signed_in(client) == str(namesake.pk)
    assert users_named("K100") == [known, namesake]


def test_guessing_ends_after_five_tries_however_the_name_is_written(
    client: Client, known: User, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    for name in ("K100", "k100", " K100", "OPW/K100", "lindiwe@kopw.example"):
        assert NO_HINT in sign_in(client, name, "guess").content.decode()
    page = sign_in(client, "opw/k 100").content.decode()
    assert "Too many tries" in page
    assert signed_in(client) is None


def test_signing_in_changes_the_session_key(client: Client, known: User) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    before = session.session_key
    sign_in(client, "K100")
    assert client.session.session_key != before


def test_the_first_sign_in_leads_over_a_password_of_ones_own_to_the_site(
    client: Client, learner: User, django_assert_max_num_queries: Any
) -> None:
    code = codes.issue(learner, by=BY)[1]
    response = client.post("/accounts/first/", {"login": "K100", "code": code})
    assert response["location"] == "/accounts/own-password/"
    for elsewhere in ("/", "/staff/", "/accounts/password/change/", "/admin/"):
        assert client.get(elsewhere)["location"] == "/accounts/own-password/"
    first = client.session.session_key
    response = client.post("/accounts/own-password/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert (response.status_code, response["location"]) == (302, "/")
    assert client.session.session_key != first
    assert client.get("/", follow=True).status_code == 200
    client.logout()
    sign_in(client, "K100")
    assert signed_in(client) == str(learner.pk)


@pytest.mark.parametrize(
    ("one", "two"), [("short", "short"), (PASSWORD, "another password"), ("", ""), ("password123", "password123")]
)
def test_a_password_must_be_good_and_typed_twice(client: Client, learner: User, one: str, two: str) -> None:
    client.post("/accounts/first/", {"login": "K100", "code": codes.issue(learner, by=BY)[1]})
    response = client.post("/accounts/own-password/", {"new_password1": one, "new_password2": two})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert User.objects.get(pk=learner.pk).must_set_password


def test_whoever_has_a_password_changes_it_elsewhere(client_for: Callable[[User], Client], known: User) -> None:
    assert client_for(known).get("/accounts/own-password/")["location"] == "/accounts/password/change/"
    assert client_for(known).get("/accounts/first/")["location"] == "/"
    assert Client().get("/accounts/own-password/")["location"].startswith("/accounts/login/")


def test_used_expired_and_invented_codes_are_refused_in_one_sentence(
    client: Client, learner: User, at: SetClock
) -> None:
    at("2026-03-02T09:00")
    used = codes.issue(learner, by=BY)[1]
    codes.redeem(learner, used)
    expired = codes.issue(learner, by=BY)[1]
    at("2026-03-17T09:00")
    pages = [
        client.post("/accounts/first/", {"login": login, "code": code}).content.decode()
        for login, code in [
            ("K100", used),
            ("K100", expired),
            ("K100", "CDFG-CDFG"),
            ("K999", used),
            ("K100", "é" * 30),
        ]
    ]
    assert all(NOT_ACCEPTED in page for page in pages)
    assert signed_in(client) is None


@pytest.mark.parametrize(
    "data", [{}, {"login": "K100"}, {"login": "K100", "code": "x" * 100_000}, {"login": "\0", "code": "\0"}]
)
def test_nonsense_is_answered_in_the_form(client: Client, learner: User, data: dict[str, str]) -> None:
    for address in ("/accounts/first/", "/accounts/login/"):
        response = client.post(address, data)
        assert response.status_code == 200
        assert "There is a problem" in response.content.decode()


def test_a_repeated_number_asks_for_the_employer_on_the_first_sign_in_too(
    client: Client, learner: User, namesake: User
) -> None:
    code = codes.issue(namesake, by=BY)[1]
    page = client.post("/accounts/first/", {"login": "K100", "code": code}).content.decode()
    assert "more than one employer" in page
    client.post("/accounts/first/", {"login": "K100", "code": code, "employer": "agency"})
    assert signed_in(client) == str(namesake.pk)


def test_guessing_codes_ends_after_five_tries_and_the_code_stays_good(
    client: Client, learner: User, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    code = codes.issue(learner, by=BY)[1]
    for name in ("K100", "k100", "OPW/K100", " K100 ", "lindiwe@kopw.example"):
        assert NOT_ACCEPTED in client.post("/accounts/first/", {"login": name, "code": "CDFG-CDFG"}).content.decode()
    page = client.post("/accounts/first/", {"login": "K100", "code": code}).content.decode()
    assert "Too many tries" in page
    assert codes.redeem(learner, code)


def test_a_password_is_reset_by_mail_where_there_is_an_address(client: Client, known: User) -> None:
    client.post("/accounts/password/reset/", {"email": "lindiwe@kopw.example"})
    [message] = mail.outbox
    link = next(line.strip() for line in str(message.body).splitlines() if "/accounts/password/reset/key/" in line)
    form = client.get(link[link.index("/accounts/") :], follow=True)
    new = "a fresh long password"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    sign_in(client, "K100", new)
    assert signed_in(client) == str(known.pk)


def test_an_unknown_address_gets_the_same_page(client: Client, known: User) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email})["location"]
        for email in ("lindiwe@kopw.example", "nobody@kopw.example")
    ]
    assert answers[0] == answers[1]


def test_there_is_no_sign_up(client: Client) -> None:
    response = client.post("/accounts/signup/", {"username": "me", "password1": PASSWORD})
    assert not User.objects.exists()
    assert response.status_code == 200


def test_an_account_of_nobodys_signs_in_by_its_name(client: Client, office: Office) -> None:
    account = logins.open_account("service", first_name="Night", last_name="Job", email="", by=BY)
    account.set_password(PASSWORD)
    account.save()
    sign_in(client, "service")
    assert signed_in(client) == str(account.pk)


def test_a_closed_login_is_out_at_the_next_click(client_for: Callable[[User], Client], hr: User) -> None:
    client = client_for(hr)
    assert client.get("/staff/").status_code == 200
    logins.close_login(hr, by=BY)
    assert client.get("/staff/")["location"].startswith("/accounts/login/")
    assert clock.today() >= SINCE


def test_the_first_sign_in_is_remembered_and_no_later_one(known: User, client: Client, at: SetClock) -> None:
    for day in ("2026-03-16", "2026-03-17"):
        at(f"{day}T08:00")
        client.post("/accounts/login/", {"login": "K100", "password": PASSWORD})
        client.logout()
    known.refresh_from_db()
    assert known.first_signed_in_at is not None
    assert clock.day_of(known.first_signed_in_at) == date(2026, 3, 16)
