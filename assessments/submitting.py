"""Handing a paper in: once, by the learner or when its time is over. What was saved counts.

Before: answering. After: marking, in the same transaction.
"""

from django.db import transaction

from assessments import marking
from assessments.ending import end_if_hopeless
from assessments.models import Attempt, Submission
from lms.core import clock
from lms.core.actors import Actor, MachineRule, columns

DEADLINE_RULE = MachineRule("time limit of the paper")


@transaction.atomic
def submit(attempt: Attempt, *, by: Actor) -> Submission:
    """Hand the attempt in and mark it. Harmless the second time. After the deadline it counts as handed in then."""
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    made = Submission.objects.filter(attempt=attempt).first()
    if made is not None:
        return made
    now = clock.now()
    is_over = attempt.is_over_at(now)
    made = Submission.objects.create(
        attempt=attempt,
        how=Submission.How.AT_DEADLINE if is_over else Submission.How.BY_LEARNER,
        on=(attempt.deadline_at or now) if is_over else now,
        **columns(DEADLINE_RULE if is_over else by),
    )
    marking.mark(made)
    end_if_hopeless(attempt)
    return made


def submit_overdue() -> int:
    """Hand in every attempt whose time is over. Returns how many. Harmless the second time."""
    overdue = list(Attempt.objects.overdue(clock.now()).order_by("deadline_at")[:1000])
    for attempt in overdue:
        submit(attempt, by=DEADLINE_RULE)
    return len(overdue)


def settle_if_over(attempt: Attempt) -> Attempt:
    """On the next look at an attempt whose time is over: hand it in now, whether or not beat came by."""
    if attempt.handed_in is None and attempt.is_over_at(clock.now()):
        attempt.submission = submit(attempt, by=DEADLINE_RULE)
    return attempt
