"""The two steps of the workflow of courses: support, then approve. Who may, is decided in the steps' own modules."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, TaskState

from courses import publishing, supporting
from courses.models.pages import CoursePage
from lms.core.actors import Actor


class ApprovalForm(TaskStateCommentForm):
    """Asked of the approver: wording or meaning?"""

    change = forms.ChoiceField(
        label=gettext_lazy("What did this change?"), choices=CoursePage.Change, widget=forms.RadioSelect
    )
    what_changed = forms.CharField(
        label=gettext_lazy("What changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "For a change of meaning: what those who hold it should know. Empty: what the author wrote."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It opens above the editor, whose own fields have these names: a label has to find the field beside it.
        super().__init__(*args, **{"auto_id": "approval_%s", **kwargs})


class CourseTask(AbstractGroupApprovalTask):
    """A step of a course's workflow, taken by members of groups. Each kind says what it refuses and what it writes.

    Both raise here instead of being abstract: the metaclass of Django's models leaves no room for ABCMeta.
    """

    class Meta:
        abstract = True

    def refuse(self, page: CoursePage, user: Actor, answer: dict[str, Any]) -> None:
        """Raise Refused where `user` may not take the step on this draft."""
        raise NotImplementedError

    def take(self, page: CoursePage, user: Actor, answer: dict[str, Any]) -> None:
        """What the step writes beside the workflow's own rows."""
        raise NotImplementedError

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **answer: Any) -> Any:
        """Take the step, or request changes. Raises Refused with the reason, and then nothing changed."""
        if action_name == "approve":
            self.refuse(draft_of(task_state), user, answer)
            self.take(draft_of(task_state), user, answer)
            # The state in hand knows the page from before.
            task_state = TaskState.objects.get(pk=task_state.pk)
        comment = {"comment": answer["comment"]} if "comment" in answer else {}
        return super().on_action(task_state, user, action_name, **comment)


class SupportTask(CourseTask):
    """A second person reads the draft and stands by it."""

    class Meta:
        verbose_name = gettext_lazy("support of a course")
        verbose_name_plural = gettext_lazy("supports of courses")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Request changes, or support."""
        if not super().get_actions(obj, user):
            return []
        return [("reject", _("Request changes"), True), ("approve", _("Support with comment"), True)] + [
            ("approve", _("Support"), False)
        ]

    def refuse(self, page: CoursePage, user: Actor, answer: dict[str, Any]) -> None:
        """Whoever edited it does not support it."""
        supporting.refuse_editor(page, by=user)

    def take(self, page: CoursePage, user: Actor, answer: dict[str, Any]) -> None:
        """Name the supporter."""
        supporting.support(page, by=user, comment=answer.get("comment", ""))

    @classmethod
    def get_description(cls) -> str:
        """For whoever arranges workflows."""
        return _("Members of the groups read the course’s draft and stand by it; who edited it may not")


class ApprovalTask(CourseTask):
    """Somebody who neither wrote nor supported the draft publishes it."""

    class Meta:
        verbose_name = gettext_lazy("approval of a course")
        verbose_name_plural = gettext_lazy("approvals of courses")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Request changes, or approve and say what kind of change it is."""
        if not super().get_actions(obj, user):
            return []
        return [("reject", _("Request changes"), True), ("approve", _("Approve"), True)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """Approving asks for wording or meaning."""
        return ApprovalForm if action == "approve" else TaskStateCommentForm

    def refuse(self, page: CoursePage, user: Actor, answer: dict[str, Any]) -> None:
        """It was supported as it stands, and the one gate lets this user publish it."""
        supporting.refuse_unsupported(page)
        publishing.check(
            publishing.answered(page, change=_text(answer, "change"), what_changed=_text(answer, "what_changed")),
            by=user,
        )

    def take(self, page: CoursePage, user: Actor, answer: dict[str, Any]) -> None:
        """Write the answer on the draft, which the workflow's end publishes."""
        publishing.keep_answer(
            page, by=user, change=_text(answer, "change"), what_changed=_text(answer, "what_changed")
        )

    @classmethod
    def get_description(cls) -> str:
        """For whoever arranges workflows."""
        return _("Members of the groups publish the course; who edited or supported it may not")


def draft_of(task_state: TaskState) -> CoursePage:
    """The newest draft of the page that a task is about."""
    draft: CoursePage = task_state.workflow_state.content_object.specific.get_latest_revision_as_object()
    return draft


def _text(answer: dict[str, Any], name: str) -> str:
    return str(answer.get(name, ""))
