"""True or false, with the reason for it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.kinds import shape
from assessments.kinds.base import Answer, Body, Given, Score

_REASON = {"text", "supports", "right", "feedback", "critical_error"}


class TrueFalseReason:
    """An answer is {"answer": true, false or null, "reason": place or null}."""

    def errors(self, body: Body) -> shape.Errors:
        """See QuestionKind."""
        reasons, found = shape.items(body, "reasons")
        found = shape.unknown_keys(body, {"answer", "reasons"}) + found + shape.texts(reasons, "reasons")
        if found:
            return found
        if not isinstance(body.get("answer"), bool):
            found.append(("answer", _("Say whether the statement is true or false.")))
        missing = [place for place, reason in enumerate(reasons) if "supports" not in reason]
        found += [(f"reasons[{place}].supports", _("Say which answer it supports.")) for place in missing]
        found += shape.flags(reasons, "reasons", _REASON, yes_no=("supports", "right", "critical_error"))
        return found or self._wrong_rights(body, reasons) + shape.right_and_critical(reasons, "reasons")

    def shuffled(self, body: Body) -> int:
        """See QuestionKind."""
        return len(body["reasons"])

    def fields(self, body: Body, shown: Sequence[int]) -> dict[str, forms.Field]:
        """See QuestionKind."""
        answer = forms.ChoiceField(
            label=_("Is this true or false?"),
            required=False,
            choices=[("true", _("True")), ("false", _("False"))],
            widget=forms.RadioSelect,
        )
        reasons = [(str(place), body["reasons"][original]["text"]) for place, original in enumerate(shown)]
        reason = forms.ChoiceField(
            label=_("What is the reason?"), required=False, choices=reasons, widget=forms.RadioSelect
        )
        return {"answer": answer, "reason": reason}

    def answer(self, cleaned: dict[str, Any], shown: Sequence[int]) -> Answer:
        """See QuestionKind."""
        chosen = {"true": True, "false": False}.get(cleaned.get("answer") or "")
        reason = shown[int(cleaned["reason"])] if cleaned.get("reason") else None
        return None if chosen is None and reason is None else {"answer": chosen, "reason": reason}

    def initial(self, answer: Answer, shown: Sequence[int]) -> dict[str, Any]:
        """See QuestionKind."""
        if not answer:
            return {}
        reason = answer["reason"]
        return {
            "answer": {True: "true", False: "false", None: ""}[answer["answer"]],
            "reason": "" if reason is None else str(shown.index(reason)),
        }

    def is_complete(self, body: Body, answer: Answer) -> bool:
        """See QuestionKind."""
        return bool(answer) and answer["answer"] is not None and answer["reason"] is not None

    def score(self, body: Body, answer: Answer) -> Score:
        """See QuestionKind."""
        reason = _reason(body, answer)
        fraction = scoring.true_false_reason(
            answer=body["answer"],
            chosen=answer["answer"] if answer else None,
            reason_is_right=bool(reason.get("right")),
            reason_supports=reason.get("supports"),
        )
        return Score(fraction, bool(reason.get("critical_error")))

    def explain(self, body: Body, answer: Answer) -> list[Given]:
        """One line for the answer, one for the reason."""
        chosen = answer["answer"] if answer else None
        reason = _reason(body, answer)
        right = next(item for item in body["reasons"] if item.get("right"))
        words = {True: _("True"), False: _("False"), None: ""}
        return [
            Given(_("Answer"), words[chosen], words[body["answer"]], chosen == body["answer"]),
            Given(
                _("Reason"),
                reason.get("text", ""),
                right["text"],
                bool(reason.get("right")),
                reason.get("feedback", ""),
            ),
        ]

    def _wrong_rights(self, body: Body, reasons: list[Any]) -> shape.Errors:
        right = [reason for reason in reasons if reason.get("right")]
        if len(right) != 1:
            return [("reasons", _("Mark exactly one reason as right: true."))]
        if right[0]["supports"] != body["answer"]:
            return [("reasons", _("The right reason must support the right answer."))]
        return []


def _reason(body: Body, answer: Answer) -> dict[str, Any]:
    if not answer or answer["reason"] is None:
        return {}
    return dict(body["reasons"][answer["reason"]])
