"""Nothing that somebody depends on can be deleted from the admin, and the refusal says what depends on it."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models

from courses import dependents, enrolling, entry_evidence, ports
from courses.models import (
    Course,
    CourseIndexPage,
    CoursePage,
    CourseVersion,
    Criterion,
    Document,
    Enrolment,
    EntrySubject,
    Instrument,
    LessonPage,
    LessonVersion,
    StudyUnit,
)
from lms.core import clock
from lms.organisation.models import User
from tests.cast import person
from tests.courses.desk import edit, lesson

ClientFor = Callable[[User], Client]
PAGES = [CourseIndexPage, CoursePage]
NEVER = "was not deleted"


def one_in_use(model: type[models.Model]) -> models.Model:
    """A row of the tiny course of which something depends."""
    rows = model._default_manager.order_by("pk")
    found = next((row for row in rows if dependents.of(row)), None)
    assert found is not None, f"Give the tiny pack a {model.__name__} in use, or say who depends on it."
    return found


@pytest.fixture
def subject(page: CoursePage, learner: User, boss: User) -> EntrySubject:
    """A subject at which Lindiwe has shown evidence; the tiny course asks for none."""
    made = EntrySubject.objects.create(name="Reading")
    entry_evidence.record(
        person(learner), made, 2, evidence="Certificate", seen_on=clock.today(), seen_by="HR", by=boss
    )
    return made


@pytest.fixture
def enrolment(page: CoursePage, learner: User) -> Enrolment:
    """Lindiwe is under way."""
    return enrolling.enrol(person(learner), page.course, by=learner)


def names(model: type[models.Model]) -> str:
    """How a case is called."""
    return model.__name__


@pytest.mark.parametrize("model", get_snippet_models(), ids=names)
def test_no_snippet_in_use_is_deleted(
    enrolment: Enrolment, subject: EntrySubject, boss: User, client_for: ClientFor, model: Any
) -> None:
    thing = one_in_use(model)
    single = reverse(model.snippet_viewset.get_url_name("delete"), args=[thing.pk])
    bulk = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    for method in ("get", "post"):
        for url in (single, f"{bulk}?id={thing.pk}"):
            answer = getattr(client_for(boss), method)(url, follow=True)
            said = html.unescape(answer.content.decode())
            # Versions are never deleted by anybody, so Wagtail does not even ask.
            assert NEVER in said or "have permission" in said or answer.status_code == 404, url
    assert model._default_manager.filter(pk=thing.pk).exists()


@pytest.mark.parametrize("model", [m for m in get_page_models() if m is not Page], ids=names)
def test_no_page_in_use_is_deleted(enrolment: Enrolment, boss: User, client_for: ClientFor, model: Any) -> None:
    thing = model.objects.first()
    single = reverse("wagtailadmin_pages:delete", args=[thing.pk])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={thing.pk}"
    if model is LessonPage:
        assert "Published versions keep this lesson" in client_for(boss).get(single).content.decode()
        assert "1 person is under way" in client_for(boss).get(single).content.decode()
        frozen = LessonVersion.objects.count()
        client_for(boss).post(bulk)
        assert LessonVersion.objects.count() == frozen
        return
    for url in (single, bulk):
        said = client_for(boss).post(url, follow=True).content.decode()
        assert NEVER in said
        assert "Nothing was changed and nothing was lost." in said
    assert model.objects.filter(pk=thing.pk).exists()


def test_the_refusal_counts_and_names(enrolment: Enrolment, boss: User, client_for: ClientFor) -> None:
    page = CoursePage.objects.get()
    said = client_for(boss).post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True).content.decode()
    assert "1 person is under way." in said
    assert "TINY v1" in said
    assert "Unpublish it instead" in said
    said = " ".join(dependents.of(StudyUnit.objects.get()))
    assert "T1.C1, T1.C2, T1.C3" in said


def test_one_in_use_keeps_the_whole_bulk(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    used = Criterion.objects.get(code="T1.C1")
    free = Criterion.objects.create(unit=used.unit, code="T1.C9")
    bulk = reverse("wagtail_bulk_action", args=["courses", "criterion", "delete"])
    said = client_for(boss).post(f"{bulk}?id={used.pk}&id={free.pk}", follow=True).content.decode()
    assert "None of them was deleted" in said
    assert Criterion.objects.filter(pk=free.pk).exists()
    client_for(boss).post(f"{bulk}?id={free.pk}")
    assert not Criterion.objects.filter(pk=free.pk).exists()


def test_what_nothing_depends_on_goes(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    free = Document.objects.create(code="old-rules", title="Old rules")
    client_for(boss).post(reverse("wagtailsnippets_courses_document:delete", args=[free.pk]))
    assert not Document.objects.filter(pk=free.pk).exists()


def test_an_instrument_that_a_lesson_names_stays(page: CoursePage) -> None:
    instrument = Instrument.objects.create(
        code="act", title="Act", kind="act", jurisdiction="ZA", as_at="2026-01-01", review_due="2027-01-01"
    )
    assert dependents.of(instrument) == []
    LessonVersion.objects.all()[0].instruments.add(instrument)
    assert "1 " in dependents.of(instrument)[0]


def test_no_login_or_gating_group_is_deleted(page: CoursePage, author: User, boss: User, client_for: ClientFor) -> None:
    group = Group.objects.get(name="Approvers")
    browser = client_for(boss)
    said = browser.post(reverse("wagtailusers_users:delete", args=[author.pk]), follow=True).content.decode()
    assert "Close the login instead" in said
    bulk = reverse("wagtail_bulk_action", args=["organisation", "user", "delete"])
    assert "Close the login instead" in browser.post(f"{bulk}?id={author.pk}", follow=True).content.decode()
    answer = browser.post(reverse("wagtailusers_groups:delete", args=[group.pk]))
    assert answer.status_code == 409
    assert "Everybody with the role" in answer.content.decode()
    assert User.objects.filter(pk=author.pk).exists()
    assert Group.objects.filter(pk=group.pk).exists()


def test_who_wrote_a_draft_stays(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    writer = User.objects.create(username="writer")
    edit(page, user=writer, title="Tea")
    assert dependents.of(writer) != []


@pytest.mark.parametrize("model", [get_image_model(), get_document_model()], ids=names)
def test_a_picture_or_file_that_somebody_depends_on_stays(
    page: CoursePage, boss: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch, model: Any
) -> None:
    is_picture = model is get_image_model()
    file = get_test_image_file() if is_picture else ContentFile(b"rules", name="rules.txt")
    thing = model.objects.create(title="Counter", file=file)
    used: dict[str, Callable[[models.Model], list[str]]] = {
        "test": lambda asked: ["A lesson shows it."] * (asked == thing)
    }
    monkeypatch.setitem(ports.dependents._entries, "test", used["test"])
    name = "wagtailimages" if is_picture else "wagtaildocs"
    single = reverse(f"{name}:delete", args=[thing.pk])
    bulk = reverse("wagtail_bulk_action", args=[model._meta.app_label, model._meta.model_name, "delete"])
    assert "A lesson shows it." in client_for(boss).post(single).content.decode()
    assert "A lesson shows it." in client_for(boss).post(f"{bulk}?id={thing.pk}", follow=True).content.decode()
    assert model.objects.filter(pk=thing.pk).exists()


def test_unpublishing_says_who_goes_on(enrolment: Enrolment, boss: User, learner: User, client_for: ClientFor) -> None:
    page = CoursePage.objects.get()
    answer = client_for(boss).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]), follow=True)
    assert "1 person is under way and goes on." in answer.content.decode()
    assert not Course.objects.get().is_offered
    assert client_for(learner).get(reverse("lesson", args=["TINY", "water"])).status_code == 200


def test_nothing_is_unpublished_in_bulk(enrolment: Enrolment, boss: User, client_for: ClientFor) -> None:
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    for page in (CoursePage.objects.get(), lesson(), CourseIndexPage.objects.get()):
        client_for(boss).post(f"{bulk}?id={page.pk}", {"include_descendants": "on"})
    assert Course.objects.get().is_offered
    assert not Page.objects.filter(live=False).exists()


def test_courses_and_lessons_stay_where_they_are(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    root = Page.get_first_root_node()
    other = CoursePage(course=Course.objects.create(code="OTHER"), title="Other", slug="other", live=False)
    page.get_parent().add_child(instance=other)
    moving = reverse("wagtailadmin_pages:move_confirm", args=[lesson().pk, other.pk])
    assert "stay where they are" in client_for(boss).post(moving, follow=True).content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"]) + f"?id={lesson().pk}"
    client_for(boss).post(bulk, {"chooser": other.pk})
    client_for(boss).post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, root.pk]))
    assert lesson().get_parent().pk == page.pk
    assert CourseVersion.objects.count() == 1
