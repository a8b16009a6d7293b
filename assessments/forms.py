"""What learners and assessors send."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.kinds import KINDS
from assessments.kinds.base import Answer
from assessments.kinds.scenarios import MOST_STEPS
from assessments.models import AssessorSheet, AttemptQuestion, Kind, ObservationGuideVersion
from courses.models import CriterionDecision
from lms.core import clock

_LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene of a case as the page shows it; `settled` is the value that stands once the next one is open."""

    number: int
    of: int
    text: str
    field: forms.BoundField
    settled: str
    chosen: str


class StepForm(forms.Form):
    """An answer to one question, as a step of one client."""

    # None is required: whoever posts a bare answer is a client of one step.
    client = forms.CharField(
        required=False, max_length=36, widget=forms.HiddenInput, validators=[RegexValidator(r"^[0-9a-f-]{8,36}$")]
    )
    sequence = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=_LARGEST, required=False, widget=forms.HiddenInput)
    # Sent by the button that opens the next scene of a case.
    opens = forms.IntegerField(min_value=0, max_value=MOST_STEPS, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        question: AttemptQuestion,
        data: Any = None,
        *,
        answer: Answer = None,
        opened: int = 0,
        initial: Any = None,
    ) -> None:
        version = question.question_version
        self.kind, self.shown = KINDS[version.kind], question.shown
        self.is_case = version.kind == Kind.STEPPED_SCENARIO
        self.body, self.stands, self.opened = version.body, answer, opened or 1
        super().__init__(data, initial={**(initial or {}), **self.kind.initial(answer, self.shown)})
        self.answer_fields = self.kind.fields(version.body, self.shown)
        for name, field in self.answer_fields.items():
            # Django's words would repeat whatever was sent, however long.
            field.error_messages["invalid_choice"] = _("Choose one of the answers shown here.")
            field.error_messages["invalid_list"] = _("Choose from the answers shown here.")
            self.fields[name] = field

    def answer(self) -> Answer:
        """The cleaned answer, None where nothing was given."""
        return self.kind.answer(self.cleaned_data, self.shown)

    @property
    def says_more(self) -> bool:
        """Whether there is anything to save: another answer than the one that stands, or a scene to open."""
        return bool(self.answer() != self.stands or self.cleaned_data["opens"] > self.opened)

    def clean_client(self) -> str:
        """The client's name, a new one where it gave none."""
        return self.cleaned_data["client"] or str(uuid4())

    def clean_sequence(self) -> int:
        """The number of the step within its client."""
        return self.cleaned_data["sequence"] or 1

    def clean_opens(self) -> int:
        """The scene to open, 0 for none."""
        return self.cleaned_data["opens"] or 0

    def clean(self) -> dict[str, Any]:
        """Nobody goes on with a case before the open scene is answered."""
        data: dict[str, Any] = super().clean() or {}
        here = f"choice{self.opened - 1}"
        has_chosen = data.get(here) or self.kind.initial(self.stands, self.shown).get(here)
        if data.get("opens") == self.opened + 1 and here in self.answer_fields and not has_chosen:
            self.add_error(here, _("Choose an answer, then go on."))
        return data

    @property
    def shown_fields(self) -> list[Any]:
        """The fields that make up the answer, but for a case: it has scenes."""
        return [] if self.is_case else [self[name] for name in self.answer_fields]

    @property
    def scenes(self) -> list[Scene]:
        """The scenes of a case that are open, the last of them to be answered; none for other questions."""
        if not self.is_case:
            return []
        settled = self.kind.initial(self.stands, self.shown)
        steps = self.body["steps"][: self.opened]
        return [self._scene(place, step, settled.get(f"choice{place}", "")) for place, step in enumerate(steps)]

    @property
    def next_scene(self) -> int:
        """The number of the scene that can be opened next, 0 where there is none."""
        return self.opened + 1 if self.is_case and self.opened < len(self.body["steps"]) else 0

    def _scene(self, place: int, step: dict[str, Any], settled: str) -> Scene:
        name = f"choice{place}"
        words = dict(self.answer_fields[name].choices)  # type: ignore[attr-defined]  # each is a choice
        return Scene(
            number=place + 1,
            of=len(self.body["steps"]),
            text=step.get("scene", ""),
            field=self[name],
            settled=settled if place + 1 < self.opened else "",
            chosen=words.get(settled, ""),
        )


class SheetForm(forms.Form):
    """An assessor's sheet for one person and one criterion."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of evidence"), choices=AssessorSheet.Kind, widget=forms.RadioSelect
    )
    observed_on = forms.DateField(
        label=gettext_lazy("Date"),
        help_text=gettext_lazy("The day on which you saw it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"), help_text=gettext_lazy("The office and the counter or room."), max_length=200
    )
    seen = forms.MultipleChoiceField(
        label=gettext_lazy("What you saw"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid = forms.BooleanField(
        label=gettext_lazy("Valid"), required=False, help_text=gettext_lazy("It shows this criterion, not another one.")
    )
    authentic = forms.BooleanField(
        label=gettext_lazy("Authentic"),
        required=False,
        help_text=gettext_lazy("It is the learner’s own work: you saw it or can tell."),
    )
    current = forms.BooleanField(
        label=gettext_lazy("Current"), required=False, help_text=gettext_lazy("It shows what the learner can do today.")
    )
    sufficient = forms.BooleanField(
        label=gettext_lazy("Sufficient"), required=False, help_text=gettext_lazy("It is enough to be sure.")
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            (outcome.value, outcome.label)
            for outcome in CriterionDecision.Outcome
            if outcome != CriterionDecision.Outcome.RECOGNISED
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=settings.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Facts, and what to do next. The learner reads it. Never write who the customer was. "
            "You must give it unless your decision is competent."
        ),
    )

    def __init__(self, *args: Any, guide: ObservationGuideVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signs = guide.look_for if guide else []
        seen = self.fields["seen"]
        seen.choices = [(str(place), sign) for place, sign in enumerate(signs)]  # type: ignore[attr-defined]
        seen.error_messages["invalid_choice"] = _("Choose from the signs shown here.")
        if not signs:
            del self.fields["seen"]
        self.fields["observed_on"].widget.attrs["max"] = clock.today().isoformat()

    def clean_seen(self) -> list[int]:
        """Places in the guide."""
        return [int(place) for place in self.cleaned_data["seen"]]

    def clean(self) -> dict[str, Any]:
        """A reason for whatever is not competent, and all four ticks for what is."""
        data: dict[str, Any] = super().clean() or {}
        outcome = data.get("outcome")
        is_competent = outcome == CriterionDecision.Outcome.COMPETENT
        if outcome and not is_competent and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why, so that the learner knows what to do next."))
        ticks = ("valid", "authentic", "current", "sufficient")
        missing = [name for name in ticks if not data.get(name)]
        if is_competent and missing:
            self.add_error(missing[0], _("Competent needs all four ticks. Decide otherwise if one is missing."))
        return data
