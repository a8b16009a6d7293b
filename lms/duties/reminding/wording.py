"""The words of reminders: those that come with the site, those that the house put in their place, and filling them in.

Texts are plain, with names in braces where a person, a course or a day goes. Nothing else is read in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import close, supersede, withdraw
from lms.core.errors import Refused
from lms.core.words import day_in_words, distance
from lms.duties.models import ReminderText


@dataclass(frozen=True, slots=True)
class Kind:
    """A text that can be worded: what it is for, what may stand in braces, and the words that come with the site."""

    title: Promise | str
    when: Promise | str
    names: tuple[str, ...]
    subject: Promise | str
    text: Promise | str


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text, either with braces or filled in."""

    subject: str
    text: str


# What each name in braces stands for, as the page for wording says it.
NAMES: Final[dict[str, Promise | str]] = {
    "name": _("the name of the person who is written to"),
    "course": _("what is to be learnt"),
    "due": _("the due day, or the last day on which a result counts"),
    "when": _("how far that day is: in 3 days, today, 2 days ago"),
    "rule": _("the name of the rule that asks for it"),
    "link": _("the address of the page where it is done"),
    "count": _("how many there are"),
    "number": _("the staff number"),
}
_ABOUT_A_DUTY = ("name", "course", "due", "when", "rule", "link")

KINDS: Final[dict[str, Kind]] = {
    "assigned": Kind(
        _("Something new to learn"),
        _("When a rule asks somebody for something for the first time."),
        _ABOUT_A_DUTY,
        _("Please learn by {due}: {course}"),
        _(
            "There is something new for you to learn: {course}. Please finish it by {due}.\n\n"
            "You can stop at any time and go on later. Nothing you have done is lost.\n\n"
            "Begin here: {link}\n\nThe rule “{rule}” asks for it."
        ),
    ),
    "before_due": Kind(
        _("The due day comes near"),
        _("So many days before the due day, for those who have not finished."),
        _ABOUT_A_DUTY,
        _("Due {when}: {course}"),
        _(
            "{course} is due by {due}, {when}. If you have begun, you go on where you stopped.\n\n"
            "Go on here: {link}\n\n"
            "Is there something in the way, such as leave or no time at the counter? Tell your supervisor before then."
        ),
    ),
    "after_due": Kind(
        _("The due day has passed"),
        _("So many days after the due day, for those who have not finished."),
        _ABOUT_A_DUTY,
        _("Overdue since {due}: {course}"),
        _(
            "{course} was due by {due}, {when}, and is not finished yet. Please do it as soon as you can.\n\n"
            "Go on here: {link}\n\n"
            "If something keeps you from it, talk to your supervisor today. The rule “{rule}” asks for it."
        ),
    ),
    "window_open": Kind(
        _("It can be renewed"),
        _("When a result can be renewed."),
        _ABOUT_A_DUTY,
        _("You can renew now: {course}"),
        _(
            "What you showed in {course} counts until {due}. You can renew it from today on.\n\n"
            "Renew it here: {link}\n\nIf you do it in time, there is no gap in your record."
        ),
    ),
    "before_expiry": Kind(
        _("It runs out soon"),
        _("So many days before a result runs out."),
        _ABOUT_A_DUTY,
        _("Runs out {when}: {course}"),
        _("What you showed in {course} counts until {due}, {when}. Please renew it by then.\n\nRenew it here: {link}"),
    ),
    "several": Kind(
        _("Several things in one mail"),
        _("Before the parts, when there is more than one thing to say to somebody on a day."),
        ("name", "count", "link"),
        _("{count} things to learn or renew"),
        _("There are {count} things for you to learn or to renew. You find all of them here: {link}"),
    ),
    "digest": Kind(
        _("A supervisor's week"),
        _("At the start of a week, before the lists of the team: what is overdue, due and open to renewal."),
        ("name", "count", "link"),
        _("Your team this week: what to do"),
        _(
            "This is what your team has to do. A quiet hour at a screen, agreed with each of them, helps more than "
            "another reminder.\n\nYour team's page: {link}"
        ),
    ),
    "answering": Kind(
        _("A day's list for training coordinators and integrity officers"),
        _("Before the list of people about whom a rule tells them."),
        ("name", "count", "link"),
        _("Training to follow up: {count}"),
        _("These people need somebody to follow up. Each is listed here once.\n\nThe whole log: {link}"),
    ),
    "slip": Kind(
        _("The printed slip"),
        _("On paper, for staff without e-mail. The list of what to do comes after it."),
        ("name", "link", "number"),
        _("For {name}"),
        _(
            "Please learn or renew what is listed here. Sign in at {link} with your staff number {number}. "
            "No computer at your desk? Ask your supervisor for a time and a place."
        ),
    ),
}


def names_in(text: str) -> set[str]:
    """The names in braces. Raises Refused where braces are not in pairs or hold more than a name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Refused(gettext("A brace stands alone. Write names as {course}, and no other braces.")) from None
    if any(form or conversion for _literal, _name, form, conversion in parts):
        raise Refused(gettext("Between braces stands a name and nothing else, such as {course}."))
    return {name for _literal, name, _form, _conversion in parts if name is not None}


def check(key: str, words: Words) -> None:
    """Raises Refused for names that this kind of text does not know."""
    unknown = sorted((names_in(words.subject) | names_in(words.text)) - set(KINDS[key].names))
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in KINDS[key].names)
        wrong = ", ".join(f"{{{name}}}" for name in unknown)
        raise Refused(gettext("Not known here: %(wrong)s. You may use: %(known)s.") % {"wrong": wrong, "known": known})
    if "\n" in words.subject.strip():
        raise Refused(gettext("A subject is one line."))


def filled(words: Words, values: Mapping[str, str]) -> Words:
    """The same with everything filled in. A subject stays one line, whatever is filled in."""
    return Words(" ".join(_fill(words.subject, values).split()), _fill(words.text, values).strip())


def standard(key: str, language: str) -> Words:
    """The words that come with the site."""
    with override(language):
        return Words(str(KINDS[key].subject), str(KINDS[key].text))


def in_use(key: str, language: str, day: date) -> Words:
    """The words that hold on a day: the house's own, else those that come with the site."""
    own = ReminderText.objects.on(day).filter(key=key, language=language).order_by("pk").last()
    return standard(key, language) if own is None else Words(own.subject, own.text)


@transaction.atomic
def word(key: str, language: str, words: Words, *, by: Actor) -> ReminderText:
    """Put words in the place of those in use, from today on. Harmless the second time.

    Raises Refused for names in braces that the text does not know.
    """
    check(key, words)
    today, values = clock.today(), {"subject": words.subject.strip(), "text": words.text.strip()}
    standing = _standing(key, language)
    if standing is not None and (standing.subject, standing.text) == (values["subject"], values["text"]):
        return standing
    if standing is not None and standing.valid_from == today:
        made = supersede(standing, by=by, reason=gettext("Worded anew the same day"), **values)
    else:
        if standing is not None:
            close(standing, until=today, by=by)
        made = ReminderText.objects.create(key=key, language=language, valid_from=today, **values, **columns(by))
    audit.record("reminder worded", made, by=by, key=key, language=language)
    return made


@transaction.atomic
def restore(key: str, language: str, *, by: Actor) -> None:
    """Go back to the words that come with the site. Harmless the second time."""
    standing = _standing(key, language)
    if standing is None:
        return
    if standing.valid_from == clock.today():
        withdraw(standing, by=by, reason=gettext("Back to the words that come with the site"))
    else:
        close(standing, until=clock.today(), by=by)
    audit.record("reminder wording restored", standing, by=by, key=key, language=language)


def history(key: str, language: str) -> list[ReminderText]:
    """All wordings that the house ever used, the newest first, those corrected the same day included."""
    rows = ReminderText.objects.filter(key=key, language=language)
    return list(rows.select_related("by_user__person").order_by("-pk"))


def example(key: str, language: str, words: Words) -> Words:
    """The words filled in with a made-up person and course, as a mail would have them."""
    with override(language):
        day = clock.today() + timedelta(days=-2 if key == "after_due" else 14)
        values = {
            "name": "Amina Njoroge",
            "course": gettext("Serving people well"),
            "due": day_in_words(day),
            "when": distance(day, clock.today()),
            "rule": gettext("Everybody at the counter knows the code of conduct"),
            "link": f"{settings.BASE_URL}{reverse('my_learning')}",
            "count": "3",
            "number": "K1024",
        }
        return filled(words, values)


def _standing(key: str, language: str) -> ReminderText | None:
    return ReminderText.objects.held().filter(key=key, language=language, valid_until__isnull=True).first()


def _fill(text: str, values: Mapping[str, str]) -> str:
    # Not str.format: what is filled in is never read as a format, and a name without a value stays as it is.
    parts = Formatter().parse(text)
    return "".join(literal + ("" if name is None else values.get(name, f"{{{name}}}")) for literal, name, *_ in parts)
