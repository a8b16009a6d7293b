"""The pages that allauth brings look like ours."""

import html5lib
import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["login/", "password/reset/", "password/reset/done/", "inactive/"])
def test_pages_before_sign_in_stand_in_our_layout(client: Client, path: str) -> None:
    page = client.get(f"/accounts/{path}").content.decode()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert tree.find(".//div[@class='frontline-header']") is not None
    assert [heading.text for heading in tree.iter("h1")] != []
