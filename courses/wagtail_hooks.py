"""Wagtail's editor: what it does differently for courses, and the curriculum as snippets. The rules stand below."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from courses import reviewing_hooks
from courses.authoring import going_live, taking_away
from courses.editors import LESSON_REMOVED
from courses.models import CoursePage, Criterion, CriterionVersion, Document, DocumentVersion, LessonPage
from courses.publishing import PUBLISHED
from courses.snippets import AddOnly, CurriculumGroup
from courses.views.media import may_see_drafts
from lms.organisation.access import user_of

register_permission_policy(CriterionVersion, AddOnly(CriterionVersion))
register_permission_policy(DocumentVersion, AddOnly(DocumentVersion))
register_snippet(CurriculumGroup)
hooks.register("register_admin_urls", reviewing_hooks.addresses)
hooks.register("register_reports_menu_item", reviewing_hooks.menu_item)
hooks.register("construct_homepage_panels", reviewing_hooks.home_panel)
hooks.register("insert_global_admin_css", reviewing_hooks.css)

hooks.register("before_create_page", going_live.before_create)
hooks.register("before_edit_page", going_live.before_edit)
hooks.register("before_publish_page", going_live.before_publish)
hooks.register("before_bulk_action", going_live.before_bulk)
hooks.register("construct_page_action_menu", going_live.action_menu)

hooks.register("before_copy_page", taking_away.before_copy)
hooks.register("before_create_alias_page", taking_away.before_copy)
hooks.register("before_move_page", taking_away.before_move)
hooks.register("before_unpublish_page", taking_away.before_unpublish)
hooks.register("before_delete_page", taking_away.before_delete_page)
hooks.register("before_delete_snippet", taking_away.before_delete_snippet)
hooks.register("before_delete_user", taking_away.before_delete_user)
hooks.register("before_bulk_action", taking_away.before_bulk)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Pages of our own in Wagtail's admin."""
    return [path("courses/<int:page_id>/publish/", going_live.publish, name="courses_publish")]


@hooks.register("register_snippet_listing_buttons")
def offer_the_next_version(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Beside a criterion or document: its next version, beginning with the words of the last."""
    if not isinstance(snippet, Criterion | Document):
        return
    versions: type[CriterionVersion | DocumentVersion] = (
        CriterionVersion if isinstance(snippet, Criterion) else DocumentVersion
    )
    last = snippet.versions.order_by("pk").last()
    if last is None or not user.has_perm(f"courses.add_{versions._meta.model_name}"):
        return
    url = reverse(f"wagtailsnippets_courses_{versions._meta.model_name}:copy", args=[last.pk])
    yield Button(_("Next version"), url, icon_name="copy", priority=25)


@hooks.register("after_delete_page")
def remember_who_took_a_lesson_out(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Taking a lesson out is editing the course: whoever did it may not publish it."""
    if isinstance(page, LessonPage):
        course_page = CoursePage.objects.filter(path=page.path[: -Page.steplen]).first()
        if course_page is not None:
            log(course_page, LESSON_REMOVED, user=user_of(request), data={"lesson": page.slug})
    return None


@hooks.register("before_serve_document")
def keep_documents_of_drafts_to_authors(document: Any, request: HttpRequest) -> None:
    """Wagtail gives its documents to anybody who guesses a number; what is published has an address of its own."""
    user = request.user
    if not user.is_authenticated or not may_see_drafts(user_of(request)):
        raise PermissionDenied(_("This belongs to a draft, which only its authors see."))


@hooks.register("register_log_actions")
def name_own_log_entries(actions: Any) -> None:
    """What the history of a course shows beside Wagtail's own entries."""
    actions.register_action(LESSON_REMOVED, gettext_lazy("Take a lesson out"), gettext_lazy("Lesson taken out"))

    @actions.register_action(PUBLISHED)
    class VersionPublished(LogFormatter):
        label = gettext_lazy("Publish a version")

        def format_message(self, log_entry: Any) -> str:
            """Which version, and who stood by it."""
            words = {"version": "", "edition": "", "approved_by": "", **log_entry.data}
            if "supported_by" not in words:
                return _("Version %(version)s, edition %(edition)s: approved by %(approved_by)s") % words
            words["day"] = str(words["supported_at"])[:10]
            return (
                _(
                    "Version %(version)s, edition %(edition)s: supported by %(supported_by)s on %(day)s, approved by %(approved_by)s"
                )
                % words
            )
