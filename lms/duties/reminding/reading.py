"""The log as pages show it: what was said about whom to whom, why, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core import clock
from lms.core.words import day_in_words
from lms.duties.models import MessageOutcome, MessageState, Moment, Reminder
from lms.duties.reminding.letters import titles
from lms.organisation.access import Capability, people_for, units_for
from lms.organisation.models import OrgUnit, PostHolding, User

# Without a day the log shows so many.
SHOWN_DAYS = 31


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log."""

    reminder: Reminder
    what: str
    why: str
    state: MessageState
    detail: str


def seen_by(user: User) -> QuerySet[Reminder]:
    """What is about people whom `user` answers for; for an integrity unit, about integrity courses alone."""
    seen = Q(person__in=people_for(user, Capability.SEE_REMINDERS).values("pk"))
    integrity = Q(person__in=people_for(user, Capability.ASSIGN_INTEGRITY).values("pk"), is_integrity=True)
    newest = MessageOutcome.objects.filter(message=OuterRef("message")).order_by("-pk")
    state = Coalesce(Subquery(newest.values("state")[:1]), Value(str(MessageState.PLANNED)))
    found = Reminder.objects.filter(seen | integrity).annotate(
        state=state, detail=Subquery(newest.values("detail")[:1])
    )
    related = ("person", "recipient", "requirement", "message", "message__by_user")
    return found.select_related(*related).order_by("-on", "-pk")


def units_seen(user: User) -> QuerySet[OrgUnit]:
    """The offices by which the log can be narrowed: units granted, and those of the people led."""
    held = PostHolding.objects.on(clock.today())
    led = held.filter(person__in=people_for(user, Capability.SEE_REMINDERS).values("pk"))
    granted = units_for(user, Capability.SEE_REMINDERS) | units_for(user, Capability.ASSIGN_INTEGRITY)
    return OrgUnit.objects.filter(Q(pk__in=granted.values("pk")) | Q(pk__in=led.values("post__unit")))


def narrowed(log: QuerySet[Reminder], *, unit: OrgUnit | None, state: str, on: date | None) -> QuerySet[Reminder]:
    """The log of people now in a unit and all below it, in a state, of a day or else of the last month."""
    today = clock.today()
    if unit is not None:
        log = log.filter(person__in=PostHolding.objects.on(today).in_subtree(unit, today).values("person"))
    if state:
        log = log.filter(state=state)  # type: ignore[misc]  # annotated by `seen_by`
    if on is not None:
        return log.filter(message__for_day=on)
    return log.filter(message__for_day__gt=today - timedelta(days=SHOWN_DAYS))


def entries(reminders: Sequence[Reminder]) -> list[Entry]:
    """Lines of the log, in words."""
    called = titles(reminder.target for reminder in reminders)
    return [
        Entry(
            reminder,
            called[reminder.target],
            why(reminder),
            MessageState(reminder.state),  # type: ignore[attr-defined]  # annotated by `seen_by`
            reminder.detail or "",  # type: ignore[attr-defined]  # the same
        )
        for reminder in reminders
    ]


def why(reminder: Reminder) -> str:
    """Why it was said: 14 days before it was due on 3 March 2026, by a rule."""
    day = day_in_words(reminder.occasion_on)
    days = {"days": reminder.days, "day": day}
    texts = {
        Moment.ASSIGNED: _("Asked for since %(day)s") % days,
        Moment.BEFORE_DUE: ngettext("%(days)s day before %(day)s", "%(days)s days before %(day)s", reminder.days)
        % days,
        Moment.AFTER_DUE: ngettext("%(days)s day after %(day)s", "%(days)s days after %(day)s", reminder.days) % days,
        Moment.WINDOW_OPEN: _("Can be renewed; counts until %(day)s") % days,
        Moment.BEFORE_EXPIRY: ngettext(
            "%(days)s day before it runs out on %(day)s", "%(days)s days before it runs out on %(day)s", reminder.days
        )
        % days,
        Moment.DIGEST: _("In the digest of the week of %(day)s") % days,
    }
    return texts[Moment(reminder.moment)]


def states_shown() -> Iterable[tuple[str, str]]:
    """The states to choose from."""
    return [("", _("All")), *((state.value, str(state.label)) for state in MessageState)]
