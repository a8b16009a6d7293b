"""After a course: feedback without names, a journal of one's own, and where people stop."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from courses import enrolling, feedback, journal, reading, stopping
from courses.models import CourseVersion, Enrolment, Feedback, FeedbackGiven, JournalEntry
from lms.core.errors import Refused
from lms.organisation.models import Role, User
from tests.cast import Office, person
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def enrolment(tiny_course: CourseVersion, learner: User) -> Enrolment:
    return enrolling.enrol(person(learner), tiny_course.course, by=learner)


def finish_all(enrolment: Enrolment, by: User) -> None:
    for lesson in enrolment.course_version.lessons.all():
        finish = reading.acknowledge if lesson.completion == "acknowledged" else reading.complete
        finish(enrolment, lesson, by=by)


def say(version: CourseVersion, how_many: int, **answers: object) -> None:
    month = datetime(2026, 3, 1, tzinfo=UTC).date()
    rows = {"usefulness": 4, "clarity": 5, "words": "", "month": month, **answers}
    Feedback.objects.bulk_create(Feedback(course_version=version, **rows) for _one in range(how_many))


def test_after_the_last_lesson_three_questions_are_asked_once(
    enrolment: Enrolment, learner: User, client_for: ClientFor
) -> None:
    client = client_for(learner)
    assert "Say what you think" not in client.get("/learn/TINY/").content.decode()
    finish_all(enrolment, learner)
    assert "Say what you think" in client.get("/learn/TINY/").content.decode()
    answers = {"usefulness": "5", "clarity": "3", "words": "More cups."}
    page = client.post("/learn/TINY/feedback/", answers, follow=True).content.decode()
    assert "kept without your name" in page
    assert "Say what you think" not in page
    client.post("/learn/TINY/feedback/", {**answers, "words": "Again."})
    kept = Feedback.objects.get()
    assert (kept.usefulness, kept.clarity, kept.words) == (5, 3, "More cups.")


def test_feedback_does_not_tell_whose_it_is(enrolment: Enrolment, learner: User, at: SetClock) -> None:
    at(START)
    finish_all(enrolment, learner)
    feedback.give(enrolment, usefulness=1, clarity=1, words="", by=learner)
    fields = {field.name for field in Feedback._meta.get_fields()}
    assert fields == {"uuid", "course_version", "month", "usefulness", "clarity", "words"}
    assert Feedback.objects.get().month.day == 1
    assert FeedbackGiven.objects.get().enrolment == enrolment


def test_feedback_before_the_last_lesson_is_refused(enrolment: Enrolment, learner: User) -> None:
    with pytest.raises(Refused, match="Finish the lessons first"):
        feedback.give(enrolment, usefulness=1, clarity=1, words="", by=learner)


def test_answers_left_open_come_back_with_what_was_written(
    enrolment: Enrolment, learner: User, client_for: ClientFor
) -> None:
    finish_all(enrolment, learner)
    page = client_for(learner).post("/learn/TINY/feedback/", {"usefulness": "9", "words": "Keep the kettle."})
    assert "Keep the kettle." in page.content.decode()
    assert "Say how clear the course was." in page.content.decode()
    assert not Feedback.objects.exists()


def test_nine_answers_are_withheld_and_ten_are_shown(tiny_course: CourseVersion) -> None:
    say(tiny_course, 9, words="Too hot.")
    assert feedback.summary(tiny_course) == feedback.Summary(is_withheld=True, needed=10)
    say(tiny_course, 1, usefulness=1)
    shown = feedback.summary(tiny_course)
    assert shown.count == 10
    assert [(share.label, share.count, share.percent) for share in shown.usefulness][1::3] == [
        ("Mostly", 9, 90),
        ("Not at all", 1, 10),
    ]
    assert shown.words == ["Too hot."] * 9


@pytest.mark.parametrize("role", [Role.COURSE_AUTHOR, Role.APPROVER, Role.TRAINING_COORDINATOR])
def test_authors_and_hr_read_it_and_nothing_before_ten(
    role: Role, tiny_course: CourseVersion, office: Office, somebody_with: Callable[[str], User], client_for: ClientFor
) -> None:
    say(tiny_course, 9, words="Too hot.")
    client = client_for(somebody_with(role))
    page = client.get("/courses/TINY/insight/").content.decode()
    assert "Fewer than 10 people have answered" in page
    assert "Too hot." not in page
    say(tiny_course, 1)
    assert "Too hot." in client.get("/courses/TINY/insight/").content.decode()


def test_a_version_that_is_not_there_is_not_found(
    tiny_course: CourseVersion, somebody_with: Callable[[str], User], client_for: ClientFor
) -> None:
    client = client_for(somebody_with(Role.COURSE_AUTHOR))
    assert client.get("/courses/TINY/insight/?version=1").status_code == 200
    assert client.get("/courses/TINY/insight/?version=7").status_code == 404


def test_a_note_is_written_changed_and_taken_out(enrolment: Enrolment, learner: User, client_for: ClientFor) -> None:
    client = client_for(learner)
    page = client.post("/learn/TINY/journal/?lesson=water", {"text": "Warm the pot."}, follow=True).content.decode()
    assert "Warm the pot." in page
    entry = JournalEntry.objects.get()
    assert entry.lesson_key == "water"
    address = f"/learn/TINY/journal/{entry.uuid}/"
    client.post(address, {"text": "Warm the pot first."})
    assert "Warm the pot first." in client.get("/learn/TINY/journal/").content.decode()
    client.post(address, {"take_out": "yes"})
    assert not JournalEntry.objects.exists()


def test_a_button_pressed_twice_keeps_one_note(enrolment: Enrolment, learner: User, at: SetClock) -> None:
    course = enrolment.course_version.course
    at(START)
    journal.write(enrolment.person, course, "Warm the pot.")
    journal.write(enrolment.person, course, "Warm the pot.")
    at(START + timedelta(days=1))
    journal.write(enrolment.person, course, "Warm the pot.")
    assert JournalEntry.objects.count() == 2


def test_nobody_else_reads_a_note(
    enrolment: Enrolment, stranger: User, somebody_with: Callable[[str], User], client_for: ClientFor
) -> None:
    entry = journal.write(enrolment.person, enrolment.course_version.course, "Warm the pot.")
    for user in (stranger, *map(somebody_with, Role)):
        answer = client_for(user).get(f"/learn/TINY/journal/{entry.uuid}/")
        assert answer.status_code in {403, 404}, user
        assert client_for(user).post(f"/learn/TINY/journal/{entry.uuid}/", {"take_out": "yes"}).status_code in {
            403,
            404,
        }
    assert JournalEntry.objects.get().text == "Warm the pot."
    assert "Warm" not in str(entry)


def test_where_people_stop_counts_openings_finishes_and_minutes(
    enrolment: Enrolment, learner: User, stranger: User, client_for: ClientFor, at: SetClock
) -> None:
    version = enrolment.course_version
    client, other = client_for(learner), client_for(stranger)
    at(START)
    other.post("/learn/TINY/start/")
    for browser in (client, other):
        browser.get("/learn/TINY/water/")
    at(START + timedelta(minutes=7))
    client.get("/learn/TINY/water/")
    client.post("/learn/TINY/water/")
    first = stopping.per_lesson(version)[0]
    assert (first.opened, first.finished, first.stopped, first.percent_finished) == (2, 1, 1, 50)
    assert first.minutes == 7.0
    last = stopping.per_lesson(version)[-1]
    assert (last.opened, last.percent_finished, last.minutes) == (0, None, None)


def test_a_night_in_between_is_no_reading_time(enrolment: Enrolment, learner: User, at: SetClock) -> None:
    lesson = enrolment.course_version.lessons.order_by("position")[0]
    at(START)
    reading.open_lesson(enrolment, lesson, by=learner)
    at(START + timedelta(hours=20))
    reading.complete(enrolment, lesson, by=learner)
    first = stopping.per_lesson(enrolment.course_version)[0]
    assert (first.finished, first.minutes) == (1, None)
