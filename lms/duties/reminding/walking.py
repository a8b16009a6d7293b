"""Walking through everybody about whom something may have to be said on a day, in pieces.

Before: `planning` says what of one duty. After: `sending`. Each piece is one transaction that holds the day's row: a
walk that is killed goes on from its last piece, and two at once take turns. The log keeps everything to once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from lms.core import clock
from lms.core.actors import MachineRule, columns
from lms.duties import upkeep
from lms.duties.duties import Duty, duties_of_people
from lms.duties.models import (
    Channel,
    DutySpan,
    DutyTarget,
    Moment,
    Reminder,
    ReminderMessage,
    ReminderWalk,
    SpanState,
    Told,
    WaitingMail,
)
from lms.duties.reminder_plan import Recipient
from lms.duties.reminding.planning import NEWS_DAYS, Key, Occasion, Today, to_say
from lms.duties.reminding.surroundings import Surroundings, addresses, units_of

BY = MachineRule("reminders are planned")
_AT_A_TIME = 300
# Reminders move with the working days of an office; closed for longer, it is reached when it opens all the same, since
# who is overdue and was never told is always looked at.
_SLACK = timedelta(days=14)

# Per person, target, part and recipient: what was said.
_Said = Mapping[tuple[int, str, str, int], set[Key]]


class Planned(NamedTuple):
    """That somebody is to be told of a person's duty."""

    recipient: int
    told_as: Told
    duty: Duty
    occasion: Occasion
    requirement: int
    is_integrity: bool


def walk(on: date, *, again: bool = False, stop_at: datetime | None = None) -> Counter[str]:
    """Plan what is to be said on a day, and write it down. Returns how much by part; harmless the second time.

    `again` begins anew, for what has changed since the day's walk was done. After `stop_at` it leaves the rest.
    """
    upkeep.work_off(before=on)
    around, made = Surroundings(on), Counter[str]()
    begin(on, ReminderWalk.Kind.PEOPLE, again=again)
    while (some := _walk_on(around)) is not None:
        made += some
        if stop_at is not None and clock.now() >= stop_at:
            break
    return made


def foreseen(on: date) -> Counter[str]:
    """What a walk would write down, without writing it."""
    upkeep.work_off(before=on)
    around, found, reached = Surroundings(on), Counter[str](), 0
    while people := _candidates(around, reached):
        found += Counter(str(planned.told_as) for planned in plan(people, around))
        reached = people[-1]
    return found


@transaction.atomic
def _walk_on(around: Surroundings) -> Counter[str] | None:
    row = walk_of(around.day, ReminderWalk.Kind.PEOPLE)
    if row.finished_at is not None:
        return None
    people = _candidates(around, row.reached)
    made = list(plan(people, around))
    write(made, around.day)
    move_on(row, people, is_last=len(people) < _AT_A_TIME)
    return Counter(str(planned.told_as) for planned in made)


def begin(day: date, kind: ReminderWalk.Kind, *, again: bool) -> None:
    """Let a day's walk begin anew, if that is wanted or it was made ahead of its day."""
    row = ReminderWalk.objects.filter(on=day, kind=kind, finished_at__isnull=False).first()
    if row is not None and row.finished_at is not None and (again or clock.day_of(row.finished_at) < day):
        ReminderWalk.objects.filter(pk=row.pk).update(reached=0, finished_at=None)


def walk_of(day: date, kind: ReminderWalk.Kind) -> ReminderWalk:
    """The row of a day's walk, held until this transaction ends, so that two walks take turns."""
    ReminderWalk.objects.get_or_create(on=day, kind=kind)
    return ReminderWalk.objects.select_for_update().get(on=day, kind=kind)


def move_on(row: ReminderWalk, people: Sequence[int], *, is_last: bool) -> None:
    """Note how far a walk has come."""
    row.reached = people[-1] if people else row.reached
    row.finished_at = clock.now() if is_last else None
    row.save(update_fields=["reached", "finished_at"])


def plan(people: Sequence[int], around: Surroundings) -> Iterator[Planned]:
    """What is to be said on the day about some people, to them and to those who answer for training."""
    if not people:
        return
    said, posts = _said(people), units_of(people, around.day)
    for person, duties in duties_of_people(people, around.day).items():
        for duty in duties:
            unit = _unit(duty, posts.get(person, []))
            if unit is not None:
                yield from _of_duty(duty, unit, around, said)


def write(made: Sequence[Planned], day: date) -> None:
    """Write down what is to be said: a message for each recipient, its reminders, and a mail that waits."""
    by_recipient: dict[tuple[int, Told], list[Planned]] = defaultdict(list)
    for planned in made:
        by_recipient[planned.recipient, planned.told_as].append(planned)
    messages = _messages(by_recipient, day)
    Reminder.objects.bulk_create(
        [_reminder(messages[key], planned) for key, some in by_recipient.items() for planned in some], batch_size=500
    )


def _of_duty(duty: Duty, unit: int, around: Surroundings, said: _Said) -> Iterator[Planned]:
    rule, is_integrity = around.rule(duty.version), around.is_integrity(duty.target)
    told = [(Recipient.LEARNER, Told.LEARNER, [duty.person])]
    if any(Recipient.HR in who for who in rule.plan.recipients.values()):
        parts = [Told.HR, Told.INTEGRITY] if is_integrity else [Told.HR]
        told += [(Recipient.HR, part, around.answering(part, unit)) for part in parts]
    for recipient, part, people in told:
        for person in people:
            before = said.get((duty.person, duty.target.key, part, person), set())
            today = Today(around.day, around.calendar(unit), before)
            occasion = to_say(duty, rule.plan, recipient, today, opens_days=rule.opens_days)
            if occasion is not None:
                yield Planned(person, part, duty, occasion, rule.requirement, is_integrity)


def _unit(duty: Duty, posts: Sequence[tuple[int, int]]) -> int | None:
    """The office of the post through which the rule reaches them."""
    by_post = dict(posts)
    found = [by_post[post] for post in duty.posts if post in by_post]
    return next(iter([*found, *by_post.values()]), None)


def _candidates(around: Surroundings, after: int) -> list[int]:
    """The next people, by id, with a duty that turned or turns so near that something may be to be said."""
    day = around.day
    ahead, behind = around.farthest
    told = Reminder.objects.filter(
        person=OuterRef("person"),
        told_as=Told.LEARNER,
        moment=Moment.AFTER_DUE,
        target=Subquery(DutyTarget.objects.filter(pk=OuterRef(OuterRef("target"))).values("key")[:1]),
    )
    ends_soon = Q(state__in=[SpanState.IN_DATE, SpanState.NOT_YET_DUE], until_day__lte=_later(day, ahead))
    is_new = Q(state=SpanState.NOT_YET_DUE, from_day__gte=day - timedelta(days=NEWS_DAYS) - _SLACK)
    late = Q(state=SpanState.OVERDUE) & (Q(from_day__gte=day - timedelta(days=behind) - _SLACK) | ~Exists(told))
    spans = DutySpan.objects.filter(person__gt=after, post__isnull=False, is_paused=False)
    spans = spans.filter(ends_soon | is_new | late, from_day__lte=day, until_day__gt=day)
    return list(spans.order_by("person").values_list("person", flat=True).distinct()[:_AT_A_TIME])


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days + 1) + _SLACK


def _said(people: Sequence[int]) -> _Said:
    found: dict[tuple[int, str, str, int], set[Key]] = defaultdict(set)
    rows = Reminder.objects.filter(person__in=people).exclude(told_as=Told.SUPERVISOR)
    columns = ("person_id", "target", "told_as", "recipient_id", "moment", "days", "occasion_on")
    for person, target, told_as, recipient, *key in rows.values_list(*columns):
        found[person, target, told_as, recipient].add(Key(*key))
    return found


def _messages(wanted: Iterable[tuple[int, Told]], day: date) -> dict[tuple[int, Told], ReminderMessage]:
    """A message for each; one that still waits for the same day is gone on with."""
    keys = list(wanted)
    # Held until the commit, so that nobody sends it without what is added here.
    waiting = WaitingMail.objects.select_for_update(of=("self",)).filter(
        message__recipient__in={recipient for recipient, _part in keys},
        message__for_day=day,
        message__week=None,
        taken_at=None,
        tries=0,
    )
    found = {
        (mail.message.recipient_id, Told(mail.message.told_as)): mail.message
        for mail in waiting.select_related("message")
    }
    mailed = addresses(recipient for recipient, _part in keys)
    new = [
        ReminderMessage(
            recipient_id=recipient,
            told_as=part,
            for_day=day,
            channel=Channel.MAIL if recipient in mailed else Channel.PAPER,
            **columns(BY),
        )
        for recipient, part in keys
        if (recipient, part) not in found
    ]
    ReminderMessage.objects.bulk_create(new, batch_size=500)
    WaitingMail.objects.bulk_create(
        [WaitingMail(message=message) for message in new if message.channel == Channel.MAIL], batch_size=500
    )
    return found | {(message.recipient_id, Told(message.told_as)): message for message in new}


def _reminder(message: ReminderMessage, planned: Planned) -> Reminder:
    occasion = planned.occasion
    return Reminder(
        message=message,
        person_id=planned.duty.person,
        recipient_id=planned.recipient,
        told_as=planned.told_as,
        target=planned.duty.target.key,
        moment=occasion.moment.value,
        days=occasion.days,
        occasion_on=occasion.occasion_on,
        requirement_id=planned.requirement,
        is_integrity=planned.is_integrity,
        **columns(BY),
    )
