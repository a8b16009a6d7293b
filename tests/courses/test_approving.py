"""Draft, support, approve: who may take which step, by requests through Wagtail's own pages."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from assessments.models import Question
from courses import enrolling, publishing, supporting
from courses.models import CoursePage, CourseVersion, CriterionVersion, LessonPage, Support
from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.errors import Refused
from lms.organisation import grants
from lms.organisation.models import Role, User
from tests.cast import Office, person
from tests.courses.desk import edit, form_of, lesson

ClientFor = Callable[[User], Client]
BY = MachineRule("test")
EDITED = "You edited it since the last version"


@pytest.fixture
def reader(office: Office) -> User:
    """Pia Holm, a second course author, who reads what others wrote."""
    user = office.hire("Pia", "Holm", office.seat("reader-desk", unit="kopw", category="OFFICE"))
    grants.grant(user, Role.COURSE_AUTHOR, office.root, by=BY)
    return user


def newest() -> CoursePage:
    """The newest draft of the tiny course."""
    draft: CoursePage = CoursePage.objects.get().get_latest_revision_as_object()
    return draft


def submit(client: Client, **changes: Any) -> None:
    """Edit the course's draft and send it into the workflow."""
    draft = newest()
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    answer = client.post(url, form_of(draft, **changes) | {"action-submit": "1"})
    assert answer.status_code == 302, answer.context["form"].errors


def step(client: Client, **answer: Any) -> str:
    """Take the workflow's present step in the editor; the page that comes back."""
    draft = newest()
    form = form_of(draft) | {"action-workflow-action": "true", "workflow-action-name": "approve"}
    form["workflow-action-extra-data"] = json.dumps(answer)
    back = client.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), form, follow=True)
    return back.content.decode()


def test_a_draft_is_supported_then_approved_and_both_stay_named(
    page: CoursePage, author: User, reader: User, approver: User, learner: User, colleague: User, client_for: ClientFor
) -> None:
    under_way = enrolling.enrol(person(learner), page.course, by=learner)
    submit(client_for(author), title="Tea with milk")
    assert "You edited it since the last version" in step(client_for(author))
    assert not Support.objects.exists()
    step(client_for(reader))
    step(client_for(approver), change="meaning", what_changed="Tea is made with milk.")
    version = CourseVersion.objects.latest("number")
    assert (version.number, version.title, version.what_changed) == (2, "Tea with milk", "Tea is made with milk.")
    assert (version.supporter_name, version.approver_name) == ("Pia Holm", "Greta Lindqvist")
    assert version.supported_at == Support.objects.get().on
    assert under_way.course_version.number == 1
    assert enrolling.enrol(person(colleague), page.course, by=colleague).course_version == version
    history = client_for(author).get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert "supported by Pia Holm" in history
    assert "approved by Greta Lindqvist" in history


def test_approving_asks_for_wording_or_meaning(page: CoursePage, client_for: ClientFor, boss: User) -> None:
    edit(page, user=None, title="Tea")
    state = page.get_workflow().start(CoursePage.objects.get(), boss)
    state.current_task_state.task.specific.on_action(state.current_task_state, boss, "approve")
    current = CoursePage.objects.get().current_workflow_task_state
    url = reverse("wagtailadmin_pages:collect_workflow_action_data", args=[page.pk, "approve", current.pk])
    assert "What did this change?" in client_for(boss).get(url).json()["html"]


def test_whoever_supported_does_not_approve(
    page: CoursePage, author: User, approver: User, client_for: ClientFor
) -> None:
    submit(client_for(author), title="Tea with milk")
    step(client_for(approver))
    assert "You supported this draft" in step(client_for(approver), change="wording")
    url = reverse("courses_publish", args=[page.pk])
    assert (
        "You supported this draft"
        in client_for(approver).post(url, {"change": "wording"}, follow=True).content.decode()
    )
    assert CourseVersion.objects.get().edition == 1


def test_what_was_changed_after_its_support_is_read_again(
    page: CoursePage, author: User, reader: User, approver: User, client_for: ClientFor
) -> None:
    submit(client_for(author), title="Tea with milk")
    step(client_for(reader))
    edit(lesson(), user=author, title="Hot water")
    assert "changed since somebody supported it" in step(client_for(approver), change="wording")
    assert CourseVersion.objects.get().edition == 1


def test_a_second_support_by_the_same_reader_is_the_same(page: CoursePage, reader: User) -> None:
    edit(page, title="Tea")
    assert supporting.support(page, by=reader) == supporting.support(page, by=reader)


def edit_course(user: User) -> None:
    """Change the course's page."""
    edit(CoursePage.objects.get(), user=user, title="My tea", change="wording")


def edit_lesson(user: User) -> None:
    """Change a lesson."""
    edit(lesson(), user=user, title="My water")


def edit_question(user: User) -> None:
    """Change a question in its own editor."""
    question = Question.objects.filter(kind="single_choice").order_by("code")[0]
    client = Client()
    client.force_login(user)
    url = reverse("wagtailsnippets_assessments_question:edit", args=[question.pk])
    form = client.get(url).context["form"]
    fields = {name: form.initial.get(name) for name in form.fields}
    fields |= {"body_text": form["body_text"].value(), "feedback": "Because I say so.", "retired_on": ""}
    fields = {name: value for name, value in fields.items() if value is not None}
    fields["instruments"] = [row.pk for row in fields.get("instruments", [])]
    answer = client.post(url, fields)
    assert answer.status_code == 302, answer.context["form"].errors


def word_a_criterion(user: User) -> None:
    """Add the next wording of a criterion that the course certifies."""
    client = Client()
    client.force_login(user)
    criterion = CriterionVersion.objects.get(criterion__code="T1.C1").criterion
    form = {"criterion": criterion.pk, "text": "Better", "evidence": ["paper"], "jurisdiction": "all"}
    client.post(reverse("wagtailsnippets_courses_criterionversion:add"), form)
    edit(CoursePage.objects.get(), title="Their tea", change="wording")


EDITS = [edit_course, edit_lesson, edit_question, word_a_criterion]


@pytest.mark.parametrize("edited", EDITS)
def test_no_superuser_publishes_their_own_edit_in_the_editor(
    page: CoursePage, boss: User, client_for: ClientFor, edited: Callable[[User], None]
) -> None:
    edited(boss)
    form = form_of(newest()) | {"action-publish": "1"}
    asked = client_for(boss).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form, follow=True)
    assert EDITED in asked.content.decode()
    told = client_for(boss).post(reverse("courses_publish", args=[page.pk]), {"change": "wording"}, follow=True)
    assert EDITED in told.content.decode()
    assert CourseVersion.objects.get().edition == 1


@pytest.mark.parametrize("edited", EDITS)
def test_no_superuser_approves_their_own_edit_in_the_workflow(
    page: CoursePage, boss: User, reader: User, client_for: ClientFor, edited: Callable[[User], None]
) -> None:
    edited(boss)
    page.get_workflow().start(CoursePage.objects.get(), boss)
    assert EDITED in step(client_for(boss))
    step(client_for(reader))
    assert EDITED in step(client_for(boss), change="wording")
    state = CoursePage.objects.get().current_workflow_state
    with pytest.raises(Refused, match=EDITED):
        state.current_task_state.approve(user=boss)
    assert CourseVersion.objects.get().edition == 1


@pytest.mark.parametrize("edited", EDITS)
def test_nobody_publishes_in_bulk(
    page: CoursePage, boss: User, client_for: ClientFor, edited: Callable[[User], None]
) -> None:
    edited(boss)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    for pk, form in [(page.pk, {}), (lesson().pk, {}), (page.get_parent().pk, {"include_descendants": "on"})]:
        answer = client_for(boss).post(f"{url}?id={pk}", form, follow=True)
        assert "Nothing was published." in answer.content.decode()
    assert CourseVersion.objects.get().edition == 1


def test_in_bulk_even_an_approver_is_sent_to_the_course(
    page: CoursePage, author: User, approver: User, client_for: ClientFor
) -> None:
    edit(page, user=author, title="Tea")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client_for(approver).post(f"{url}?id={page.pk}", follow=True)
    assert "Open the course and press Publish" in answer.content.decode()
    assert CourseVersion.objects.get().edition == 1


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
def test_no_date_publishes_or_withdraws(page: CoursePage, boss: User, client_for: ClientFor, name: str) -> None:
    soon = clock.now() + timedelta(days=1)
    form = form_of(newest(), title="Tea") | {name: soon.strftime("%Y-%m-%d %H:%M"), "action-publish": "1"}
    client_for(boss).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    assert getattr(newest(), name) is None
    for draft in (newest(), lesson()):
        setattr(draft, name, soon)
        with pytest.raises(Refused, match="Take the dates out"):
            draft.save_revision(user=boss, clean=False)
        with pytest.raises(Refused, match="Take the dates out"):
            draft.save()


@pytest.mark.parametrize("which", [CoursePage, LessonPage])
def test_the_scheduler_cannot_get_round_the_gate(page: CoursePage, boss: User, which: type[Page]) -> None:
    draft = which.objects.first().get_latest_revision_as_object()
    draft.title = "My tea"
    revision = draft.save_revision(user=boss, clean=False)
    # Nothing on the site writes this; somebody at the database might.
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=clock.now() - timedelta(days=1))
    with pytest.raises(Refused):
        call_command("publish_scheduled")
    assert CourseVersion.objects.get().edition == 1
    assert not which.objects.filter(title="My tea").exists()


def test_the_question_has_no_answer_until_somebody_gives_one(
    page: CoursePage, author: User, approver: User, client_for: ClientFor
) -> None:
    writing = client_for(author)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert writing.get(url).context["form"]["change"].value() == ""
    writing.post(url, form_of(newest(), title="Tea for all", change=""))
    approving = client_for(approver)
    publish = reverse("courses_publish", args=[page.pk])
    assert approving.post(publish, {}).status_code == 200
    assert approving.post(publish, {"change": "meaning"}).status_code == 200
    with pytest.raises(Refused, match="Say whether the wording or the meaning changed"):
        publishing.publish(page, by=approver)
    assert CourseVersion.objects.get().edition == 1
    approving.post(publish, {"change": "wording"})
    assert (CourseVersion.objects.get().edition, CourseVersion.objects.get().title) == (2, "Tea for all")
    assert writing.get(url).context["form"]["change"].value() == ""


def test_the_last_answer_is_not_offered_for_a_lessons_edit(
    page: CoursePage, author: User, approver: User, client_for: ClientFor
) -> None:
    edit(lesson(), user=author, title="Hot water")
    shown = client_for(approver).get(reverse("courses_publish", args=[page.pk]))
    assert shown.context["form"]["change"].value() is None


def test_an_author_has_no_way_to_the_question(page: CoursePage, author: User, client_for: ClientFor) -> None:
    answer = client_for(author).post(reverse("courses_publish", args=[page.pk]), {"change": "wording"})
    assert answer.status_code == 302
    assert CourseVersion.objects.get().edition == 1


def test_a_lesson_that_somebody_reads_leaves_by_a_change_of_meaning(
    page: CoursePage, learner: User, client_for: ClientFor
) -> None:
    enrolling.enrol(person(learner), page.course, by=learner)
    lesson().delete()
    with pytest.raises(Refused, match="“Water” is gone, and 1 person is under way"):
        publishing.publish(page, by=BY)
    publishing.publish(page, by=BY, change="meaning", what_changed="No more about water.")
    address = reverse("lesson", args=["TINY", "water"])
    assert client_for(learner).get(address).status_code == 200


def test_a_new_lesson_stays_a_draft_whichever_button_is_pressed(
    page: CoursePage, approver: User, client_for: ClientFor
) -> None:
    url = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", page.pk])
    shown = client_for(approver).get(url).content.decode()
    assert "action-publish" not in shown
    assert "action-submit" not in shown
    form = nested_form_data(
        {"title": "Cups", "slug": "cups", "minutes": 3, "completion": "seen", "comments": inline_formset([])}
    )
    for name in ("action-publish", "action-submit"):
        form |= {"slug": name, "body-count": "0", name: "1"}
        client_for(approver).post(url, form)
        assert not LessonPage.objects.get(slug=name).live
        form.pop(name)
