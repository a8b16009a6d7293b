"""The log, the words and the slips of reminders, as those who use them see them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from courses.models import Course
from lms.core.errors import Refused
from lms.duties.models import MessageOutcome, MessageState, ReminderMessage, ReminderText
from lms.duties.reminding import daily, wording
from lms.duties.reminding.wording import Words
from lms.organisation.models import Person, User
from tests.cast import BY, Office, person
from tests.duties.making import make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
MONDAY = date(2026, 3, 16)
LOG, SHEET = "/requirements/reminders/", "/requirements/reminders/sheet/"
WORDS = "/requirements/reminders/words/before_due/en-gb/"


@pytest.fixture(autouse=True)
def _monday(at: SetClock) -> None:
    at(MONDAY)


@pytest.fixture
def counter(office: Office, learner: User, stranger: User) -> Course:
    """A course that is due in 14 days for Lindiwe at Brook and Sione at Quay."""
    course = make_course("COUNTER", title="At the counter")
    make_rule(office, course, categories=("CLERK",), due_days=28, from_day=date(2026, 3, 2), title="Clerks know it")
    return course


def test_everybody_reads_the_log_of_their_own_people(
    counter: Course, hr: User, her_manager: User, integrity_officer: User, client_for: ClientFor
) -> None:
    daily.run()
    seen = {user.pk: client_for(user).get(LOG).content.decode() for user in (hr, her_manager, integrity_officer)}
    assert "Lindiwe Okoro" in seen[hr.pk]
    assert "Sione Latu" in seen[hr.pk]
    assert "14 days before 30 March 2026" in seen[hr.pk]
    assert "Clerks know it" in seen[hr.pk]
    assert "Due in 14 days: At the counter" in seen[hr.pk]
    assert "Lindiwe Okoro" in seen[her_manager.pk]
    assert "Sione Latu" not in seen[her_manager.pk]
    assert "Lindiwe Okoro" not in seen[integrity_officer.pk]


def test_the_integrity_unit_reads_of_integrity_courses_alone(
    office: Office, counter: Course, integrity_officer: User, client_for: ClientFor
) -> None:
    coc = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, coc, categories=("CLERK",), due_days=28, from_day=date(2026, 3, 2))
    daily.run()
    page = client_for(integrity_officer).get(LOG).content.decode()
    assert "Code of conduct" in page
    assert "At the counter" not in page


def test_the_log_is_narrowed_by_unit_state_and_day(
    office: Office, counter: Course, hr: User, client_for: ClientFor
) -> None:
    daily.run()
    client = client_for(hr)
    quay = client.get(LOG, {"unit": str(office.units["quay"].uuid)}).content.decode()
    assert "Sione Latu" in quay
    assert "Lindiwe Okoro" not in quay
    assert "Sione Latu" in client.get(LOG, {"state": "sent", "on": "2026-03-16"}).content.decode()
    assert "Sione Latu" not in client.get(LOG, {"state": "failed"}).content.decode()
    assert "Sione Latu" not in client.get(LOG, {"on": "2026-03-15"}).content.decode()


def test_slips_are_printed_by_office_and_noted_by_whom(
    office: Office, counter: Course, learner: User, stranger: User, hr: User, client_for: ClientFor
) -> None:
    Person.objects.update(email="")
    User.objects.filter(pk__in=[learner.pk, stranger.pk]).update(email="")
    daily.run()
    client = client_for(hr)
    page = client.get(SHEET, {"unit": str(office.units["brook"].uuid)}).content.decode()
    assert "Lindiwe Okoro" in page
    assert "staff number K100" in page
    assert "By 30 March 2026, in 14 days" in page
    assert "Sione Latu" not in page
    message = ReminderMessage.objects.get(recipient=person(learner))
    for _twice in range(2):
        client.post(SHEET, {"message": [str(message.uuid), "nonsense"]})
    outcome = MessageOutcome.objects.get()
    assert (outcome.message, outcome.state, outcome.by_user) == (message, MessageState.PRINTED, hr)
    assert "Lindiwe Okoro" not in client.get(SHEET, {"unit": str(office.units["brook"].uuid)}).content.decode()
    pass_course(person(stranger), counter, MONDAY)
    assert "Sione Latu" not in client.get(SHEET, {"unit": str(office.units["quay"].uuid)}).content.decode()


def test_a_supervisor_notes_nothing_about_others_people(
    office: Office, counter: Course, stranger: User, her_manager: User, client_for: ClientFor
) -> None:
    Person.objects.update(email="")
    User.objects.filter(pk=stranger.pk).update(email="")
    daily.run()
    message = ReminderMessage.objects.get(recipient=person(stranger))
    client_for(her_manager).post(SHEET, {"message": [str(message.uuid)]})
    assert not MessageOutcome.objects.filter(state=MessageState.PRINTED).exists()


def test_words_are_looked_at_then_used_then_taken_back(
    counter: Course, hr: User, client_for: ClientFor, at: SetClock, mailoutbox: list[object]
) -> None:
    client = client_for(hr)
    mine = {"subject": "Soon: {course}", "text": "Hello {name}, {course} is due {when}."}
    looked = client.post(WORDS, mine | {"look": "1"}).content.decode()
    assert "Soon: Serving people well" in looked
    assert "Hello Amina Njoroge, Serving people well is due in 14 days." in looked
    assert not ReminderText.objects.exists()
    client.post(WORDS, mine | {"save": "1"})
    daily.run()
    assert {message.subject for message in mailoutbox} >= {"Soon: At the counter"}  # type: ignore[attr-defined]
    client.post(f"{WORDS}restore/")
    assert wording.in_use("before_due", "en-gb", MONDAY) == wording.standard("before_due", "en-gb")
    assert "Soon: {course}" in client.get(WORDS).content.decode()


def test_unknown_names_in_braces_are_refused_with_those_that_are_known(hr: User, client_for: ClientFor) -> None:
    for text in ("Dear {surname}", "{name.__class__}", "{name!r}", "{course:>9}", "only { one", "{}"):
        page = client_for(hr).post(WORDS, {"subject": "Soon", "text": text, "save": "1"}).content.decode()
        assert "govuk-error-message" in page
    assert not ReminderText.objects.exists()


def test_words_of_the_house_are_dated_and_one_at_a_time(db: None, at: SetClock) -> None:
    first, second = Words("One", "{name}"), Words("Two", "{name}")
    wording.word("assigned", "en-gb", first, by=BY)
    assert wording.word("assigned", "en-gb", first, by=BY).pk == ReminderText.objects.get().pk
    at("2026-03-20")
    wording.word("assigned", "en-gb", second, by=BY)
    assert wording.in_use("assigned", "en-gb", date(2026, 3, 19)) == first
    assert wording.in_use("assigned", "en-gb", date(2026, 3, 20)) == second
    wording.restore("assigned", "en-gb", by=BY)
    wording.restore("assigned", "en-gb", by=BY)
    assert wording.in_use("assigned", "en-gb", date(2026, 3, 20)).subject == "Please learn by {due}: {course}"


@pytest.mark.once
def test_what_is_filled_in_is_never_read_as_a_name() -> None:
    words = Words("For {name}\nand all", "{course} {{kept}}")
    assert wording.filled(words, {"name": "A {course}\nB", "course": "{name}"}) == Words(
        "For A {course} B and all", "{name} {kept}"
    )


@pytest.mark.once
@pytest.mark.parametrize("key", wording.KINDS)
def test_the_words_that_come_with_the_site_name_only_what_is_known(key: str) -> None:
    wording.check(key, wording.standard(key, "en-gb"))
    with pytest.raises(Refused):
        wording.check(key, Words("{nobody}", ""))
