"""The library: what is in effect, what replaced what, and who put their name to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses import enrolling, reading
from courses.models import CourseVersion, Document, DocumentVersion
from lms.core import clock
from lms.core.actors import MachineRule
from lms.organisation import setup
from lms.organisation.models import User
from tests.cast import person
from tests.courses.factories import document_version

ClientFor = Callable[[User], Client]


@pytest.fixture
def code(tiny_course: CourseVersion) -> Document:
    """The code of tea, version 1."""
    return Document.objects.get(code="tea-code")


def text(client: Client, name: str, *args: object, query: str = "") -> str:
    """The page's HTML."""
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_is_in_effect(code: Document, learner: User, client_for: ClientFor) -> None:
    Document.objects.create(code="empty", title="Without a text")
    document_version(code, "3", effective_on=clock.today() + timedelta(days=30))
    document_version(code, "2", effective_on=clock.today())
    shown = text(client_for(learner), "library")
    assert "Version 2, in effect from" in shown
    assert "Version 1" not in shown
    assert "Version 3" not in shown
    assert "Without a text" not in shown


def test_words_kind_and_country_find_it(code: Document, learner: User, client_for: ClientFor) -> None:
    foreign = Document.objects.create(code="far", title="Far rules", kind="policy", jurisdiction="NG")
    document_version(foreign, "1")
    browser = client_for(learner)
    assert "Code of tea" in text(browser, "library", query="?q=warm+POT")
    assert "No document was found" in text(browser, "library", query="?q=warm+coffee")
    assert "Code of tea" not in text(browser, "library", query="?kind=policy")
    assert "Far rules" not in text(browser, "library")
    setup.adopt("NG", from_day=clock.today(), by=MachineRule("test"))
    assert "Far rules" in text(browser, "library", query="?jurisdiction=NG")
    assert "Code of tea" not in text(browser, "library", query="?jurisdiction=NG")


def test_a_replaced_version_leads_to_the_one_in_effect(code: Document, learner: User, client_for: ClientFor) -> None:
    old = DocumentVersion.objects.get()
    document_version(code, "2")
    browser = client_for(learner)
    before = text(browser, "library_version", code.code, old.uuid)
    assert "Replaced: version 2 is in effect" in before
    assert f'href="{reverse("library_document", args=[code.code])}"' in before
    now = text(browser, "library_document", code.code)
    assert "Text of version 2." in now
    assert "Replaced" not in now
    assert reverse("library_version", args=[code.code, old.uuid]) in now


def test_a_version_to_come_says_so(code: Document, learner: User, client_for: ClientFor) -> None:
    coming = document_version(code, "2", effective_on=clock.today() + timedelta(days=9))
    shown = text(client_for(learner), "library_version", code.code, coming.uuid)
    assert "Not yet in effect" in shown
    assert "Read version 1, which is in effect" in shown


def test_the_page_names_instruments_review_and_ones_own_name(
    code: Document, tiny_course: CourseVersion, learner: User, client_for: ClientFor, at: Callable[[str], None]
) -> None:
    enrolment = enrolling.enrol(person(learner), tiny_course.course, by=learner)
    reading.acknowledge(enrolment, tiny_course.lessons.get(key="promise"), by=learner)
    shown = text(client_for(learner), "library_document", code.code)
    assert "Next review" in shown
    assert str(DocumentVersion.objects.get().instruments.get()) in shown
    assert "You put your name to this version on" in shown
    at("2031-01-01")
    assert "Review overdue" in text(client_for(learner), "library_document", code.code)


def test_a_version_is_found_under_its_own_document_alone(code: Document, learner: User, client_for: ClientFor) -> None:
    other = document_version(Document.objects.create(code="other", title="Other"), "1")
    assert client_for(learner).get(reverse("library_version", args=[code.code, other.uuid])).status_code == 404
    assert client_for(learner).get(reverse("library_document", args=["nothing"])).status_code == 404


def test_the_library_asks_as_much_for_thirty_as_for_three(code: Document, learner: User, client_for: ClientFor) -> None:
    browser = client_for(learner)
    counts = []
    for number in (3, 30):
        for index in range(number):
            row = Document.objects.create(code=f"d{number}-{index}", title=f"Rules {number} {index}")
            document_version(row, "1")
        text(browser, "library")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text(browser, "library")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
