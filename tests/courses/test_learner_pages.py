"""The pages of a course: catalogue, course, lessons and activities, for a learner on her phone."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.activities import mixed
from courses.models import (
    Acknowledgement,
    ActivityAnswer,
    Course,
    CourseVersion,
    Enrolment,
    LessonCompletion,
    LessonVersion,
    ReadingPlace,
)
from lms.organisation import setup
from lms.organisation.models import JurisdictionAdoption, User
from tests.cast import SINCE

ClientFor = Callable[[User], Client]
LESSON = "/learn/TINY/water/"


@pytest.fixture
def client(tiny_course: CourseVersion, learner: User, client_for: ClientFor) -> Client:
    """The learner's browser, the course begun."""
    browser = client_for(learner)
    assert browser.post("/learn/TINY/start/")["location"] == LESSON
    return browser


def block(kind: str, number: int = 0) -> str:
    """The id of the first (or a later) block of a kind in the lesson."""
    blocks = LessonVersion.objects.get(key="water").blocks
    return str([part["id"] for part in blocks if part["kind"] == kind][number])


def text(client: Client, path: str) -> str:
    """The page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_sees_the_catalogue_and_the_course(tiny_course: CourseVersion) -> None:
    assert "Tea for guests" in text(Client(), "/courses/")
    page = text(Client(), "/courses/TINY/")
    for words in ("Guests come from far", "Make tea.", "minutes", "why the water has to boil", "Everybody who has"):
        assert words in page, words


def test_the_catalogue_says_whose_rules_are_taught(tiny_course: CourseVersion, administrator: User) -> None:
    assert "whose rules" not in text(Client(), "/courses/")
    for code in ("ZA", "NG"):
        setup.adopt(code, from_day=SINCE, by=administrator)
    assert "Nigeria, South Africa." in text(Client(), "/courses/")


def test_a_course_that_is_not_offered_is_not_in_the_catalogue(tiny_course: CourseVersion) -> None:
    Course.objects.update(is_offered=False)
    assert "Tea for guests" not in text(Client(), "/courses/")
    assert Client().get("/courses/TINY/").status_code == 404


def test_an_unknown_course_is_not_found(client: Client) -> None:
    assert client.get("/learn/NONE/").status_code == 404
    assert client.get("/learn/NONE/water/").status_code == 404
    assert client.post("/learn/NONE/start/").status_code == 404
    assert client.get("/learn/TINY/none/").status_code == 404


def test_nobody_learns_without_signing_in(tiny_course: CourseVersion) -> None:
    assert Client().get("/learn/TINY/")["location"].startswith("/accounts/login/")
    assert Client().post("/learn/TINY/start/")["location"].startswith("/accounts/login/")


def test_an_account_that_is_nobodys_is_told_so(tiny_course: CourseVersion, client_for: ClientFor) -> None:
    account = User.objects.create_user("service")
    answer = client_for(account).get("/learn/TINY/")
    assert answer.status_code == 403
    assert "does not belong to a member of staff" in answer.content.decode()


def test_whoever_has_not_begun_is_led_to_the_course(
    tiny_course: CourseVersion, learner: User, client_for: ClientFor
) -> None:
    assert client_for(learner).get("/learn/TINY/")["location"] == "/courses/TINY/"
    assert client_for(learner).get(LESSON)["location"] == "/courses/TINY/"


def test_beginning_twice_enrols_once(client: Client) -> None:
    client.post("/learn/TINY/start/")
    assert Enrolment.objects.count() == 1


def test_the_course_page_offers_the_next_step_first(client: Client) -> None:
    page = text(client, "/learn/TINY/")
    assert page.index("Your next step") < page.index("Lessons")
    assert "0 of 2 lessons done" in page
    assert f'href="{LESSON}">Start</a>' in page


def test_she_goes_on_where_she_was(client: Client) -> None:
    text(client, "/learn/TINY/promise/")
    assert 'href="/learn/TINY/promise/">Continue</a>' in text(client, "/learn/TINY/")
    text(client, LESSON)
    assert f'href="{LESSON}">Continue</a>' in text(client, "/learn/TINY/")
    assert ReadingPlace.objects.count() == 1


def test_a_lesson_read_is_done_and_the_next_one_follows(client: Client) -> None:
    assert client.post(LESSON)["location"] == "/learn/TINY/promise/"
    assert client.post(LESSON)["location"] == "/learn/TINY/promise/"
    assert LessonCompletion.objects.count() == 1
    page = text(client, "/learn/TINY/")
    assert "1 of 2 lessons done" in page
    assert "You have done this lesson." in text(client, LESSON)


def test_a_document_is_acknowledged_by_name_and_once(client: Client, learner: User) -> None:
    page = text(client, "/learn/TINY/promise/")
    assert "I warm the pot." in page
    assert "I have read the code of tea and will keep it." in page
    assert str(learner) in page
    client.post("/learn/TINY/promise/")
    client.post("/learn/TINY/promise/")
    assert Acknowledgement.objects.get().document_version.version == "1"
    assert "You put your name to it on" in text(client, "/learn/TINY/promise/")


def test_the_lesson_shows_what_the_organisation_has_adopted(client: Client) -> None:
    assert "The Tea Act says so." not in text(client, LESSON)
    JurisdictionAdoption.objects.create(jurisdiction="NG", valid_from=SINCE, by_rule="test")
    assert "The Tea Act says so." in text(client, LESSON)


def test_a_choice_is_answered_without_javascript(client: Client) -> None:
    path, name = f"{LESSON}{block('choice')}/", f"{block('choice')}-answer"
    assert f'action="{path}"' in text(client, LESSON)
    assert client.post(path, {name: "0"})["location"] == f"{LESSON}#block-{block('choice')}"
    page = text(client, LESSON)
    assert "Too cold." in page
    assert "Just so." not in page
    client.post(path, {name: "1"})
    page = text(client, LESSON)
    assert "Just so." in page
    assert "Too cold." not in page
    assert ActivityAnswer.objects.count() == 2


def test_a_choice_of_several_names_those_that_were_missed(client: Client) -> None:
    client.post(f"{LESSON}{block('choice', 1)}/", {f"{block('choice', 1)}-answer": ["0", "2"]})
    page = text(client, LESSON)
    for words in ("It does.", "It does too.", "It does not.", "Not quite."):
        assert words in page


def test_sorting_is_answered(client: Client) -> None:
    sort = block("sort")
    client.post(f"{LESSON}{sort}/", {f"{sort}-item-0": "Cold", f"{sort}-item-1": "Cold"})
    page = text(client, LESSON)
    assert "Steam burns." in page
    assert "Not quite." in page
    client.post(f"{LESSON}{sort}/", {f"{sort}-item-0": "Hot", f"{sort}-item-1": "Cold"})
    assert "That is right." in text(client, LESSON)


def order_answer(wanted: dict[str, int]) -> dict[str, str]:
    """The form of the ordering, filled in by the steps' words."""
    part = next(part for part in LessonVersion.objects.get(key="water").blocks if part["kind"] == "order")
    shown = [part["steps"][index] for index in mixed(part)]
    return {f"{part['id']}-step-{index}": str(wanted[step]) for index, step in enumerate(shown)}


def test_ordering_is_answered(client: Client) -> None:
    path = f"{LESSON}{block('order')}/"
    client.post(path, order_answer({"Fill the kettle": 1, "Boil the water": 2, "Pour it": 3}))
    page = text(client, LESSON)
    assert "That is right." in page
    assert "A dry kettle burns." in page
    client.post(path, order_answer({"Fill the kettle": 3, "Boil the water": 2, "Pour it": 1}))
    assert "Not quite." in text(client, LESSON)


def test_matching_is_answered(client: Client) -> None:
    match = block("match")
    path, names = f"{LESSON}{match}/", [f"{match}-pair-{index}" for index in range(3)]
    wrong = dict(zip(names, ["To pour", "To boil", "To drink from"], strict=True))
    assert client.post(path, wrong)["location"] == f"{LESSON}#block-{match}"
    page = text(client, LESSON)
    assert "Not quite." in page
    assert "It whistles." in page
    assert "Each has its use." in page
    client.post(path, dict(zip(names, ["To boil", "To pour", "To drink from"], strict=True)))
    assert "That is right." in text(client, LESSON)


def test_what_belongs_together_is_not_offered_in_the_order_of_the_pairs(client: Client) -> None:
    page = text(client, LESSON)
    shown = page[page.index("What belongs together?") :]
    places = [shown.index(f'value="{side}"') for side in ("To boil", "To pour", "To drink from")]
    assert places != sorted(places)


@pytest.fixture
def scenario(client: Client) -> Callable[[dict[str, str]], str]:
    """Answer the stepped scenario and come back to the lesson; answers are named `0-answer`, `1-answer`, `again`."""
    name = block("stepped_scenario")

    def answer(given: dict[str, str]) -> str:
        client.post(f"{LESSON}{name}/", {f"{name}-{field}": value for field, value in given.items()})
        return text(client, LESSON)

    return answer


Scenario = Callable[[dict[str, str]], str]


def test_a_scenario_opens_step_by_step(client: Client, scenario: Scenario) -> None:
    page = text(client, LESSON)
    assert "nobody is at the door" in page
    assert "What do you do?" in page
    assert "And now?" not in page
    page = scenario({"0-answer": "0"})
    for words in ("Water is dear.", "Not right", "She is <em>cold</em>.", "And now?"):
        assert words in page, words
    assert "It will be needed." not in page
    page = scenario({"1-answer": "0"})
    assert "That warms her." in page
    assert "You decided well in 1 of 2 steps." in page


def test_a_critical_error_is_named_kindly_and_the_scenario_can_be_done_again(
    client: Client, scenario: Scenario
) -> None:
    scenario({"0-answer": "1"})
    page = scenario({"1-answer": "1"})
    assert "She came from far." in page
    assert "In an assessment this one choice would have meant “not yet”." in page
    page = scenario({"again": "1"})
    assert "It will be needed." not in page
    assert "And now?" not in page
    scenario({"0-answer": "1"})
    assert "You decided well in 2 of 2 steps." in scenario({"1-answer": "0"})


def test_a_step_sent_twice_or_out_of_turn_changes_nothing(client: Client, scenario: Scenario) -> None:
    scenario({"1-answer": "0"})
    assert not ActivityAnswer.objects.exists()
    scenario({"0-answer": "1"})
    scenario({"0-answer": "0"})
    assert list(ActivityAnswer.objects.values_list("answer", flat=True)) == [[1]]
    scenario({"1-answer": "0"})
    scenario({"2-answer": "0"})
    assert list(ActivityAnswer.objects.values_list("answer", flat=True)) == [[1], [1, 0]]


def test_after_a_step_she_reads_on_where_she_answered(client: Client) -> None:
    name = block("stepped_scenario")
    path = f"{LESSON}{name}/"
    assert client.post(path, {f"{name}-0-answer": "1"})["location"] == f"{LESSON}#block-{name}-step-1"
    answer = client.post(path, {f"{name}-1-answer": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert answer.strip().startswith('<section class="frontline-card"')
    assert f'id="block-{name}-step-2" tabindex="-1" autofocus' in answer
    assert answer.count("autofocus") == 1


def test_an_empty_answer_is_asked_for_again_and_kept_nowhere(client: Client) -> None:
    answer = client.post(f"{LESSON}{block('choice')}/")
    assert answer.status_code == 200
    assert "Choose an answer, then check it." in answer.content.decode()
    order = client.post(
        f"{LESSON}{block('order')}/", order_answer({"Fill the kettle": 1, "Boil the water": 1, "Pour it": 1})
    )
    assert "two steps have the same" in order.content.decode()
    assert not ActivityAnswer.objects.exists()


@pytest.mark.parametrize("value", ["9", "x", "", "1" * 100_000])
def test_a_made_up_answer_is_refused(client: Client, value: str) -> None:
    assert client.post(f"{LESSON}{block('choice')}/", {f"{block('choice')}-answer": value}).status_code == 200
    assert not ActivityAnswer.objects.exists()


def test_only_activities_take_answers(client: Client) -> None:
    assert client.post(f"{LESSON}{block('reflect')}/", {"text": "secret"}).status_code == 404
    assert client.get(f"{LESSON}{block('choice')}/").status_code == 405


def test_with_htmx_only_the_block_comes_back(client: Client) -> None:
    answer = client.post(
        f"{LESSON}{block('choice')}/", {f"{block('choice')}-answer": "1"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert page.strip().startswith('<div class="frontline-card"')
    assert "Just so." in page
    assert "<html" not in page


def test_a_reflection_has_no_field_that_is_sent(client: Client) -> None:
    page = text(client, LESSON)
    area = page[page.index("<textarea") : page.index("</textarea>")]
    assert "name=" not in area
    assert "I once did, and told everybody." in page


def test_one_learners_answers_are_not_anothers(
    client: Client, colleague: User, client_for: ClientFor, tiny_course: CourseVersion
) -> None:
    client.post(f"{LESSON}{block('choice')}/", {f"{block('choice')}-answer": "0"})
    other = client_for(colleague)
    assert other.post(f"{LESSON}{block('choice')}/", {f"{block('choice')}-answer": "0"}).status_code == 404
    other.post("/learn/TINY/start/")
    assert "Too cold." not in text(other, LESSON)


def test_quick_cards_stand_on_one_page_with_the_way_back_to_their_lessons(client: Client) -> None:
    assert 'href="/learn/TINY/cards/"' in text(client, "/learn/TINY/")
    page = text(client, "/learn/TINY/cards/")
    assert page.index("Fill") < page.index("Boil") < page.index("Pour")
    assert f'href="{LESSON}">From the lesson “Water”</a>' in page
    assert "Look at your kettle." not in page


def test_cards_are_those_of_the_adopted_jurisdictions_in_her_own_version(
    client: Client, tiny_course: CourseVersion
) -> None:
    lesson = LessonVersion.objects.get(key="water")
    card = {"id": "1", "kind": "quick_card", "title": "In Nigeria", "points": ["So."], "jurisdiction": "NG"}
    LessonVersion.objects.filter(pk=lesson.pk).update(blocks=[*lesson.blocks, card])
    assert "In Nigeria" not in text(client, "/learn/TINY/cards/")
    JurisdictionAdoption.objects.create(jurisdiction="NG", valid_from=SINCE, by_rule="test")
    assert "In Nigeria" in text(client, "/learn/TINY/cards/")
    tiny_course.edition = 2
    tiny_course.save()
    assert "This course has no quick cards." in text(client, "/learn/TINY/cards/")


def test_whoever_has_not_begun_gets_no_cards(tiny_course: CourseVersion, learner: User, client_for: ClientFor) -> None:
    assert client_for(learner).get("/learn/TINY/cards/")["location"] == "/courses/TINY/"
    assert client_for(learner).get("/learn/NONE/cards/").status_code == 404


def add_lessons(version: CourseVersion, first: int, count: int) -> None:
    """More lessons like the first one, every other done."""
    like = LessonVersion.objects.get(key="water")
    enrolment = Enrolment.objects.get()
    for number in range(first, first + count):
        lesson = LessonVersion.objects.create(
            course_version=version,
            edition=1,
            key=f"more-{number}",
            position=number + 10,
            title="More",
            minutes=1,
            blocks=like.blocks,
        )
        if number % 2:
            LessonCompletion.objects.create(
                enrolment=enrolment, lesson_key=lesson.key, lesson_version=lesson, by_rule="test"
            )
        part = next(part["id"] for part in like.blocks if part["kind"] == "choice")
        ActivityAnswer.objects.create(
            enrolment=enrolment, lesson_version=like, block_id=part, answer=[number % 2], by_rule="test"
        )


@pytest.mark.parametrize(
    "path", ["/learn/TINY/", LESSON, "/learn/TINY/promise/", "/courses/TINY/", "/learn/TINY/cards/"]
)
def test_ten_queries_at_three_lessons_and_at_thirty(client: Client, tiny_course: CourseVersion, path: str) -> None:
    counts = []
    for first, count in ((0, 1), (1, 27)):
        add_lessons(tiny_course, first, count)
        ReadingPlace.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            text(client, path)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 10, [query["sql"] for query in queries.captured_queries]
