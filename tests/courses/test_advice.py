"""Ask the ethics adviser: choices in, notes and routes out, and nothing of anybody kept."""

from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from courses.advice import asking, counting, keeping
from courses.advice.keeping import RouteWords, Words
from courses.models import AdviceAsked, AdviceNote, AdviceVersion, Topic
from lms.core import clock
from lms.core.errors import Refused
from lms.organisation.models import StaffNumber, User
from tests.cast import BY, Office

DAY = date(2026, 1, 1)
SECRET = "Zanzibar told me everything"


def words(body: str = "Refuse politely.", jurisdiction: str = "all") -> Words:
    return Words("Gifts", body, jurisdiction, DAY, date(2030, 1, 1))


def test_nothing_that_is_posted_reaches_the_database(learner: User, client_for: Callable[[User], Client]) -> None:
    """Extra fields are ignored; one number is all that is different afterwards."""
    client = client_for(learner)
    before = _everything()
    page = client.post(
        reverse("ethics_advice"),
        {"topic": "gifts", "situation": "now", "text": SECRET, "comment": SECRET, "person": SECRET},
    )
    assert "What to do next" in page.content.decode()
    after = _everything()
    added = {name: rows - before[name] for name, rows in after.items() if rows - before[name]}
    assert added.keys() == {"courses.AdviceAsked"}
    assert SECRET not in repr(after)
    (row,) = AdviceAsked.objects.values()
    assert row.keys() == {"id", "month", "topic", "number"}
    assert (row["month"], row["topic"], row["number"]) == (clock.today().replace(day=1), "gifts", 1)


def _everything() -> dict[str, set[str]]:
    return {model._meta.label: {repr(row) for row in model._base_manager.values_list()} for model in apps.get_models()}


def test_the_form_has_no_field_to_write_in(learner: User, client_for: Callable[[User], Client]) -> None:
    page = client_for(learner).get(reverse("ethics_advice")).content.decode()
    assert "<textarea" not in page
    assert 'type="text"' not in page
    assert page.index("not the place to report wrongdoing") < page.index('name="topic"')


def test_a_note_is_approved_by_another_and_replaced_versions_say_so(
    office: Office, integrity_officer: User, hr: User, learner: User, client_for: Callable[[User], Client]
) -> None:
    first = keeping.write(Topic.GIFTS, words(), by=integrity_officer)
    assert asking.notes_shown() == []
    with pytest.raises(Refused):
        keeping.approve(first, by=integrity_officer)
    with pytest.raises(PermissionDenied):
        keeping.approve(first, by=learner)
    keeping.approve(first, by=hr)
    keeping.approve(first, by=hr)
    second = keeping.write(Topic.GIFTS, words("Hand it in."), by=integrity_officer, note=AdviceNote.objects.get())
    address = reverse("advice_version", args=[first.note.uuid, 1])
    reader = client_for(learner)
    assert "Replaced" not in reader.get(address).content.decode()
    assert reader.get(reverse("advice_version", args=[first.note.uuid, 2])).status_code == 404
    keeping.approve(second, by=hr)
    assert "Replaced" in reader.get(address).content.decode()
    assert "Hand it in." in reader.get(reverse("advice_note", args=[first.note.uuid])).content.decode()


def test_a_note_that_holds_a_staff_number_is_refused(integrity_officer: User, learner: User) -> None:
    number = StaffNumber.objects.get(person=learner.person).number
    with pytest.raises(Refused, match=number):
        keeping.write(Topic.GIFTS, words(f"As {number} did."), by=integrity_officer)
    assert not AdviceVersion.objects.exists()


def test_only_what_applies_here_is_shown(office: Office) -> None:
    for jurisdiction in ("all", "BH"):
        route = RouteWords(f"Route {jurisdiction}", "Bribes", "Room 3", jurisdiction, DAY, DAY)
        keeping.keep_route(route, by=BY)
    assert [route.name for route in asking.routes_shown()] == ["Route all"]


def test_small_counts_are_a_star(office: Office) -> None:
    month = clock.today().replace(day=1)
    AdviceAsked.objects.create(month=month, topic="gifts", number=4)
    AdviceAsked.objects.create(month=month, topic="money", number=5)
    found = dict(counting.by_quarter(clock.today())[1])
    assert (found["Gifts and favours"][0], found["Money and property of the office"][0]) == ("*", 5)
