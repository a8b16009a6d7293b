"""What is due for review: by date, by superseded instruments, by what upper rooms see; as a page and a spreadsheet."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Question
from courses import reviewing
from courses.curriculum.exporting import export
from courses.curriculum.loading import load
from courses.curriculum.problems import PackError
from courses.models import Course, CoursePage, CourseVersion, DocumentVersion, Instrument, LessonPage
from courses.reviewing import Reason

At = Callable[[str], None]
pytestmark = pytest.mark.django_db
LONG_AGO = "2026-03-02"


def rows(reason: Reason) -> list[tuple[str, str]]:
    """What is due for a reason, and its kind."""
    return [(row.kind, row.what) for row in reviewing.due() if row.reason is reason]


def test_nothing_is_due_long_before_its_review(tiny_course: CourseVersion, at: At) -> None:
    at(LONG_AGO)
    assert reviewing.due() == []


@pytest.mark.parametrize(
    ("day", "reason"),
    [("2027-11-01", None), ("2027-11-02", Reason.NEAR), ("2028-01-01", Reason.NEAR), ("2028-01-02", Reason.PAST)],
)
def test_a_course_is_due_sixty_days_before_its_review_date(
    tiny_course: CourseVersion, at: At, day: str, reason: Reason | None
) -> None:
    DocumentVersion.objects.update(review_due=date(2099, 1, 1))
    Instrument.objects.update(review_due=date(2099, 1, 1))
    CoursePage.objects.update(review_due=date(2028, 1, 1))
    at(day)
    assert [(row.reason, row.what, row.due_on) for row in reviewing.due()] == (
        [(reason, "Tea for guests", date(2028, 1, 1))] if reason else []
    )


def test_documents_and_instruments_are_due_by_their_own_dates(tiny_course: CourseVersion, at: At) -> None:
    CoursePage.objects.update(review_due=date(2099, 1, 1))
    at("2035-01-01")
    assert sorted(rows(Reason.PAST)) == [("Document", "Code of tea 1"), ("Instrument", "Tea Act (NG)")]


def supersede(on: str) -> Instrument:
    """The Tea Act is replaced by the Coffee Act."""
    act = Instrument.objects.get(code="ng-tea-act")
    fields = {"title": "Coffee Act", "kind": "act", "jurisdiction": "NG"}
    days = {"as_at": date(2026, 1, 1), "review_due": date(2099, 1, 1)}
    act.superseded_by = Instrument.objects.create(code="ng-coffee-act", **fields, **days)
    act.superseded_on = date.fromisoformat(on)
    act.save()
    return act


def test_a_superseded_instrument_lists_the_lessons_and_questions_that_name_it(
    tiny_course: CourseVersion, at: At
) -> None:
    at(LONG_AGO)
    question = Question.objects.filter(course=tiny_course.course)[0]
    question.instruments.set([supersede("2026-03-02")])
    listed = rows(Reason.SUPERSEDED)
    assert ("Instrument", "Tea Act (NG)") in listed
    assert ("Lesson", "Water") in listed
    assert ("Question", question.code) in listed
    assert {row.why for row in reviewing.due()} == {"Tea Act is replaced from 2 March 2026 by Coffee Act."}


def test_an_instrument_is_in_force_until_the_day_it_is_replaced(tiny_course: CourseVersion, at: At) -> None:
    at(LONG_AGO)
    supersede("2026-03-03")
    assert reviewing.due() == []


def test_an_instrument_is_replaced_on_a_day_and_not_by_itself(tiny_course: CourseVersion) -> None:
    act = Instrument.objects.get(code="ng-tea-act")
    act.superseded_by = act
    with pytest.raises(ValidationError):
        act.full_clean()
    for day in (None, date(2026, 3, 2)):
        act.superseded_on = day
        with pytest.raises(IntegrityError), transaction.atomic():
            act.save()


def test_a_pack_says_what_replaces_an_instrument_and_back(pack: Path, tmp_path: Path) -> None:
    file = pack / "instruments.yaml"
    text = file.read_text()
    file.write_text(text.replace("code: ng-tea-act", "code: ng-coffee-act").replace("Tea Act", "Coffee Act"))
    coffee = file.read_text().removeprefix("instruments:\n")
    file.write_text(text.rstrip() + "\n    superseded_on: 2026-03-02\n    superseded_by: ng-coffee-act\n" + coffee)
    load(pack)
    act = Instrument.objects.get(code="ng-tea-act")
    assert act.superseded_by == Instrument.objects.get(code="ng-coffee-act")
    assert load(pack).lines == []
    export(tmp_path / "out")
    assert "superseded_by: ng-coffee-act" in (tmp_path / "out/tiny/instruments.yaml").read_text()
    assert load(tmp_path / "out").lines == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("superseded_by: nothing\n    superseded_on: 2026-03-02", "The instrument “nothing” is not known."),
        ("superseded_by: ng-tea-act\n    superseded_on: 2026-03-02", "An instrument does not replace itself."),
        ("superseded_by: ng-tea-act", "“superseded_on” is missing"),
    ],
)
def test_a_pack_with_a_wrong_successor_is_refused(pack: Path, more: str, said: str) -> None:
    file = pack / "instruments.yaml"
    file.write_text(file.read_text().rstrip() + f"\n    {more}\n")
    with pytest.raises(PackError, match=said):
        load(pack)


def test_the_report_shows_sorts_filters_and_exports(
    tiny_course: CourseVersion, client_with: Callable[[str], Client], at: At
) -> None:
    at("2035-01-01")
    supersede("2026-03-02")
    client, url = client_with("course_author"), reverse("due_for_review")
    shown = client.get(url).content.decode()
    assert "Tea for guests" in shown
    assert shown.index("Review date is past") < shown.index("Instrument is superseded")
    shown = client.get(url, {"ordering": "-what"}).content.decode()
    assert shown.index("Water") < shown.index("Tea for guests")
    shown = client.get(url, {"reason": "superseded"}).content.decode()
    assert "Water" in shown
    assert "Tea for guests" not in shown
    response = client.get(url, {"export": "csv", "reason": "past"})
    lines = b"".join(response).decode().splitlines()
    assert lines[0] == "What,Kind,Course,Reason,Why,Day"
    assert any(line.startswith("Tea for guests,Course,TINY,Review date is past,") for line in lines)
    assert client.get(url, {"export": "xlsx"}).status_code == 200


def test_the_report_is_for_whoever_edits(tiny_course: CourseVersion, client_with: Callable[[str], Client]) -> None:
    assert client_with("course_author").get(reverse("wagtailadmin_home")).status_code == 200
    assert client_with("learner").get(reverse("due_for_review")).status_code in {302, 403}


def test_more_courses_ask_no_more_questions(
    tiny_course: CourseVersion, pack: Path, at: At, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    at("2035-01-01")
    supersede("2026-03-02")
    with django_assert_num_queries(11):
        before = len(reviewing.due())
    for number in range(3):
        copy = Course.objects.create(code=f"COPY{number}")
        page = CoursePage(course=copy, title=f"Copy {number}", slug=f"copy-{number}", review_due=date(2028, 1, 1))
        CoursePage.objects.get(course=tiny_course.course).get_parent().add_child(instance=page)
        lesson = LessonPage(title="Copy", slug="copy", live=False)
        page.add_child(instance=lesson)
        lesson.instruments.set(Instrument.objects.all())
        lesson.save()
        CoursePage.objects.filter(pk=page.pk).update(live=True)
    with django_assert_num_queries(11):
        assert len(reviewing.due()) == before + 6
