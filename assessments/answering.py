"""Answering: each saved answer is a step, appended and receipted. A reload, a retry or a second tab loses nothing.

Before: starting. After: submitting.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.kinds.base import Answer
from assessments.kinds.scenarios import Told
from assessments.models import AnswerStep, Attempt, AttemptQuestion, Kind, Submission
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused

# A device that sends on and on after the deadline fills no disk.
LATE_STEPS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server says once a step is safe. It names the step."""

    client: str
    sequence: int
    clock: int
    saved_at: datetime
    is_late: bool

    @property
    def time(self) -> str:
        """The time of saving as shown."""
        return time_of_day(self.saved_at)

    def as_json(self) -> dict[str, Any]:
        """For the page's script."""
        return {"client": self.client, "sequence": self.sequence, "clock": self.clock, "time": self.time}


class TooLate(Refused):
    """The time was over. `receipt` names the step that was kept, if it was."""

    def __init__(self, text: str, receipt: Receipt | None) -> None:
        super().__init__(text)
        self.receipt = receipt


class Settled(Refused):
    """The answer to a scene that the learner has left behind: the next one was shown, so the first choice stands."""


def save(
    question: AttemptQuestion,
    answer: Answer,
    *,
    client: str,
    sequence: int,
    by: Actor,
    seen: int | None = None,
    opens: int = 0,
) -> Receipt:
    """Append a step and return its receipt once it is committed; the same step again gives the same receipt.

    `seen` is the highest clock that the client knew when it made a step that it now sends again; without it the
    server's highest counts. The same client and sequence with another answer is another step and gets the next free
    sequence: a copied tab loses nothing. `opens` is the number of the scene of a case that is to open with it.

    Raises TooLate after the deadline (the step is kept and does not count), Settled for another answer to a scene
    that was left behind, Refused once the paper is handed in.
    """
    step = _append(question, answer, client=client, sequence=sequence, by=by, seen=seen, opens=opens)
    receipt = Receipt(step.client, step.sequence, step.clock, step.recorded_at, step.is_late)
    if step.is_late:
        raise TooLate(_too_late(question.attempt, step.recorded_at), receipt)
    return receipt


def standing(attempt: Attempt) -> dict[int, AnswerStep]:
    """The step that stands for each question, by the question's id: the last in `order` of those in time."""
    steps = sorted(attempt.steps.filter(is_late=False), key=lambda step: step.order)
    return {step.question_id: step for step in steps}


def time_of_day(moment: datetime) -> str:
    """An instant as a time of day in the site's zone, to the second."""
    return date_format(timezone.localtime(moment), "H:i:s")


@transaction.atomic
def _append(
    question: AttemptQuestion,
    answer: Answer,
    *,
    client: str,
    sequence: int,
    by: Actor,
    seen: int | None,
    opens: int,
) -> AnswerStep:
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("submission").get(pk=question.attempt_id)
    sent_before = attempt.steps.filter(client=client, sequence=sequence).first()
    if sent_before is not None:
        is_same = sent_before.question_id == question.pk and sent_before.answer == answer
        if is_same and opens <= sent_before.opened:
            return sent_before
        sequence = _highest(attempt, "sequence", client=client) + 1
    now = clock.now()
    is_late = attempt.is_over_at(now)
    _refuse_when_closed(attempt, is_late=is_late)
    answer, opened = _told(attempt, question, answer, opens=0 if is_late else opens)
    highest = _highest(attempt, "clock")
    return AnswerStep.objects.create(
        attempt=attempt,
        question=question,
        client=client,
        sequence=sequence,
        clock=(highest if seen is None else min(max(seen, 0), highest)) + 1,
        answer=answer,
        opened=opened,
        on=now,
        recorded_at=now,
        is_late=is_late,
        **columns(by),
    )


def _told(attempt: Attempt, question: AttemptQuestion, given: Answer, *, opens: int) -> tuple[Answer, int]:
    """The answer to keep and how many scenes are open after it. Only a case has scenes; it is told once."""
    version = question.question_version
    if version.kind != Kind.STEPPED_SCENARIO:
        return given, 0
    # Under the attempt's lock: of two tabs that go on at once, the second finds what the first has settled.
    steps = attempt.steps.filter(question=question, is_late=False)
    last = max(steps, key=lambda step: step.order, default=None)
    told = Told(last.answer, last.opened) if last else Told()
    if told.contradicted_by(given):
        raise Settled(
            _("You have gone on from this scene, so your first answer to it stands. Nothing else was changed.")
        )
    told = told.with_choices(given, opens=opens, steps=len(version.body["steps"]))
    return told.choices, told.opened


def _highest(attempt: Attempt, column: str, **of: object) -> int:
    return attempt.steps.filter(**of).aggregate(highest=Max(column))["highest"] or 0


def _refuse_when_closed(attempt: Attempt, *, is_late: bool) -> None:
    handed_in = attempt.handed_in
    if handed_in is not None and handed_in.how == Submission.How.BY_LEARNER:
        raise Refused(
            _("You handed this paper in at %(time)s, so it takes no more answers. What you had saved counts.")
            % {"time": time_of_day(handed_in.on)}
        )
    if is_late and attempt.steps.filter(is_late=True).count() >= LATE_STEPS_KEPT:
        raise Refused(_("The time for this paper is over."))


def _too_late(attempt: Attempt, received_at: datetime) -> str:
    return _(
        "The time was over at %(deadline)s and this answer arrived at %(received)s. It is kept and marked as late; "
        "what you had saved before counts."
    ) % {"deadline": time_of_day(attempt.deadline_at or received_at), "received": time_of_day(received_at)}
