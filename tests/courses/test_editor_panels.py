"""What stands beside a course and a lesson in the editor, and how a draft is previewed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from courses import glance
from courses.models import CoursePage, CourseVersion, Instrument, LessonPage
from courses.models.versions import hours_of
from courses.quality import ease

ClientWith = Callable[[str], Client]


@pytest.mark.once
@pytest.mark.parametrize(
    ("word", "syllables"),
    [("tea", 1), ("water", 2), ("made", 1), ("asked", 1), ("wanted", 2), ("table", 2), ("forms", 1), ("integrity", 4)],
)
def test_syllables_are_groups_of_vowels(word: str, syllables: int) -> None:
    assert ease.syllables_of(word) == syllables


@pytest.mark.once
def test_short_words_in_short_sentences_read_easily() -> None:
    easy = ease.reading_ease(["The man put the pot on. She made the tea."])
    hard = ease.reading_ease(["Administrative responsibility necessitates organisational accountability everywhere."])
    assert easy is not None
    assert hard is not None
    assert easy > 90
    assert hard < 20
    assert ease.reading_ease(["No sentence here"]) is None
    assert ease.meaning(easy).startswith("Easy")
    assert ease.meaning(hard).startswith("Hard")


@pytest.mark.once
@pytest.mark.parametrize(
    ("minutes", "hours"), [(60, "1"), (74, "1"), (75, "1.25"), (89, "1.25"), (15, "0.25"), (14, "0.23"), (3, "0.05")]
)
def test_printed_hours_lie_within_the_planned_minutes(minutes: int, hours: str) -> None:
    assert hours_of(minutes) == hours
    assert float(hours) * 60 <= minutes


@pytest.mark.django_db
def test_the_panel_says_what_assesses_each_criterion(tiny_course: CourseVersion) -> None:
    seen = glance.of_course(CoursePage.objects.get())
    evidence = {row.criterion: " · ".join(part.what for part in row.evidence) for row in seen.criteria}
    assert list(evidence) == ["T1.C1", "T1.C2", "T1.C3"]
    assert "Single choice" in evidence["T1.C1"]
    assert "the paper draws" in evidence["T1.C1"]
    assert "an assessor’s guide with" in evidence["T1.C3"]
    assert "T1.C1 has" in " ".join(seen.again)


@pytest.mark.django_db
def test_the_panel_counts_the_minutes_that_are_printed(tiny_course: CourseVersion) -> None:
    seen = glance.of_course(CoursePage.objects.get())
    assert seen.minutes == sum(part.minutes for part in seen.parts) == tiny_course.planned_minutes
    assert seen.hours == tiny_course.hours


@pytest.mark.django_db
def test_the_lessons_panel_names_what_is_the_matter_with_an_instrument(
    tiny_course: CourseVersion, at: Callable[[str], None]
) -> None:
    at("2026-03-02")
    [before] = glance.of_lesson(LessonPage.objects.get(slug="water")).instruments
    assert (before.gone, before.is_past_review) == ("", False)
    Instrument.objects.update(superseded_on=date(2026, 3, 2), review_due=date(2026, 3, 1))
    [after] = glance.of_lesson(LessonPage.objects.get(slug="water")).instruments
    assert after.gone == "Tea Act is no longer in force from 2 March 2026."
    assert after.is_past_review


@pytest.mark.django_db
def test_the_editor_shows_the_panel_and_wagtails_own(tiny_course: CourseVersion, client_with: ClientWith) -> None:
    client = client_with("course_author")
    for page in (CoursePage.objects.get(), LessonPage.objects.get(slug="water")):
        shown = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert 'data-side-panel="glance"' in shown
        assert 'data-side-panel="status"' in shown
        assert "What assesses each criterion" in shown
        assert "Tea Act (NG)" in shown


@pytest.mark.django_db
def test_the_editor_is_closed_to_learners(tiny_course: CourseVersion, client_with: ClientWith) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[CoursePage.objects.get().pk])
    assert client_with("learner").get(url).status_code in {302, 403}
    assert client_with("nobody").get(url).status_code == 302


@pytest.mark.django_db
def test_a_lesson_that_was_never_saved_is_previewed_on_a_phone(
    tiny_course: CourseVersion, client_with: ClientWith
) -> None:
    client, course = client_with("course_author"), CoursePage.objects.get()
    add = reverse("wagtailadmin_pages:preview_on_add", args=["courses", "lessonpage", course.pk])
    options = {"a": ("Say so", "on"), "b": ("Say nothing", "")}
    body = {f"body-0-value-options-{n}-value-text": text for n, (text, _right) in enumerate(options.values())}
    parts = {f"body-0-value-options-{n}-{name}": "" for n in range(2) for name in ("deleted", "id")}
    orders = {f"body-0-value-options-{n}-order": str(n) for n in range(2)}
    answer = client.post(
        add,
        {
            "title": "Milk",
            "slug": "milk",
            "minutes": "5",
            "completion": "seen",
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "choice",
            "body-0-id": "",
            "body-0-value-jurisdiction": "all",
            "body-0-value-question": "The milk is off. What now?",
            "body-0-value-options-count": "2",
            "body-0-value-options-0-value-right": "on",
            **body,
            **parts,
            **orders,
        },
    )
    assert answer.json()["is_valid"], answer.json()
    preview = client.get(add, {"mode": "", "in_preview_panel": "true"})
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert "script-src 'self'" in preview["Content-Security-Policy"]
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    shown = preview.content.decode()
    assert "What would you do?" in shown
    assert "Say nothing" in shown
    assert 'type="radio"' in shown
    assert LessonPage(title="Milk").default_preview_size == "mobile"
    assert LessonPage(title="Milk").preview_sizes[0]["device_width"] == 360


@pytest.mark.django_db
def test_a_courses_preview_adds_up_its_minutes(tiny_course: CourseVersion, client_with: ClientWith) -> None:
    url = reverse("wagtailadmin_pages:view_draft", args=[CoursePage.objects.get().pk])
    shown = client_with("course_author").get(url).content.decode()
    assert f"{tiny_course.planned_minutes} min" in shown
