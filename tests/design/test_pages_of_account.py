"""The pages that allauth brings look like ours."""

import html5lib
import pytest
from django.core import mail
from django.test import Client

from lms.organisation.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["login/", "password/reset/", "password/reset/done/", "inactive/"])
def test_pages_before_sign_in_stand_in_our_layout(client: Client, path: str) -> None:
    page = client.get(f"/accounts/{path}").content.decode()
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert tree.find(".//div[@class='frontline-header']") is not None
    assert [heading.text for heading in tree.iter("h1")] != []


def test_the_mail_for_a_new_password_is_in_our_words_and_its_link_works(client: Client, learner: User) -> None:
    client.post("/accounts/password/reset/", {"email": learner.email})
    (sent,) = mail.outbox
    assert sent.subject == "Set a new password"
    assert str(sent.body).startswith(f"Dear {learner.get_full_name()},")
    link = next(word for word in str(sent.body).split() if word.startswith("http://testserver/"))
    page = client.get(link, follow=True).content.decode()
    assert "Set this password" in page


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client: Client, learner: User) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": address}) for address in (learner.email, "no@one.example")
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert [message.to for message in mail.outbox] == [[learner.email]]
