"""What a message says, worked out from the duties of the moment: before `sending`, and for a printed slip."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import CourseVersion, Document
from lms.core.words import day_in_words, distance
from lms.duties.duties import Duty, duties_of_people
from lms.duties.models import Reminder, ReminderMessage, Told
from lms.duties.reminder_plan import Moment
from lms.duties.reminding import wording
from lms.duties.reminding.planning import still_holds
from lms.duties.reminding.surroundings import unit_names, units_of
from lms.duties.reminding.wording import Words
from lms.duties.sentences import one_of
from lms.duties.spans import State
from lms.duties.targets import Target
from lms.organisation.models import Person

# A list in a mail names so many people; the rest is behind the link.
LINES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody, what is said of them, and where to see more."""

    name: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines below a heading; `more` are not shown."""

    title: str
    lines: Sequence[Line]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a mail below a heading, where there are several."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to somebody. `about` are the duties that a digest names; other messages carry theirs already."""

    subject: str
    parts: Sequence[Part]
    sections: Sequence[Section] = ()
    about: Sequence[Duty] = ()


def titles(keys: Iterable[str]) -> dict[str, str]:
    """What targets are called, by their keys: Code of conduct, or one of several titles."""
    wanted = set(keys)
    courses = dict(CourseVersion.objects.order_by("number").values_list("course_id", "title"))
    documents = {f"document {pk}": title for pk, title in Document.objects.values_list("pk", "title")}
    return {key: documents.get(key) or _any_of(key, courses) for key in wanted}


def what(duty: Duty) -> str:
    """The key of what a duty asks for next: its target, or the refresher whose turn it is."""
    return Target.any_of(duty.asks).key if duty.asks else duty.target.key


def for_learner(message: ReminderMessage, day: date) -> Letter | None:
    """A learner's mail: one text, or several below an opening. None when nothing of it is true any more."""
    person = message.recipient
    holding = still_true(message.reminders.select_related("requirement").order_by("pk"), [person.pk], day)
    if not holding:
        return None
    names = titles(what(duty) for _reminder, duty in holding)
    parts = [_part(reminder, duty, person, names, day) for reminder, duty in holding]
    if len(parts) == 1:
        return Letter(parts[0].subject, [Part("", parts[0].text)])
    opening = _worded("several", day, {"name": str(person), "count": str(len(parts)), "link": address("my_learning")})
    return Letter(opening.subject, [Part("", opening.text), *(Part(part.subject, part.text) for part in parts)])


def for_answering(message: ReminderMessage, day: date) -> Letter | None:
    """A day's list for whoever answers for training, by office. None when nothing of it is true any more."""
    reminders = message.reminders.select_related("person").order_by("person__surname", "person__given_names", "pk")
    people = {reminder.person_id for reminder in reminders}
    holding = still_true(reminders, sorted(people), day)
    if not holding:
        return None
    page = "integrity_person" if message.told_as == Told.INTEGRITY else "team_person"
    by_office = _by_office(holding, titles(what(duty) for _reminder, duty in holding), day, page)
    values = {"name": str(message.recipient), "count": str(len(people)), "link": address("reminders")}
    opening = _worded("answering", day, values)
    return Letter(opening.subject, [Part("", opening.text)], list(shortened(by_office)))


def shortened(sections: Iterable[Section]) -> Iterator[Section]:
    """The same with as many lines as a mail shows."""
    left = LINES_SHOWN
    for section in sections:
        shown = section.lines[:left]
        left -= len(shown)
        yield Section(section.title, shown, len(section.lines) - len(shown))


def line(person: Person, duty: Duty, title: str, day: date, *, page: str = "team_person") -> Line:
    """Somebody's duty in a list."""
    url = page_of(person, page)
    if duty.due_on is None:
        return Line(str(person), title, url)
    told = {"course": title, "day": day_in_words(duty.due_on), "distance": distance(duty.due_on, day)}
    texts = {
        State.OVERDUE: _("%(course)s, was due by %(day)s, %(distance)s"),
        State.NOT_YET_DUE: _("%(course)s, due by %(day)s, %(distance)s"),
    }
    return Line(str(person), texts.get(duty.state, _("%(course)s, counts until %(day)s, %(distance)s")) % told, url)


def page_of(person: Person, page: str = "team_person") -> str:
    """The whole address of a page about somebody."""
    return f"{settings.BASE_URL}{reverse(page, kwargs={'uuid': person.uuid})}"


def values_of(duty_due: date | None, title: str, rule: str, name: str, day: date) -> dict[str, str]:
    """What goes into the braces of a text about a duty."""
    return {
        "name": name,
        "course": title,
        "due": day_in_words(duty_due) if duty_due else _("no set day"),
        "when": distance(duty_due, day) if duty_due else "",
        "rule": rule,
        "link": address("my_learning"),
    }


def address(page: str) -> str:
    """A page's whole address."""
    return f"{settings.BASE_URL}{reverse(page)}"


def still_true(reminders: Iterable[Reminder], people: Sequence[int], day: date) -> list[tuple[Reminder, Duty]]:
    """Those of the reminders that say what is so, each with its duty."""
    owed = {(duty.person, duty.target.key): duty for some in duties_of_people(people, day).values() for duty in some}
    pairs = ((reminder, owed.get((reminder.person_id, reminder.target))) for reminder in reminders)
    return [
        (reminder, duty)
        for reminder, duty in pairs
        if duty is not None and still_holds(duty, Moment(reminder.moment), reminder.occasion_on)
    ]


def _part(reminder: Reminder, duty: Duty, person: Person, names: Mapping[str, str], day: date) -> Words:
    rule = str(reminder.requirement or duty.why.title)
    values = values_of(duty.due_on, names[what(duty)], rule, str(person), day)
    return _worded(reminder.moment, day, values)


def _by_office(
    holding: Sequence[tuple[Reminder, Duty]], names: Mapping[str, str], day: date, page: str
) -> Iterator[Section]:
    posts = units_of({reminder.person_id for reminder, _duty in holding}, day)
    office = {person: found[0][1] for person, found in posts.items()}
    called = unit_names(office.values(), day)
    lines: dict[str, list[Line]] = defaultdict(list)
    for reminder, duty in holding:
        where = called.get(office.get(reminder.person_id, 0), "")
        lines[where].append(line(reminder.person, duty, names[what(duty)], day, page=page))
    return (Section(title, lines[title]) for title in sorted(lines))


def _worded(key: str, day: date, values: Mapping[str, str]) -> Words:
    return wording.filled(wording.in_use(key, settings.LANGUAGE_CODE, day), values)


def _any_of(key: str, courses: Mapping[int, str]) -> str:
    found = [courses.get(int(course), _("a course")) for course in key.split(",") if course.isdigit()]
    return one_of(sorted(found)) or _("a document")
