"""Roles are given and taken back on a person's page, by administrators, never for themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from lms.core import clock
from lms.organisation.models import RoleGrant, User
from tests.cast import Office, person

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


def _data(office: Office, unit: str = "hill") -> dict[str, str]:
    return {
        "role": "training_coordinator",
        "unit": str(office.units[unit].uuid),
        "from_day": clock.today().isoformat(),
    }


def test_a_role_is_given_and_taken_back(
    office: Office, administrator: User, learner: User, client_for: ClientFor
) -> None:
    client, page = client_for(administrator), f"/staff/{person(learner).uuid}/roles/"
    assert client.post(page, _data(office))["Location"] == page
    assert "Training coordinator (HR)" in client.get(page).content.decode()
    grant = RoleGrant.objects.on(clock.today()).get(user=learner)
    # The slip of a moment ago is mended on the same day.
    assert client.post(f"{page}{grant.pk}/back/").status_code == 302
    assert not RoleGrant.objects.on(clock.today()).filter(user=learner).exists()
    assert client.post(f"{page}{grant.pk}/back/").status_code == 404
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    client.post(page, _data(office) | {"from_day": yesterday})
    later = RoleGrant.objects.on(clock.today()).get(user=learner)
    client.post(f"{page}{later.pk}/back/")
    later.refresh_from_db()
    assert later.valid_until == clock.today()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"role": "king"}, "Select a valid choice"),
        ({"unit": ""}, "This field is required"),
        ({"from_day": "1999-01-01"}, "Check the year"),
    ],
)
def test_a_role_that_cannot_be_given(
    changed: dict[str, str], words: str, office: Office, administrator: User, learner: User, client_for: ClientFor
) -> None:
    page = client_for(administrator).post(f"/staff/{person(learner).uuid}/roles/", _data(office) | changed)
    assert words in page.content.decode()
    assert not RoleGrant.objects.filter(user=learner).exists()


def test_nobody_gives_or_takes_their_own(office: Office, administrator: User, client_for: ClientFor) -> None:
    client, page = client_for(administrator), f"/staff/{person(administrator).uuid}/roles/"
    assert "Nobody can give themselves a role" in client.post(page, _data(office)).content.decode()
    own = RoleGrant.objects.get(user=administrator)
    assert client.post(f"{page}{own.pk}/back/").status_code == 409
    assert RoleGrant.objects.on(clock.today()).filter(pk=own.pk).exists()


def test_others_have_no_such_page(office: Office, hr: User, learner: User, client_for: ClientFor) -> None:
    page = f"/staff/{person(learner).uuid}/roles/"
    assert client_for(hr).get(page).status_code == 403
    assert "roles/" not in client_for(hr).get(f"/staff/{person(learner).uuid}/").content.decode()
