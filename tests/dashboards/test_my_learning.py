"""A learner's own page, and the way in."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses import enrolling
from courses.models import LessonCompletion, LessonVersion, ReadingPlace
from lms.core.actors import columns
from lms.core.words import distance
from lms.duties import requiring
from lms.duties.renewals import Renewal, RenewalAsks
from lms.duties.requiring import Audience, Terms
from lms.organisation.models import User
from tests.cast import Office, person
from tests.dashboards.making import somebody_busy, with_lessons
from tests.duties.making import BY, TODAY, make_course, make_rule, pass_course
from tests.plugins.roles import SomebodyWith
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def newcomer(office: Office) -> User:
    """Somebody 26 days in post."""
    return office.hire("Nadia", "Nkosi", "brook-clerk", from_day=TODAY - timedelta(days=26))


def shown(client_for: ClientFor, user: User) -> str:
    response = client_for(user).get("/my/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_what_is_required_says_why_by_when_and_how_to_begin(
    office: Office, newcomer: User, client_for: ClientFor
) -> None:
    make_rule(office, with_lessons("COC", title="Code of conduct"), title="Everybody knows the code")
    page = shown(client_for, newcomer)
    assert "Begin Code of conduct: 60 minutes in all" in page
    assert "Due by 20 March 2026, in 4 days." in page
    assert "Why: Everybody knows the code" in page
    assert "Counted from the appointment on 18 February 2026." in page
    assert 'href="/courses/COC/"' in page


def test_a_renewal_by_refreshers_offers_the_refresher_in_turn(
    office: Office, learner: User, client_for: ClientFor
) -> None:
    course, refresher = with_lessons("COC", title="Code of conduct"), with_lessons("REF", title="Gifts, once more")
    terms = Terms([course], 30, 12, renewal=Renewal(asks=RenewalAsks.REFRESHER, refreshers=(refresher.pk,)))
    requiring.require("Code", audience=Audience(office.root), terms=terms, by=BY, from_day=date(2024, 1, 1))
    pass_course(person(learner), course, TODAY - timedelta(days=360))
    page = shown(client_for, learner)
    assert "Begin Gifts, once more: 60 minutes in all" in page
    assert 'href="/courses/REF/"' in page
    assert 'href="/courses/COC/"' not in page
    assert not enrolling.why_not_yet(person(learner), refresher)


def test_the_next_ten_minutes_are_the_lesson_left_off_at(office: Office, newcomer: User, client_for: ClientFor) -> None:
    course = with_lessons("COC", title="Code of conduct")
    make_rule(office, course)
    enrolment = enrolling.enrol(person(newcomer), course, by=newcomer)
    assert "Continue with “What it is” of Code of conduct: 6 minutes." in shown(client_for, newcomer)
    ReadingPlace.objects.create(enrolment=enrolment, lesson_key="second")
    page = shown(client_for, newcomer)
    assert "Continue with “Gifts” of Code of conduct: 8 minutes." in page
    assert 'href="/learn/COC/second/"' in page
    for lesson in LessonVersion.objects.all():
        LessonCompletion.objects.create(
            enrolment=enrolment, lesson_key=lesson.key, lesson_version=lesson, **columns(newcomer)
        )
    page = shown(client_for, newcomer)
    assert "You have finished the lessons of Code of conduct." in page
    assert 'href="/learn/COC/"' in page


def test_the_most_urgent_comes_first(office: Office, newcomer: User, client_for: ClientFor) -> None:
    make_rule(office, make_course("LATER", title="Later"), due_days=90)
    make_rule(office, make_course("LATE", title="Late"), due_days=20)
    page = shown(client_for, newcomer)
    assert "Begin Late" in page
    assert "It was due by 10 March 2026, 6 days ago." in page


def test_what_is_done_says_until_when_it_holds(office: Office, newcomer: User, client_for: ClientFor) -> None:
    course = make_course("COC", title="Code of conduct")
    make_rule(office, course)
    pass_course(person(newcomer), course, date(2026, 3, 2))
    page = shown(client_for, newcomer)
    assert "You are up to date" in page
    assert "Holds until 1 March 2028, in 716 days." in page
    assert "2 March 2026" in page


def test_a_renewal_is_offered_in_its_last_sixty_days(office: Office, newcomer: User, client_for: ClientFor) -> None:
    course = make_course("COC", title="Code of conduct", holds_months=1)
    make_rule(office, course)
    pass_course(person(newcomer), course, date(2026, 3, 2))
    page = shown(client_for, newcomer)
    assert "Begin Code of conduct" in page
    assert "It can be renewed now." in page


def test_with_nothing_required_the_page_says_what_to_do(office: Office, newcomer: User, client_for: ClientFor) -> None:
    assert "Nothing is required of you at the moment." in shown(client_for, newcomer)
    make_course("EXTRA", title="Plain words")
    assert "Plain words" in shown(client_for, newcomer).split("Offered besides")[1]


def test_what_was_begun_by_oneself_is_gone_on_with(office: Office, newcomer: User, client_for: ClientFor) -> None:
    course = with_lessons("EXTRA", title="Plain words")
    enrolling.enrol(person(newcomer), course, by=newcomer)
    page = shown(client_for, newcomer)
    assert "Continue with “What it is” of Plain words" in page
    assert "Begun by yourself" in page


@pytest.mark.parametrize("how_many", [3, 30])
def test_ten_queries_at_most_however_much_there_is(office: Office, client_for: ClientFor, how_many: int) -> None:
    client = client_for(somebody_busy(office, duties=how_many))
    client.get("/my/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/my/").status_code == 200
    assert len(queries) == 10


def test_a_stranger_sees_the_front_page_and_is_asked_to_sign_in(client: Client, office: Office) -> None:
    assert "Training for the people who serve the public" in client.get("/").content.decode()
    assert client.get("/my/").headers["Location"].startswith("/accounts/login/")


def test_home_leads_everybody_to_their_first_useful_page(
    office: Office, newcomer: User, client_for: ClientFor, somebody_with: SomebodyWith
) -> None:
    assert client_for(newcomer).get("/").headers["Location"] == "/my/"
    auditor = somebody_with("auditor")
    auditor.person = None
    auditor.save()
    assert client_for(auditor).get("/").headers["Location"] == "/coverage/"
    assert client_for(somebody_with("account")).get("/").status_code == 200
    assert client_for(auditor).get("/my/").status_code == 403


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (4, "in 4 days"), (-12, "12 days ago")],
)
def test_distances_are_words(days: int, words: str) -> None:
    assert distance(TODAY + timedelta(days=days), TODAY) == words
