"""What authors type in the editor: the parts of a question as YAML, as in a content pack, checked line by line."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from assessments import drawing, formats
from assessments.models import Kind, Misconduct, PaperDraw
from courses.curriculum import yaml_lines
from courses.curriculum.formats import JURISDICTION
from courses.curriculum.problems import PackError, Problem, Spot
from courses.curriculum.schema import Field
from courses.models import Criterion

_LIMIT = 20_000


def read(text: str, shape: Field) -> tuple[Any, Any, Spot]:
    """YAML text as plain content of a shape, as parsed, and a spot with what is wrong. Raises ValidationError."""
    try:
        raw = yaml_lines.parse(text, "")
    except PackError as error:
        raise ValidationError(_lines(error.problems)) from error
    spot = Spot("")
    content = shape.clean(raw, spot)
    if spot.problems:
        raise ValidationError(_lines(spot.problems))
    return content, raw, spot


def _lines(problems: list[Problem]) -> list[str]:
    return [_("Line %(line)s: %(reason)s") % {"line": item.line, "reason": item.reason} for item in problems]


class QuestionForm(WagtailAdminModelForm):
    """A question whose parts are written as in a content pack."""

    body_text = forms.CharField(
        label=gettext_lazy("Options, reasons, steps or pairs"),
        max_length=_LIMIT,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "As in a content pack. Choice: “options:” with “- text: …”, “right: true”, “feedback: …”, "
            "“critical_error: true”. True or false: “answer: false” and “reasons:” with “- text: …”, “supports: false”, "
            "“right: true”. Ordering: “steps:” with “- …” in the right order. Matching: “pairs:” with “- left: …”, "
            "“right: …”, and “distractors:”. Stepped scenario: “steps:”, each with “scene: …” (optional in the first), "
            "“question: …” and “options:” with a “feedback:” each."
        ),
    )
    misconduct = forms.MultipleChoiceField(
        label=gettext_lazy("Misconduct"), required=False, choices=Misconduct, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.body:
            self.fields["body_text"].initial = yaml_lines.write(self.instance.body)

    def clean_jurisdiction(self) -> str:
        """A country's code, or all."""
        spot = Spot("")
        code = str(JURISDICTION.clean(self.cleaned_data["jurisdiction"].strip(), spot))
        if spot.problems:
            raise ValidationError([problem.reason for problem in spot.problems])
        return code

    def clean(self) -> dict[str, Any]:
        """The parts fit the kind, and one of them is right."""
        data: dict[str, Any] = super().clean()
        kind, text = data.get("kind"), data.get("body_text")
        if kind and text:
            try:
                self.instance.body = self._body(kind, text)
            except ValidationError as error:
                self.add_error("body_text", error)
        return data

    def _body(self, kind: str, text: str) -> dict[str, Any]:
        content, raw, spot = read(text, formats.BODIES[Kind(kind)])
        body = formats.body_of(content, kind)
        formats.check_body(kind, body, raw, spot)
        if spot.problems:
            raise ValidationError(_lines(spot.problems))
        return body


class PaperForm(WagtailAdminModelForm):
    """A paper with its draws, a line each."""

    draws_text = forms.CharField(
        label=gettext_lazy("Questions drawn for each criterion"),
        max_length=_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One line for each criterion, such as “U5.C4: 6”. Where some must be of one kind: “U4.C5: 5, at least "
            "2 stepped_scenario”."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            draws = self.instance.draws.select_related("criterion")
            self.fields["draws_text"].initial = "\n".join(map(_as_line, draws))

    def clean_draws_text(self) -> list[PaperDraw]:
        """Known criteria with numbers, and kinds where they are named."""
        lines = [line for line in self.cleaned_data["draws_text"].splitlines() if line.strip()]
        codes = [line.partition(":")[0].strip() for line in lines]
        criteria = {row.code: row for row in Criterion.objects.filter(code__in=codes)}
        draws = [_draw(line, criteria, place) for place, line in enumerate(lines)]
        if len(set(codes)) < len(codes):
            raise ValidationError(_("A criterion stands there twice."))
        return draws

    def save(self, commit: bool = True) -> Any:
        """The paper, then its draws."""
        paper = super().save(commit)
        if commit:
            paper.draws.all().delete()
            for draw in self.cleaned_data["draws_text"]:
                draw.paper = paper
            PaperDraw.objects.bulk_create(self.cleaned_data["draws_text"])
        return paper


def _as_line(draw: PaperDraw) -> str:
    kinds = [f"at least {number} {kind}" for kind, number in sorted(draw.at_least.items())]
    return ", ".join([f"{draw.criterion.code}: {draw.questions}", *kinds])


def _draw(line: str, criteria: dict[str, Criterion], place: int) -> PaperDraw:
    code, _colon, terms = (part.strip() for part in line.partition(":"))
    number, *kinds = (part.strip() for part in terms.split(","))
    if code not in criteria:
        raise ValidationError(_("The criterion “%s” is not known.") % code[:40])
    if not number.isdecimal() or not 1 <= len(number) <= 3 or int(number) == 0:
        raise ValidationError(_("Write a number after “%s:”.") % code)
    at_least = dict(_kind(part) for part in kinds)
    if not drawing.holds(int(number), at_least):
        raise ValidationError(_("“%s” asks for more questions of some kinds than it draws.") % code)
    return PaperDraw(criterion=criteria[code], questions=int(number), at_least=at_least, position=place)


def _kind(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"at least ([1-9]\d?) (\w+)", text)
    if match is None or match[2] not in Kind:
        names = {"text": text[:40], "kinds": ", ".join(Kind.values)}
        raise ValidationError(_("“%(text)s” is not understood. Write “at least 2” and one of: %(kinds)s.") % names)
    return match[2], int(match[1])


class GuideForm(WagtailAdminModelForm):
    """An observation guide with its signs, a line each."""

    signs_text = forms.CharField(
        label=gettext_lazy("What to look for"),
        max_length=_LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("One sign that can be seen on each line."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signs_text"].initial = "\n".join(self.instance.look_for)

    def clean_signs_text(self) -> str:
        """At least one sign."""
        signs = [line.strip() for line in self.cleaned_data["signs_text"].splitlines() if line.strip()]
        if not signs:
            raise ValidationError(_("Name at least one sign."))
        self.instance.look_for = signs
        return "\n".join(signs)
