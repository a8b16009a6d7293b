"""What somebody who asks gets, and the count that is all that stays of it."""

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from courses import library
from courses.models import AdviceAsked, AdviceVersion, AdviserContact, ReportingRoute, Topic
from lms.core import clock


class Situation(models.TextChoices):
    """How things are; it decides the next steps and is not counted."""

    BEFORE = "before", _("Nothing has happened yet: I want to know beforehand")
    NOW = "now", _("Somebody asks or offers me something now")
    AFTERWARDS = "afterwards", _("It has happened, and I am not sure whether I did right")
    SEEN = "seen", _("I think I saw something wrong")


STEPS: dict[str, list[Any]] = {
    Situation.BEFORE: [
        _("Read the notes below."),
        _("Talk to your supervisor or to the ethics adviser before you do anything."),
        _("Ask for a written answer where your office's rules want permission."),
    ],
    Situation.NOW: [
        _("Do not agree to anything yet. You may always say: I have to ask first."),
        _("Read the notes below, and talk to the ethics adviser or your supervisor today."),
        _("If you are asked for or offered a bribe, this page is not enough: use a reporting route above."),
    ],
    Situation.AFTERWARDS: [
        _("Do not hide it or put it right in secret."),
        _("Note for yourself when it was and what was said, on paper, not here."),
        _("Talk to the ethics adviser in person soon; telling early is better than being found out."),
    ],
    Situation.SEEN: [
        _("Use one of the reporting routes above. This page passes nothing on."),
        _("Do not investigate by yourself, and do not warn anybody."),
        _("Keep what you have safe. Suspected is not proven until a fair inquiry."),
    ],
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to somebody who asked."""

    topic: str
    steps: list[Any]
    notes: list[AdviceVersion]


@transaction.atomic
def ask(topic: Topic, situation: Situation) -> Answer:
    """The answer; what stays is one more on the month's count of the topic. No person, no text."""
    month = clock.today().replace(day=1)
    row, _made = AdviceAsked.objects.get_or_create(month=month, topic=topic)
    AdviceAsked.objects.filter(pk=row.pk).update(number=F("number") + 1)
    notes = [note for note in notes_shown() if note.note.topic == topic]
    return Answer(str(topic.label), STEPS[situation], notes)


def notes_shown() -> list[AdviceVersion]:
    """Approved notes that apply here, by topic and title."""
    found = AdviceVersion.objects.in_effect().filter(jurisdiction__in=library.jurisdictions())
    places = list(Topic.values)
    return sorted(found, key=lambda version: (places.index(version.note.topic), version.title.casefold()))


def routes_shown() -> list[ReportingRoute]:
    """Where wrongdoing is reported today, by the rules adopted here."""
    found = ReportingRoute.objects.on(clock.today()).filter(jurisdiction__in=library.jurisdictions())
    return list(found.select_related("instrument").order_by("name", "pk"))


def contact() -> AdviserContact | None:
    """When and where the adviser is to be found."""
    return AdviserContact.objects.on(clock.today()).order_by("-valid_from", "-pk").first()
