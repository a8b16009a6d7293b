"""Publishing in Wagtail's editor: the one gate's answers as messages, and the question *wording or meaning?*."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from courses import editors, publishing, supporting
from courses.missing import as_list
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.workflow import CourseTask
from courses.readiness import NotReady
from lms.core.errors import Refused
from lms.core.gates import declare
from lms.organisation.access import user_of
from lms.organisation.models import User

_LESSON = gettext_lazy("A lesson goes live with its course: publish the course.")
_WITH_ITS_COURSE = {"action-publish", "action-unpublish", "action-submit", "action-restart-workflow"}


class AnswerForm(forms.Form):
    """What whoever publishes has to say of the change."""

    change = forms.ChoiceField(
        label=gettext_lazy("What did this change?"), choices=CoursePage.Change, widget=forms.RadioSelect
    )
    what_changed = forms.CharField(
        label=gettext_lazy("What changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For a change of meaning: what those who hold it should know."),
    )

    changes_must_be_read = forms.BooleanField(
        label=gettext_lazy("Whoever holds it must read what changed"),
        required=False,
        initial=True,
        help_text=gettext_lazy("For a change of meaning. Who does not read it in time is not in date until they do."),
    )
    changes_due_days = forms.IntegerField(
        label=gettext_lazy("Days to read it in"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=gettext_lazy("Empty: as many as the house gives."),
    )

    def clean(self) -> dict[str, Any]:
        """A change of meaning says what changed."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("change") == CoursePage.Change.MEANING and not data.get("what_changed"):
            self.add_error("what_changed", _("A change of meaning needs a sentence that says what changed."))
        return data


def before_publish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Hook: say what is missing, else ask for wording or meaning. The gate itself stands in the model."""
    if isinstance(page, LessonPage):
        return _refused(request, page, [str(_LESSON)])
    if not isinstance(page, CoursePage):
        return None
    if publishing.needs_answer(page):
        return redirect("courses_publish", page.pk)
    reasons = _reasons_against(page, user_of(request))
    return _refused(request, page, reasons) if reasons else None


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page between the button and the publication: who wrote and supported it, and wording or meaning?"""
    page = get_object_or_404(CoursePage, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    # What was said of the last publication says nothing of this one.
    names = ("change", "what_changed", "changes_must_be_read", "changes_due_days")
    said = {name: getattr(draft, name) for name in names} if page.has_unpublished_changes else {}
    form = AnswerForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        return _publish(request, page, form.cleaned_data)
    reasons = _reasons_against(publishing.answered(draft, change="wording", what_changed=""), user_of(request))
    wrote = User.objects.filter(pk__in=editors.of(draft)).order_by("pk")
    context = {"page": page, "form": form, "support": supporting.standing(draft), "editors": wrote, "reasons": reasons}
    return render(request, "courses/admin/publish.html", context)


declare(publish, "may publish this page, as Wagtail says")


def _publish(request: HttpRequest, page: CoursePage, answer: dict[str, Any]) -> HttpResponse:
    try:
        reading = publishing.ChangesReading(answer.pop("changes_must_be_read"), answer.pop("changes_due_days"))
        version = publishing.publish(page, by=user_of(request), reading=reading, **answer)
    except NotReady as error:
        return _refused(request, page, error.missing)
    except Refused as error:
        return _refused(request, page, [str(error)])
    words = {"version": version, "edition": version.edition}
    messages.success(request, _("Published: %(version)s, edition %(edition)s.") % words)
    return redirect("wagtailadmin_pages:edit", page.pk)


def before_edit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Hook: a step of the workflow that this user may not take is refused with its reason beside the draft."""
    task = page.current_workflow_task if isinstance(page, CoursePage) else None
    if request.method != "POST" or "action-workflow-action" not in request.POST or not isinstance(task, CourseTask):
        return None
    if request.POST.get("workflow-action-name") != "approve":
        return None
    try:
        answer = json.loads(request.POST.get("workflow-action-extra-data") or "{}")
        task.refuse(page.get_latest_revision_as_object(), user_of(request), answer)
    except NotReady as error:
        return _refused(request, page, error.missing)
    except Refused as error:
        return _refused(request, page, [str(error)])
    return None


def before_bulk(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> HttpResponse | None:
    """Hook: courses are published one at a time, since each publication says what it changed."""
    pages = [thing.specific for thing in objects if isinstance(thing, Page)]
    ours = [page for page in pages if isinstance(page, (CourseIndexPage, CoursePage, LessonPage))]
    if action_type != "publish" or not ours:
        return None
    for page in ours:
        for reason in _reasons_in_bulk(page, user_of(request)):
            messages.error(request, f"{page.get_admin_display_title()}: {reason}")
    messages.info(request, _("Nothing was published."))
    return redirect("wagtailadmin_explore", ours[0].get_parent().pk)


def before_create(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    """Hook: a new lesson is saved as a draft, whichever button was pressed."""
    if page_class is LessonPage and request.method == "POST" and _WITH_ITS_COURSE & request.POST.keys():
        form = request.POST.copy()
        for name in _WITH_ITS_COURSE:
            form.pop(name, None)
        request.POST = form  # type: ignore[assignment]  # a copy serves as well
        messages.info(request, _LESSON)


def action_menu(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Hook: a lesson offers no way to go live by itself."""
    page, parent = context.get("page"), context.get("parent_page")
    if isinstance(page, LessonPage) or (context.get("view") == "create" and isinstance(parent, CoursePage)):
        items[:] = [item for item in items if item.name not in _WITH_ITS_COURSE]


def _reasons_against(page: CoursePage, by: User) -> list[str]:
    try:
        publishing.check(page, by=by)
    except NotReady as error:
        return error.missing
    return []


def _reasons_in_bulk(page: Page, by: User) -> list[str]:
    if isinstance(page, LessonPage):
        return [str(_LESSON)]
    one_by_one = _("Open the course and press Publish: you are asked whether wording or meaning changed.")
    if isinstance(page, CourseIndexPage):
        return [one_by_one]
    return [*_reasons_against(page.get_latest_revision_as_object(), by), one_by_one]


def _refused(request: HttpRequest, page: Page, reasons: list[str]) -> HttpResponse:
    messages.error(
        request, reasons[0] if len(reasons) == 1 and not getattr(reasons[0], "url", "") else as_list(reasons)
    )
    messages.info(request, _("Your draft is saved; nothing was published."))
    return redirect("wagtailadmin_pages:edit", page.pk)
