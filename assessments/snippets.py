"""Questions, papers and observation guides in Wagtail, for authors and approvers.

What is edited here is a draft: learners meet it once the course is published, by somebody who did not edit it.
"""

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from assessments.editing import GuideForm, PaperForm, QuestionForm
from assessments.models import ObservationGuide, Paper, Question


def _panels(*names: str) -> list[FieldPanel]:
    return [FieldPanel(name) for name in names]


def _code() -> FieldPanel:
    """Codes stay as typed: Wagtail’s own field for such would make `CCF-1-P1` small."""
    return FieldPanel("code", widget=forms.TextInput)


class Questions(SnippetViewSet):
    """The item bank."""

    model = Question
    icon = "help"
    menu_label = gettext_lazy("Questions")
    list_display = ["code", "course", "criterion", "kind", "difficulty", "retired_on"]
    list_filter = ["course", "criterion", "kind", "difficulty", "jurisdiction"]
    search_fields = ["code", "stem"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            _code(),
            *_panels("course", "criterion", "kind", "stem", "body_text", "feedback", "points"),
            *_panels("difficulty", "jurisdiction", "instruments", "misconduct", "retired_on"),
        ],
        base_form_class=QuestionForm,
    )


class Papers(SnippetViewSet):
    """One paper for each course."""

    model = Paper
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Papers")
    list_display = ["code", "title", "course", "minutes", "tries"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            *_panels("course"),
            _code(),
            *_panels("title", "introduction", "minutes", "planned_minutes"),
            *_panels("cooling_off_working_days", "tries", "draws_text"),
        ],
        base_form_class=PaperForm,
    )


class Guides(SnippetViewSet):
    """What assessors look for."""

    model = ObservationGuide
    icon = "view"
    menu_label = gettext_lazy("Observation guides")
    list_display = ["course", "criterion", "planned_minutes"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        _panels("course", "criterion", "planned_minutes", "guide", "signs_text"), base_form_class=GuideForm
    )


class AssessmentGroup(SnippetViewSetGroup):
    """Their place in the menu."""

    items = (Questions, Papers, Guides)
    menu_label = gettext_lazy("Assessment")
    menu_icon = "tasks"
    menu_order = 210
