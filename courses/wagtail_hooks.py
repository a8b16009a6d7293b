"""Wagtail's editor: refusals as messages beside the draft, and the framework as snippets."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from courses import publishing, reviewing_hooks
from courses.models import CoursePage, CriterionVersion, DocumentVersion, LessonPage
from courses.readiness import LESSON_REMOVED, NotReady
from courses.snippets import AddOnly, FrameworkGroup
from lms.organisation.access import user_of

register_permission_policy(CriterionVersion, AddOnly(CriterionVersion))
register_permission_policy(DocumentVersion, AddOnly(DocumentVersion))
register_snippet(FrameworkGroup)
hooks.register("register_admin_urls", reviewing_hooks.addresses)
hooks.register("register_reports_menu_item", reviewing_hooks.menu_item)
hooks.register("construct_homepage_panels", reviewing_hooks.home_panel)


@hooks.register("before_publish_page")
def say_what_is_missing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The gate's answer as messages. The gate itself stands in the model: this only asks it earlier."""
    reasons = _reasons_against(request, page)
    if not reasons:
        return None
    for reason in reasons:
        messages.error(request, reason)
    messages.info(request, _("Your draft is saved; nothing was published."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def say_what_is_missing_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: object
) -> HttpResponse | None:
    """The same for several pages at once: all of them or none."""
    if action_type != "publish":
        return None
    pages = [page.specific for page in objects if isinstance(page, Page)]
    refused = [(page, reason) for page in pages for reason in _reasons_against(request, page)]
    for page, reason in refused:
        messages.error(request, f"{page.get_admin_display_title()}: {reason}")
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk) if refused else None


@hooks.register("before_copy_page")
def refuse_to_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A course has one draft in each language."""
    if not isinstance(page.specific, CoursePage):
        return None
    messages.error(request, _("A course is not copied, since its code stands for it. Make a new course."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_unpublish_page")
def refuse_to_unpublish_a_lesson(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A lesson goes with its course."""
    if not isinstance(page.specific, LessonPage):
        return None
    messages.error(request, _("A lesson goes with its course: delete it here and publish the course."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("after_delete_page")
def remember_who_took_a_lesson_out(request: HttpRequest, page: Page) -> None:
    """Taking a lesson out is editing the course: whoever did it may not publish it."""
    if isinstance(page, LessonPage):
        course_page = CoursePage.objects.filter(path=page.path[: -Page.steplen]).first()
        if course_page is not None:
            log(course_page, LESSON_REMOVED, user=user_of(request), data={"lesson": page.slug})


@hooks.register("register_log_actions")
def name_own_log_entries(actions: Any) -> None:
    """What the history of a course shows beside Wagtail's own entries."""
    actions.register_action(LESSON_REMOVED, _("Take a lesson out"), _("Lesson taken out"))


def _reasons_against(request: HttpRequest, page: Page) -> list[str]:
    if isinstance(page, LessonPage):
        return [_("A lesson goes live with its course: publish the course.")]
    if not isinstance(page, CoursePage):
        return []
    try:
        publishing.check(page, by=user_of(request))
    except NotReady as error:
        return error.missing
    return []
