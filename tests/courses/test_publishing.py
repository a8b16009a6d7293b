"""Publishing: one gate for every way in, and what it freezes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from assessments.models import Question
from courses import publishing
from courses.missing import as_list
from courses.models import Course, CoursePage, CourseVersion, CriterionVersion, LessonVersion
from courses.ports import draft_editors, freezers, publishing_checks
from courses.readiness import NotReady
from lms.core.actors import MachineRule
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.organisation.models import User
from tests.courses.desk import edit, form_of, in_group, lesson

ClientFor = Callable[[User], Client]
BY = MachineRule("test")


def test_a_change_of_wording_makes_an_edition_and_keeps_the_old_rows(
    page: CoursePage, tiny_course: CourseVersion
) -> None:
    edit(lesson(), title="Hot water")
    version = publishing.publish(page, by=BY)
    assert (version.pk, version.edition) == (tiny_course.pk, 2)
    assert version.content_hash != tiny_course.content_hash
    titles = LessonVersion.objects.filter(key="water").order_by("edition").values_list("edition", "title")
    assert list(titles) == [(1, "Water"), (2, "Hot water")]
    assert [row.title for row in LessonVersion.objects.newest_edition()] == ["Hot water", "The promise"]


def test_a_change_of_meaning_makes_a_version_and_those_under_way_keep_theirs(
    page: CoursePage, tiny_course: CourseVersion
) -> None:
    edit(page, change="meaning", what_changed="Tea is made with milk.", title="Tea with milk")
    version = publishing.publish(page, by=BY)
    assert (version.number, version.edition, version.what_changed) == (2, 1, "Tea is made with milk.")
    assert tiny_course.course.current == version
    tiny_course.refresh_from_db()
    assert (tiny_course.title, tiny_course.edition, tiny_course.lessons.count()) == ("Tea for guests", 1, 2)
    assert version.certified.count() == 3


def test_a_new_version_takes_criteria_as_worded_now(page: CoursePage, tiny_course: CourseVersion) -> None:
    old = tiny_course.certified.get(criterion_version__criterion__code="T1.C1").criterion_version
    new = CriterionVersion.objects.create(
        criterion=old.criterion, number=2, text="Better words", evidence=["paper"], jurisdiction="all"
    )
    edit(page, change="meaning", what_changed="A criterion is worded better.")
    version = publishing.publish(page, by=BY)
    assert version.certified.get(criterion_version__criterion__code="T1.C1").criterion_version == new
    assert tiny_course.certified.get(criterion_version__criterion__code="T1.C1").criterion_version == old


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"purpose": ""}, "The purpose is missing."),
        ({"summary": " "}, "The summary is missing."),
        ({"outcomes": ""}, "What people can do afterwards is missing."),
        ({"review_due": None}, "The review date is missing."),
        ({"moderator_name": ""}, "The moderator is missing."),
        ({"change": "meaning"}, "A change of meaning needs a new sentence"),
        ({"holds_months": 6}, "that is a change of meaning"),
        ({"pass_percent": 50}, "that is a change of meaning"),
        ({"certifies": []}, "It certifies no criterion."),
    ],
)
def test_what_is_missing_is_listed(
    page: CoursePage, tiny_course: CourseVersion, changes: dict[str, Any], missing: str
) -> None:
    edit(page, **changes)
    with pytest.raises(NotReady) as refused:
        publishing.publish(page, by=BY)
    assert any(missing in reason for reason in refused.value.missing)
    tiny_course.refresh_from_db()
    assert (CourseVersion.objects.count(), tiny_course.edition) == (1, 1)


def test_everything_missing_stands_in_one_list_with_links_to_where_it_is_mended(page: CoursePage) -> None:
    edit(page, summary="", moderator_name="")
    edit(lesson(), body=[])
    Question.objects.filter(criterion__code="T1.C1").update(feedback="")
    with pytest.raises(NotReady) as refused:
        publishing.publish(page, by=BY)
    shown = as_list(refused.value.missing)
    here, there = (reverse("wagtailadmin_pages:edit", args=[each.pk]) for each in (page, lesson()))
    assert f'<a href="{here}#panel-child-content-summary-section">The summary is missing.</a>' in shown
    assert f'<a href="{here}#panel-child-content-people-section">The moderator is missing.</a>' in shown
    assert f'<a href="{there}#panel-child-content-body-section">The lesson “Water” is empty.</a>' in shown
    question = Question.objects.filter(criterion__code="T1.C1")[0]
    assert reverse("wagtailsnippets_assessments_question:edit", args=[question.pk]) in shown


def test_lessons_are_looked_at_too(page: CoursePage) -> None:
    edit(lesson(), body=[])
    edit(lesson("promise"), document=None)
    with pytest.raises(NotReady) as refused:
        publishing.publish(page, by=BY)
    text = " ".join(refused.value.missing)
    assert "“Water” is empty" in text
    assert "“The promise” shows a document but names none" in text


def test_a_course_without_lessons_is_refused(page: CoursePage) -> None:
    for child in page.get_children():
        child.delete()
    with pytest.raises(NotReady, match="It has no lesson"):
        publishing.publish(CoursePage.objects.get(), by=BY)


def test_upper_rooms_have_their_say(page: CoursePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(publishing_checks._entries, "test", lambda course: [f"{course} has no paper."])
    monkeypatch.setitem(freezers._entries, "test", lambda version: 15)
    edit(page, title="Tea")
    with pytest.raises(NotReady, match="TINY has no paper"):
        publishing.publish(page, by=BY)
    monkeypatch.delitem(publishing_checks._entries, "test")
    minutes = CourseVersion.objects.get().planned_minutes
    assert publishing.publish(page, by=BY).planned_minutes == minutes + 15


def test_publishing_the_same_again_changes_nothing(page: CoursePage) -> None:
    publishing.publish(page, by=BY)
    assert CourseVersion.objects.get().edition == 1
    assert AuditEntry.objects.filter(action="course published").count() == 1


def test_nobody_publishes_what_they_edited(page: CoursePage, boss: User, approver: User) -> None:
    edit(page, user=boss, title="Tea")
    with pytest.raises(NotReady, match="somebody else has to publish it"):
        page.get_latest_revision().publish(user=boss)
    version = publishing.publish(page, by=approver)
    assert version.approver_name == str(approver)


def test_nobody_publishes_a_course_whose_lesson_they_edited(page: CoursePage, boss: User) -> None:
    edit(lesson(), user=boss, title="Hot water")
    with pytest.raises(NotReady, match="somebody else has to publish it"):
        publishing.publish(page, by=boss)


def test_nobody_publishes_a_course_whose_questions_they_edited(
    page: CoursePage, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(draft_editors._entries, "test", lambda course, since: {boss.pk})
    edit(page, title="Tea")
    with pytest.raises(NotReady, match="somebody else has to publish it"):
        publishing.publish(page, by=boss)


def test_after_a_publication_earlier_editors_may_publish_again(page: CoursePage, boss: User, approver: User) -> None:
    edit(page, user=boss, title="Tea")
    publishing.publish(page, by=approver)
    edit(page, user=approver, title="Good tea")
    assert publishing.publish(page, by=boss).edition == 3


def test_publishing_in_nobodys_name_is_refused(page: CoursePage) -> None:
    edit(page, title="Tea")
    with pytest.raises(Refused, match="published by somebody"):
        page.get_latest_revision().publish()


def test_a_lesson_alone_does_not_go_live(page: CoursePage, boss: User) -> None:
    edit(lesson(), title="Hot water")
    with pytest.raises(Refused, match="goes live with its course"):
        lesson().get_latest_revision().publish(user=boss)
    assert lesson().title == "Water"


def test_an_unpublished_course_is_offered_no_more_until_it_is_published_again(page: CoursePage, boss: User) -> None:
    page.unpublish(user=boss)
    assert not Course.objects.get().is_offered
    publishing.publish(CoursePage.objects.get(), by=boss)
    assert Course.objects.get().is_offered
    assert CourseVersion.objects.get().edition == 1


def test_a_deleted_course_page_leaves_the_records(page: CoursePage) -> None:
    page.delete()
    assert not Course.objects.get().is_offered
    assert LessonVersion.objects.count() == 2


def test_an_author_edits_and_an_approver_publishes_in_the_editor(
    page: CoursePage, author: User, approver: User, client_for: ClientFor
) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    writing = client_for(in_group(author, "Course authors"))
    assert writing.get(url).status_code == 200
    answer = writing.post(url, form_of(page, title="Tea for all"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert CourseVersion.objects.get().title == "Tea for guests"
    reading = client_for(in_group(approver, "Approvers"))
    draft = CoursePage.objects.get().get_latest_revision_as_object()
    answer = reading.post(url, form_of(draft) | {"action-publish": "1"}, follow=True)
    assert "What did this change?" in answer.content.decode()
    assert "Tomas Reyes" in answer.content.decode()
    assert CourseVersion.objects.get().edition == 1
    reading.post(reverse("courses_publish", args=[page.pk]), {"change": "wording"})
    version = CourseVersion.objects.get()
    assert (version.title, version.edition, version.approver_name) == ("Tea for all", 2, str(approver))


def test_the_editor_says_what_is_missing(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client_for(boss).post(url, form_of(page, title="Tea", purpose="") | {"action-publish": "1"}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "The purpose is missing." in text
    assert "You edited it since the last version" in text
    assert "Your draft is saved" in text
    assert CourseVersion.objects.get().edition == 1
    assert CoursePage.objects.get().get_latest_revision_as_object().title == "Tea"


def test_the_editor_refuses_a_lesson_alone(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    promise = lesson("promise")
    url = reverse("wagtailadmin_pages:edit", args=[promise.pk])
    fields = {"title": "Vow", "slug": "promise", "minutes": 4, "completion": "acknowledged"}
    fields |= {"document": promise.document_id, "comments": inline_formset([])}
    fields |= {"body": streamfield([("document", {"jurisdiction": "all"})]), "action-publish": "1"}
    answer = client_for(boss).post(url, nested_form_data(fields), follow=True)
    assert "A lesson goes live with its course" in answer.content.decode()
    assert lesson("promise").title == "The promise"
    assert lesson("promise").get_latest_revision_as_object().title == "Vow"


def test_publishing_in_bulk_goes_through_the_same_gate(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    edit(page, user=boss, title="Tea")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={page.pk}"
    answer = client_for(boss).post(url, follow=True)
    assert "You edited it since the last version" in answer.content.decode()
    assert CourseVersion.objects.get().edition == 1


def test_an_author_cannot_publish(page: CoursePage, author: User, client_for: ClientFor) -> None:
    writing = client_for(in_group(author, "Course authors"))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    writing.post(url, form_of(page, title="Tea") | {"action-publish": "1"})
    assert CourseVersion.objects.get().edition == 1


def test_a_new_course_is_made_in_the_editor(tiny_course: CourseVersion, author: User, client_for: ClientFor) -> None:
    index = Page.objects.get(slug="courses")
    url = reverse("wagtailadmin_pages:add", args=["courses", "coursepage", index.pk])
    writing = client_for(in_group(author, "Course authors"))
    assert writing.get(url).status_code == 200
    form = form_of(CoursePage.objects.get()) | {"code": "NEW-1", "slug": "new-1", "title": "New"}
    form |= {f"certifies-{index}-id": "" for index in range(3)} | {"certifies-INITIAL_FORMS": "0"}
    taken = writing.post(url, form | {"code": "tiny"})
    assert "There is a course with this code already." in taken.content.decode()
    answer = writing.post(url, form)
    assert answer.status_code == 302, answer.context["form"].errors
    course = Course.objects.get(code="NEW-1")
    assert not course.is_offered
    assert CoursePage.objects.get(course=course).live is False


def test_taking_a_lesson_out_is_editing(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    client_for(boss).post(reverse("wagtailadmin_pages:delete", args=[lesson().pk]))
    assert [child.slug for child in page.get_children()] == ["promise"]
    with pytest.raises(NotReady, match="You edited it"):
        publishing.publish(page, by=boss)
    publishing.publish(page, by=BY)
    assert [row.key for row in LessonVersion.objects.newest_edition()] == ["promise"]


def test_courses_are_not_copied_and_lessons_not_unpublished(
    page: CoursePage, boss: User, client_for: ClientFor
) -> None:
    browser = client_for(boss)
    copying = browser.get(reverse("wagtailadmin_pages:copy", args=[page.pk]), follow=True)
    assert "A course is not copied" in copying.content.decode()
    taking = browser.post(reverse("wagtailadmin_pages:unpublish", args=[lesson().pk]), follow=True)
    assert "A lesson goes with its course" in taking.content.decode()
    assert lesson().live


@pytest.mark.parametrize("key", ["water", "promise"])
def test_a_draft_is_previewed_as_learners_will_see_it(
    page: CoursePage, boss: User, client_for: ClientFor, key: str
) -> None:
    edit(lesson(key), title="Drafted lesson")
    url = reverse("wagtailadmin_pages:view_draft", args=[lesson(key).pk])
    answer = client_for(boss).get(url)
    assert answer.status_code == 200
    assert "Drafted lesson" in answer.content.decode()
    assert ("How hot?" if key == "water" else "I warm the pot.") in answer.content.decode()


def test_a_courses_draft_is_previewed(page: CoursePage, boss: User, client_for: ClientFor) -> None:
    edit(page, title="Drafted course")
    answer = client_for(boss).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    assert "Drafted course" in answer.content.decode()
