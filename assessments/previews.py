"""A draft question as a learner would see it, for the editor's preview. Nothing in it can be answered."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.kinds import KINDS
from assessments.models.choices import Kind

if TYPE_CHECKING:
    from assessments.models import Question


class _Shown(forms.Form):
    """The question's own fields, in the order in which its author wrote them."""

    def __init__(self, draft: Question) -> None:
        super().__init__()
        kind = KINDS[draft.kind]
        self.fields.update(kind.fields(draft.body, range(kind.shuffled(draft.body))))
        steps = draft.body["steps"] if draft.kind == Kind.STEPPED_SCENARIO else []
        self.scenes = [step.get("scene", "") for step in steps]

    def parts(self) -> list[tuple[str, forms.BoundField]]:
        """Each field with the scene that comes before it, where the question is a case."""
        return list(zip(self.scenes or repeat(""), self, strict=False))


def question(request: HttpRequest, draft: Question) -> HttpResponse:
    """The question, its options as written, and the feedback that everybody gets afterwards."""
    form = _Shown(draft) if draft.kind and draft.body else None
    return render(request, "assessments/preview.html", {"question": draft, "form": form})
