"""Deleting, unpublishing, moving and copying in Wagtail: refused where something depends on the thing, with what."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.signals import pre_delete
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from courses import dependents, depending
from courses.dependents import DependedOn
from courses.models import CourseIndexPage, CoursePage, Enrolment, LessonPage
from lms.organisation.models import User

Answer = HttpResponse | None


def connect() -> None:
    """Listen where Wagtail has no hook: pictures, files and groups. A refusal there is a page of its own."""
    for model in (get_image_model(), get_document_model(), Group):
        pre_delete.connect(_refuse_quietly_lost, sender=model, dispatch_uid=f"courses.{model._meta.label}.deleted")


def before_delete_page(request: HttpRequest, page: Page) -> Answer:
    """Hook: a page and all below it."""
    reasons = _reasons(request, page.specific)
    if reasons:
        return _back(request, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    if isinstance(page.specific, LessonPage) and request.method == "GET":
        messages.info(request, _what_goes_with(page.specific))
    return None


def before_delete_snippet(request: HttpRequest, instances: Iterable[models.Model]) -> Answer:
    """Hook: one or many, all or none."""
    return _refuse_any(request, instances)


def before_delete_user(request: HttpRequest, thing: Any) -> Answer:
    """Hook: one user, or several."""
    return _refuse_any(request, [thing] if isinstance(thing, User) else thing)


def before_bulk(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> Answer:
    """Hook: deletes all or none; moves lessons within their course alone; unpublishes courses one at a time."""
    things = [thing.specific if isinstance(thing, Page) else thing for thing in objects]
    if action_type == "delete":
        return _refuse_any(request, things)
    if action_type == "move":
        return _refuse_moves(request, things)
    if action_type == "unpublish":
        return _refuse_unpublishing(request, things)
    return None


def before_copy(request: HttpRequest, page: Page) -> Answer:
    """Hook: a course has one draft in each language."""
    if not isinstance(page.specific, (CoursePage, CourseIndexPage)):
        return None
    messages.error(request, _("A course is not copied, since its code stands for it. Make a new course."))
    return redirect("wagtailadmin_pages:edit", page.pk)


def before_move(request: HttpRequest, page: Page, destination: Page) -> Answer:
    """Hook: a lesson stays in its course, where people who finished it are known by its key."""
    if not isinstance(page.specific, LessonPage) or page.get_parent().pk == destination.pk:
        return None
    return _refuse_moves(request, [page.specific])


def before_unpublish(request: HttpRequest, page: Page) -> Answer:
    """Hook: a lesson goes with its course; a course is offered no more, and whoever is under way goes on."""
    page = page.specific
    if isinstance(page, (LessonPage, CourseIndexPage)):
        return _refuse_unpublishing(request, [page])
    if isinstance(page, CoursePage):
        messages.info(request, what_unpublishing_means(page))
    return None


def what_unpublishing_means(page: CoursePage) -> str:
    """What becomes of the people who depend on a course that is unpublished."""
    people = Enrolment.objects.under_way().filter(course_version__course=page.course).values("person").distinct()
    count = people.count()
    go_on = (
        ngettext("%s person is under way and goes on.", "%s people are under way and go on.", count) % count
        if count
        else _("Nobody is under way.")
    )
    return _("Nobody can begin the course until it is published again. Results stay.") + " " + go_on


def _refuse_any(request: HttpRequest, things: Iterable[Any]) -> Answer:
    listed = list(things)
    refused = [thing for thing in listed if _reasons(request, thing)]
    if not refused:
        return None
    if len(listed) > 1:
        messages.info(request, _("None of them was deleted. Leave these out and try again."))
    return _back(request, _list_of(refused[0]))


def _reasons(request: HttpRequest, thing: models.Model) -> list[str]:
    try:
        dependents.refuse(thing)
    except DependedOn as error:
        messages.error(request, str(error))
        return error.reasons
    if not isinstance(thing, Page):
        return []
    below = thing.get_children().specific()
    return [reason for child in below for reason in _reasons(request, child)]


def _refuse_moves(request: HttpRequest, things: list[Any]) -> Answer:
    ours = [thing for thing in things if isinstance(thing, (CourseIndexPage, CoursePage, LessonPage))]
    if not ours:
        return None
    messages.error(
        request,
        _(
            "Courses and lessons stay where they are: records name them by their place. Copy a lesson into another course."
        ),
    )
    return redirect("wagtailadmin_explore", ours[0].get_parent().pk)


def _refuse_unpublishing(request: HttpRequest, things: list[Any]) -> Answer:
    for thing in things:
        if isinstance(thing, LessonPage):
            messages.error(request, _("A lesson goes with its course: delete it here and publish the course."))
        elif isinstance(thing, CourseIndexPage):
            messages.error(request, _("The list of courses stays. Unpublish a course instead."))
        elif isinstance(thing, CoursePage):
            messages.error(request, _("Unpublish courses one at a time. %s") % what_unpublishing_means(thing))
        else:
            continue
        return redirect("wagtailadmin_pages:edit", thing.pk)
    return None


def _what_goes_with(lesson: LessonPage) -> str:
    under_way = depending.on_course(lesson.course)
    stays = _("Published versions keep this lesson: it leaves the course with its next publication.")
    return " ".join([stays, *under_way])


def _list_of(thing: models.Model) -> str:
    if isinstance(thing, Page):
        return reverse("wagtailadmin_explore", args=[thing.get_parent().pk])
    if isinstance(thing, User):
        return reverse("wagtailusers_users:index")
    viewset = getattr(thing, "snippet_viewset", None)
    return reverse(viewset.get_url_name("list")) if viewset else reverse("wagtailadmin_home")


def _back(request: HttpRequest, url: str) -> HttpResponse:
    messages.info(request, _("Nothing was changed and nothing was lost."))
    return redirect(url)


def _refuse_quietly_lost(sender: object, instance: models.Model, **kwargs: Any) -> None:
    dependents.refuse(instance)
