"""Offices, posts and people entered one by one; cards with one-time codes for them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from lms.organisation import codes, hiring
from lms.organisation.lines import managers_of
from lms.organisation.models import OrgUnit, Person, Post, PostCategory, PostTag, StaffNumber, User
from lms.organisation.posts import usual_tags
from tests.cast import BY, Office

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
UNIT = {"name": "Harbour office", "kind": "office", "code": "harbour", "opened_on": "2020-01-01"}
POSTS = {
    "title": "Counter clerk",
    "category": "",
    "new_category": "Counter staff",
    "how_many": "2",
    "opened_on": "2020-01-01",
}
HIRED = {
    "given_names": "Thabo",
    "surname": "Nkosi",
    "number": "a 7001",
    "employer": "opw",
    "kind": "employee",
    "email": "",
    "from_day": "2024-02-01",
}


@pytest.fixture
def coast(office: Office) -> str:
    return f"/staff/units/{office.units['coast'].uuid}/"


def test_an_office_is_opened_its_posts_made_and_somebody_put_in(
    office: Office, hr: User, stranger: User, coast: str, client_for: ClientFor
) -> None:
    client = client_for(hr)
    usual_tags()
    assert client.get("/staff/units/")["Location"] == f"/staff/units/{office.root.uuid}/"
    made = client.post(f"{coast}new/", UNIT)
    harbour = OrgUnit.objects.named(date(2026, 1, 1)).get(code="harbour")
    assert made["Location"] == f"/staff/units/{harbour.uuid}/"
    manager = office.posts["coast-manager"]
    posts = POSTS | {"tags": ["front-line"], "reports_to": str(manager.uuid)}
    assert client.post(f"{made['Location']}posts/", posts).status_code == 302
    seats = list(Post.objects.filter(unit=harbour).order_by("code"))
    assert [seat.code for seat in seats] == ["harbour-01", "harbour-02"]
    assert {seat.category.name for seat in seats} == {"Counter staff"}
    assert seats[0].tags.get() == PostTag.objects.get(code="front-line")
    assert client.post(f"/staff/posts/{seats[0].uuid}/", HIRED)["Location"] == made["Location"]
    thabo = Person.objects.get(surname="Nkosi")
    assert StaffNumber.objects.get(person=thabo).number == "A7001"
    office.hire("Cora", "Bell", manager)
    assert [str(one) for one in managers_of(thabo, date(2026, 1, 1))] == ["Cora Bell"]
    page = client.get(made["Location"]).content.decode()
    assert "Thabo Nkosi" in page
    assert page.count("Put somebody in") == 1


def test_a_kind_of_work_that_is_there_is_not_made_twice(
    office: Office, hr: User, coast: str, client_for: ClientFor
) -> None:
    before = PostCategory.objects.count()
    client_for(hr).post(f"{coast}posts/", POSTS | {"new_category": "counter CLERK"})
    assert PostCategory.objects.count() == before
    assert Post.objects.filter(unit=office.units["coast"], category__code="CLERK").count() == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"code": "brook"}, "There is a unit with the code brook already"),
        ({"code": "two words"}, "letters, digits and hyphens"),
        ({"opened_on": "2019-12-31"}, "is not open from that day on"),
        ({"kind": "organisation"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_an_office_that_cannot_be_opened(
    changed: dict[str, str], words: str, hr: User, coast: str, client_for: ClientFor
) -> None:
    before = OrgUnit.objects.count()
    assert words in client_for(hr).post(f"{coast}new/", UNIT | changed).content.decode()
    assert OrgUnit.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"new_category": ""}, "Choose a kind of work above"),
        ({"how_many": "51"}, "less than or equal to 50"),
        ({"how_many": "0"}, "greater than or equal to 1"),
        ({"opened_on": "2019-12-31"}, "is not open from that day on"),
        ({"reports_to": "nonsense"}, "is not a valid UUID"),
    ],
)
def test_posts_that_cannot_be_made(
    changed: dict[str, str], words: str, hr: User, coast: str, client_for: ClientFor
) -> None:
    before = Post.objects.count()
    assert words in client_for(hr).post(f"{coast}posts/", POSTS | changed).content.decode()
    assert Post.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": ""}, "one of them is needed to sign in"),
        ({"number": "opw/7001"}, "no slash and no @"),
        ({"number": "K101"}, "The staff number K101 is in use already"),
        ({"from_day": "2019-12-31"}, "is not open on all those days"),
        ({"from_day": "0026-01-01"}, "Check the year"),
        ({"email": "nonsense"}, "Enter a valid email address"),
        ({"employer": "nobody"}, "Select a valid choice"),
    ],
)
def test_somebody_who_cannot_be_put_in_is_not_entered_either(
    changed: dict[str, str], words: str, office: Office, hr: User, learner: User, client_for: ClientFor
) -> None:
    # Whoever has K101 is in the cast already.
    assert StaffNumber.objects.filter(number="K101").exists()
    before = Person.objects.count()
    post = office.posts["quay-clerk"]
    assert words in client_for(hr).post(f"/staff/posts/{post.uuid}/", HIRED | changed).content.decode()
    assert Person.objects.count() == before


def test_a_post_that_is_held_takes_nobody_else(office: Office, hr: User, stranger: User, client_for: ClientFor) -> None:
    page = client_for(hr).post(f"/staff/posts/{office.posts['quay-clerk'].uuid}/", HIRED).content.decode()
    assert "Sione Latu holds this post then" in page
    assert not Person.objects.filter(surname="Nkosi").exists()


def test_others_neither_see_nor_change_units(
    office: Office, her_manager: User, learner: User, coast: str, client_for: ClientFor
) -> None:
    for user in (her_manager, learner):
        assert client_for(user).get(coast).status_code == 403
        assert client_for(user).post(f"{coast}new/", UNIT).status_code == 403


def test_a_cards_qr_brings_the_number_and_never_the_code(
    office: Office, hr: User, learner: User, client: Client, client_for: ClientFor
) -> None:
    unit = str(office.units["brook"].uuid)
    response = client_for(hr).post("/staff/codes/", {"unit": unit})
    card = response.context["cards"][0]
    assert (card.sign_in_name, card.row.person) == ("K101", learner.person)
    assert "<svg" in card.qr
    page = response.content.decode()
    assert card.code in page
    assert f"login={card.code}" not in page
    assert 'value="K101"' in client.get("/accounts/first/?login=K101").content.decode()
    assert client.get("/accounts/first/", {"login": "x" * 5000}).status_code == 200
    assert codes.redeem(learner, card.code)


def test_a_number_that_two_employers_gave_is_written_with_the_employer(
    office: Office, hr: User, learner: User, client_for: ClientFor
) -> None:
    other = hiring.employer("agency", name="Agency")
    hiring.enter_person(hiring.NewPerson("Else", "Where", date(2020, 1, 1), other, "K101"), by=BY)
    response = client_for(hr).post("/staff/codes/", {"unit": str(office.units["brook"].uuid)})
    assert response.context["cards"][0].sign_in_name == "opw/K101"
