"""A draft question as a learner would see it, for the editor's preview. Nothing in it can be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.kinds import KINDS

if TYPE_CHECKING:
    from assessments.models import Question


class _Shown(forms.Form):
    """The question's own fields, in the order in which its author wrote them."""

    def __init__(self, draft: Question) -> None:
        super().__init__()
        kind = KINDS[draft.kind]
        self.fields.update(kind.fields(draft.body, range(kind.shuffled(draft.body))))


def question(request: HttpRequest, draft: Question) -> HttpResponse:
    """The question, its options as written, and the feedback that everybody gets afterwards."""
    form = _Shown(draft) if draft.kind and draft.body else None
    return render(request, "assessments/preview.html", {"question": draft, "form": form})
