"""A supervisor's week: who of the team is overdue, what falls due, what can be renewed. One mail a week.

Who is in the team and what they owe is worked out when the mail goes, so that nobody is named who has left it or is
done. Before: `walking` has planned the learners' own; after: `sending`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.actors import columns
from lms.core.words import day_in_words
from lms.core.working_days import WorkDays
from lms.duties.duties import Duty, duties_of_people, urgency
from lms.duties.models import (
    Channel,
    ExtensionRequest,
    Moment,
    Reminder,
    ReminderMessage,
    ReminderWalk,
    Told,
    WaitingMail,
)
from lms.duties.reminder_plan import Recipient
from lms.duties.reminding import letters, wording
from lms.duties.reminding.letters import Letter, Line, Part, Section
from lms.duties.reminding.planning import speaks
from lms.duties.reminding.surroundings import Surroundings, addresses, tells, units_of
from lms.duties.reminding.walking import BY, begin, move_on, walk_of
from lms.duties.spans import State
from lms.organisation.lines import leaders, teams_of
from lms.organisation.models import Person

_AT_A_TIME = 50
_WEEK, _LOOKS_AHEAD = timedelta(days=7), timedelta(days=21)


def walk(on: date, *, again: bool = False, stop_at: datetime | None = None) -> Counter[str]:
    """Plan the digests that are to go on a day. Returns how many; harmless the second time."""
    made, around = Counter[str](), Surroundings(on)
    begin(on, ReminderWalk.Kind.DIGESTS, again=again)
    while (some := _walk_on(around)) is not None:
        made[Told.SUPERVISOR] += some
        if stop_at is not None and clock.now() >= stop_at:
            break
    return +made


def foreseen(on: date) -> Counter[str]:
    """What a walk would plan, without writing anything."""
    around, found, reached = Surroundings(on), Counter[str](), 0
    while people := _next_leaders(on, reached):
        found[Told.SUPERVISOR] += len(_who_gets_one(people, around))
        reached = people[-1]
    return +found


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def for_supervisor(message: ReminderMessage, day: date) -> Letter | None:
    """The digest as things stand; None when there is nothing to do."""
    team = teams_of([message.recipient_id], day).get(message.recipient_id, set())
    duties = _to_tell(team, Surroundings(day))
    if not duties:
        return None
    sections = list(letters.shortened([*_sections(duties, day), *_more_time(team)]))
    values = {"name": str(message.recipient), "count": str(len(duties)), "link": letters.address("team")}
    words = wording.filled(wording.in_use("digest", settings.LANGUAGE_CODE, day), values)
    return Letter(words.subject, [Part("", words.text)], sections, duties)


def log(message: ReminderMessage, about: Iterable[Duty]) -> None:
    """Write down of whom and what a digest told."""
    if message.week is None:
        return
    around = Surroundings(message.for_day)
    line = partial(
        Reminder,
        message=message,
        recipient_id=message.recipient_id,
        told_as=Told.SUPERVISOR,
        moment=Moment.DIGEST,
        occasion_on=message.week,
        **columns(BY),
    )
    rows = [
        line(
            person_id=duty.person,
            target=duty.target.key,
            requirement_id=around.rule(duty.version).requirement,
            is_integrity=around.is_integrity(duty.target),
        )
        for duty in about
    ]
    Reminder.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def _walk_on(around: Surroundings) -> int | None:
    row = walk_of(around.day, ReminderWalk.Kind.DIGESTS)
    if row.finished_at is not None:
        return None
    people = _next_leaders(around.day, row.reached)
    wanted = _who_gets_one(people, around)
    week = monday_of(around.day)
    messages = [
        ReminderMessage(
            recipient_id=person,
            told_as=Told.SUPERVISOR,
            channel=Channel.MAIL,
            for_day=around.day,
            week=week,
            **columns(BY),
        )
        for person in wanted
    ]
    ReminderMessage.objects.bulk_create(messages)
    WaitingMail.objects.bulk_create([WaitingMail(message=message) for message in messages])
    move_on(row, people, is_last=len(people) < _AT_A_TIME)
    return len(messages)


def _who_gets_one(people: Sequence[int], around: Surroundings) -> list[int]:
    """Those of some leaders whose week begins today, who had no digest this week and have something to do."""
    week, posts = monday_of(around.day), units_of(people, around.day)
    had = set(ReminderMessage.objects.filter(recipient__in=people, week=week).values_list("recipient", flat=True))
    missed = _days_walked(week, around.day)
    mailed = addresses(people)
    due = [
        person
        for person in people
        if person in mailed and person not in had and posts.get(person)
        and _begins_today(around.calendar(posts[person][0][1]), around.day, missed)
    ]  # fmt: skip
    teams = teams_of(due, around.day)
    telling = {duty.person for duty in _to_tell(set().union(*teams.values()), around)}
    return [person for person in due if teams.get(person, set()) & telling]


def _begins_today(calendar: WorkDays, day: date, walked: set[date]) -> bool:
    """Whether it is the first working day of the week, or no walk was made on that day and those since."""
    if not calendar.works_on(day):
        return False
    before = (monday_of(day) + timedelta(days=number) for number in range(day.weekday()))
    return not any(calendar.works_on(earlier) and earlier in walked for earlier in before)


def _days_walked(week: date, before: date) -> set[date]:
    done = ReminderWalk.objects.filter(kind=ReminderWalk.Kind.DIGESTS, finished_at__isnull=False)
    return set(done.filter(on__gte=week, on__lt=before).values_list("on", flat=True))


def _next_leaders(day: date, after: int) -> list[int]:
    found = leaders(day).filter(pk__gt=after).order_by("pk")
    return list(found.values_list("pk", flat=True)[:_AT_A_TIME])


def _to_tell(people: Iterable[int], around: Surroundings) -> list[Duty]:
    """What some people have to do soon, by rules that tell supervisors."""
    until = monday_of(around.day) + _LOOKS_AHEAD
    found = duties_of_people(sorted(people), around.day) if people else {}
    return [
        duty
        for some in found.values()
        for duty in some
        if speaks(duty) and _is_near(duty, until) and tells(around.rule(duty.version).plan, Recipient.SUPERVISOR)
    ]


def _is_near(duty: Duty, until: date) -> bool:
    if duty.state == State.NOT_YET_DUE:
        return duty.due_on is not None and duty.due_on < until
    return duty.state == State.OVERDUE or duty.renewal_is_open


def _sections(duties: Sequence[Duty], day: date) -> Iterable[Section]:
    """Overdue, due this week, due in the two after, open to renewal; each by who is most urgent."""
    week_ends = monday_of(day) + _WEEK
    titles = letters.titles(letters.what(duty) for duty in duties)
    people = Person.objects.in_bulk({duty.person for duty in duties})
    groups: dict[str, list[Duty]] = {
        _("Overdue: agree on a time with them"): [],
        _("Due this week"): [],
        _("Due in the next two weeks"): [],
        _("Can be renewed now"): [],
    }
    overdue, this_week, soon, renew = groups.values()
    for duty in sorted(duties, key=urgency):
        if duty.state == State.OVERDUE:
            overdue.append(duty)
        elif duty.state == State.IN_DATE:
            renew.append(duty)
        elif duty.due_on is not None:
            (this_week if duty.due_on < week_ends else soon).append(duty)
    for title, some in groups.items():
        if some:
            lines = [letters.line(people[duty.person], duty, titles[letters.what(duty)], day) for duty in some]
            yield Section(title, lines)


def _more_time(team: Iterable[int]) -> Iterator[Section]:
    """Who asked for more time and has no answer: supervisors do not decide, but know best whether it is needed."""
    waiting = ExtensionRequest.objects.waiting().filter(person__in=team).select_related("person", "target")
    requests = list(waiting.order_by("person__surname", "person__given_names", "pk"))
    if requests:
        titles = letters.titles(request.target.key for request in requests)
        lines = [
            Line(
                str(request.person),
                _("%(course)s, until %(day)s")
                % {"course": titles[request.target.key], "day": day_in_words(request.wanted_until)},
                letters.page_of(request.person),
            )
            for request in requests
        ]
        yield Section(_("More time is asked for and not decided yet: talk to HR"), lines)
