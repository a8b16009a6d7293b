"""The pages about entry: what the learner reads before she begins, and what supervisors and HR decide."""

from collections.abc import Callable

import pytest
from django.test import Client

from courses.models import CourseVersion, Enrolment, EntryEvidence, EntryWaiver, Nomination
from lms.organisation.models import User
from tests.cast import Office, person
from tests.courses.entering import ask_subject, by_nomination

ClientFor = Callable[[User], Client]


def shown(client: Client, path: str) -> str:
    """The page's words."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_course_is_entered_by_nomination_and_evidence(
    tiny_course: CourseVersion, learner: User, her_manager: User, hr: User, client_for: ClientFor
) -> None:
    by_nomination(tiny_course.course)
    ask_subject(tiny_course)
    hers, boss, desk = client_for(learner), client_for(her_manager), client_for(hr)
    uuid = person(learner).uuid
    page = shown(hers, "/courses/TINY/")
    assert "You need to be nominated: ask Bram Janssen." in page
    assert "Start or continue" not in page
    assert hers.post("/learn/TINY/start/").status_code != 500
    assert not Enrolment.objects.exists()

    boss.post(f"/entry/people/{uuid}/nominate/", {"course": "TINY", "reason": "She stands in for me."})
    nomination = Nomination.objects.get()
    assert "She stands in for me." in shown(desk, "/entry/")
    assert "Awaiting a decision" in shown(hers, "/my/")
    assert boss.post(f"/entry/nominations/{nomination.uuid}/", {"outcome": "confirmed"}).status_code == 403
    assert (
        "Say why you decline"
        in desk.post(f"/entry/nominations/{nomination.uuid}/", {"outcome": "declined"}).content.decode()
    )
    desk.post(f"/entry/nominations/{nomination.uuid}/", {"outcome": "confirmed"})
    page = shown(hers, "/courses/TINY/")
    assert "Show a certificate or other evidence to Odile Marchand" in page
    assert "Start or continue" not in page

    seen = {"subject": "English", "level": "3", "evidence": "Grade 12", "seen_on": "2026-01-05", "seen_by": "Odile"}
    assert desk.post(f"/entry/people/{uuid}/evidence/", {**seen, "seen_on": "2999-01-01"}).status_code == 200
    assert not EntryEvidence.objects.exists()
    desk.post(f"/entry/people/{uuid}/evidence/", seen)
    assert "Start or continue" in shown(hers, "/courses/TINY/")
    hers.post("/learn/TINY/start/")
    assert Enrolment.objects.get().person == person(learner)


def test_hr_waives_and_takes_back(tiny_course: CourseVersion, learner: User, hr: User, client_for: ClientFor) -> None:
    asked, desk, uuid = ask_subject(tiny_course), client_for(hr), person(learner).uuid
    desk.post(f"/entry/people/{uuid}/waiver/", {"requirement": asked.pk, "reason": "Long practice"})
    waiver = EntryWaiver.objects.get()
    assert "Long practice" in shown(desk, f"/entry/people/{uuid}/")
    assert "Waived" in shown(client_for(learner), "/courses/TINY/")
    desk.post(f"/entry/taking-back/{waiver.uuid}/", {"reason": "In error"})
    assert "Long practice" not in shown(desk, f"/entry/people/{uuid}/")
    assert "Start or continue" not in shown(client_for(learner), "/courses/TINY/")


def test_nobody_decides_on_their_own_entry(hr: User, client_for: ClientFor) -> None:
    uuid = person(hr).uuid
    for page in ("", "evidence/", "waiver/", "nominate/"):
        assert client_for(hr).get(f"/entry/people/{uuid}/{page}").status_code == 403


def test_who_may_take_a_course_is_changed_on_a_page(
    office: Office, tiny_course: CourseVersion, learner: User, hr: User, client_for: ClientFor
) -> None:
    client_for(hr).post("/entry/courses/TINY/", {"who": "chosen", "categories": ["LEAD"]})
    assert "It is for: Office lead. Others take it by nomination." in shown(Client(), "/courses/")
    assert "You cannot begin this course yet" in shown(client_for(learner), "/courses/TINY/")
    client_for(hr).post("/entry/courses/TINY/", {"who": "everybody"})
    assert "Start or continue" in shown(client_for(learner), "/courses/TINY/")


def test_what_a_result_waits_for_stands_on_her_page(
    tiny_course: CourseVersion, learner: User, hr: User, client_for: ClientFor
) -> None:
    ask_subject(tiny_course, is_conditional=True)
    hers = client_for(learner)
    hers.post("/learn/TINY/start/")
    page = shown(hers, "/learn/TINY/")
    assert "Your result waits for this" in page
    assert "English, level 3 or higher: show a certificate or other evidence to Odile Marchand" in page


@pytest.mark.parametrize("how_many", [3, 30])
def test_the_course_page_asks_ten_queries_at_most(
    tiny_course: CourseVersion,
    learner: User,
    her_manager: User,
    hr: User,
    client_for: ClientFor,
    how_many: int,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    by_nomination(tiny_course.course)
    for number in range(how_many):
        ask_subject(tiny_course, f"Subject {number}")
    client = client_for(learner)
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        client.get("/courses/TINY/")
