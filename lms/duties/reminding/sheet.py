"""Slips on paper for staff without e-mail: what to do, by when, how to sign in. Printed by the office, noted by whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lms.core.actors import Actor, columns
from lms.core.words import day_in_words, distance
from lms.duties.duties import Duty
from lms.duties.models import Channel, MessageOutcome, MessageState, Reminder, ReminderMessage
from lms.duties.reminding import letters, wording
from lms.duties.reminding.letters import still_true
from lms.duties.spans import State
from lms.organisation.models import OrgUnit, Person, PostHolding, StaffNumber
from lms.organisation.models.people import PersonQuerySet


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, and by when."""

    what: str
    by: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for somebody, and the messages that are settled by it."""

    person: Person
    heading: str
    text: str
    tasks: Sequence[Task]
    messages: Sequence[UUID]

    @property
    def qr(self) -> SafeString:
        """The address of one's own page as a drawing."""
        # Only segno's own markup and a path: the address is drawn, not written.
        drawn = segno.make_qr(letters.address("my_learning"), error="m")
        return mark_safe(drawn.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))


def to_print(people: PersonQuerySet, unit: OrgUnit, day: date) -> list[Slip]:
    """The slips that an office has still to print, by name. Who is done meanwhile gets none."""
    held = PostHolding.objects.on(day).in_subtree(unit, day).values("person")
    messages = _unprinted().filter(recipient__in=people.values("pk")).filter(recipient__in=held)
    reminders = list(Reminder.objects.filter(message__in=messages).select_related("message", "person").order_by("pk"))
    persons = sorted({reminder.person_id for reminder in reminders})
    true = still_true(reminders, persons, day)
    names, numbers = letters.titles(letters.what(duty) for _reminder, duty in true), _numbers(persons, day)
    by_person: dict[int, list[tuple[Reminder, Duty]]] = defaultdict(list)
    for reminder, duty in true:
        by_person[reminder.person_id].append((reminder, duty))
    slips = [_slip(some, names, numbers.get(person, ""), day) for person, some in by_person.items()]
    return sorted(slips, key=lambda slip: (slip.person.surname, slip.person.given_names, slip.person.pk))


@transaction.atomic
def mark_printed(people: PersonQuerySet, messages: Collection[UUID], *, by: Actor) -> int:
    """Note that slips were printed. Harmless the second time. Returns how many messages were settled by it."""
    locked = ReminderMessage.objects.select_for_update(of=("self",)).filter(
        uuid__in=messages, channel=Channel.PAPER, recipient__in=people.values("pk")
    )
    still = set(_unprinted().filter(pk__in=[message.pk for message in locked]).values_list("pk", flat=True))
    MessageOutcome.objects.bulk_create(
        [MessageOutcome(message_id=pk, state=MessageState.PRINTED, **columns(by)) for pk in sorted(still)],
        batch_size=500,
    )
    return len(still)


def _unprinted() -> QuerySet[ReminderMessage]:
    settled = MessageOutcome.objects.filter(message=OuterRef("pk"))
    return ReminderMessage.objects.filter(~Exists(settled), channel=Channel.PAPER)


def _slip(pairs: Sequence[tuple[Reminder, Duty]], names: Mapping[str, str], number: str, day: date) -> Slip:
    person = pairs[0][0].person
    # One line for each thing, whatever was said of it.
    duties = {reminder.target: duty for reminder, duty in pairs}
    tasks = [Task(names[letters.what(duty)], _by_when(duty, day)) for duty in duties.values()]
    values = {"name": str(person), "link": settings.BASE_URL, "number": number}
    words = wording.filled(wording.in_use("slip", settings.LANGUAGE_CODE, day), values)
    return Slip(
        person,
        words.subject,
        words.text,
        tasks,
        list(dict.fromkeys(reminder.message.uuid for reminder, _duty in pairs)),
    )


def _by_when(duty: Duty, day: date) -> str:
    if duty.due_on is None:
        return ""
    told = {"day": day_in_words(duty.due_on), "distance": distance(duty.due_on, day)}
    text = _("It was due by %(day)s, %(distance)s") if duty.state == State.OVERDUE else _("By %(day)s, %(distance)s")
    return text % told


def _numbers(people: Sequence[int], day: date) -> dict[int, str]:
    rows = StaffNumber.objects.on(day).filter(person__in=people).order_by("-pk")
    return dict(rows.values_list("person_id", "number"))
