"""Setting up who issues and who signs."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from certificates.models import Certificate, Issuer, Signatory
from certificates.setup import add_signatory, end_signatory, set_up_issuer
from lms.core import clock
from lms.organisation.models import User
from tests.certificates.fixtures import BY, MakeResult
from tests.plugins.time import SetClock

ISSUER = {"name": "Office of Public Works", "code": "OPW", "place": "Kestrel", "statement": "", "contact": ""}


def test_an_administrator_sets_the_issuer_up_and_what_waited_is_awarded(
    client_for: Callable[[User], Client],
    administrator: User,
    make_result: MakeResult,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    result = make_result()
    client = client_for(administrator)
    assert "1 result waits" in client.get(reverse("certificate_issuer")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("certificate_issuer"), ISSUER).status_code == 302
    certificate = Certificate.objects.get(result=result)
    assert certificate.number.startswith("OPW-")
    assert certificate.text["statement"] == "This certificate does not replace a qualification."


def test_a_code_that_cannot_begin_a_number_is_refused(
    client_for: Callable[[User], Client], administrator: User
) -> None:
    response = client_for(administrator).post(reverse("certificate_issuer"), {**ISSUER, "code": "o w"})
    assert "Two to six capital letters" in response.content.decode()
    with pytest.raises(ValidationError):
        set_up_issuer("Office", code="o w", place="Kestrel", by=BY)
    assert not Issuer.objects.exists()


def test_only_administrators_do(client_for: Callable[[User], Client], hr: User) -> None:
    assert client_for(hr).get(reverse("certificate_issuer")).status_code == 403


def test_signatories_come_and_go_with_their_days(
    client_for: Callable[[User], Client], administrator: User, at: SetClock
) -> None:
    client = client_for(administrator)
    at("2026-03-02")
    client.post(reverse("certificate_signatory_new"), {"name": "Amaka Eze", "post": "Director", "order": "1"})
    signatory = Signatory.objects.signing_on(clock.today()).get()
    at("2026-04-02")
    client.post(reverse("certificate_signatory_end", args=[signatory.pk]))
    assert not Signatory.objects.signing_on(clock.today()).exists()
    assert Signatory.objects.signing_on(signatory.valid_from).exists()


def test_setting_up_twice_changes_nothing(db: None) -> None:
    for _time in range(2):
        set_up_issuer("Office", code="OPW", place="Kestrel", by=BY)
        signatory = add_signatory("Amaka Eze", "Director", by=BY)
    assert (Issuer.objects.count(), Signatory.objects.count()) == (1, 1)
    end_signatory(signatory, until=clock.today(), by=BY)
    assert not Signatory.objects.held().exists()
