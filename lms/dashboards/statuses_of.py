"""Where many people stand, one line for each person and duty: for a team and for integrity courses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courses import entry
from courses.entry_words import in_short
from lms.dashboards import courses_offered, wording
from lms.dashboards.courses_offered import Named
from lms.duties.duties import Duty, duties_of_people
from lms.duties.spans import State
from lms.organisation.models import Person
from lms.organisation.models.people import PersonQuerySet


class Shown(TextChoices):
    """Which lines a list shows."""

    OVERDUE = "overdue", _("Overdue")
    NOT_YET_DUE = "not_yet_due", _("Not yet due")
    IN_DATE = "in_date", _("In date")
    EXEMPT = "exempt", _("Exempt")


@dataclass(frozen=True, slots=True)
class Line:
    """A person and one duty; without a duty: somebody of whom nothing is required."""

    person: Person
    duty: Duty | None
    course: str
    by_when: str
    competent_since: date | None
    not_yet: str = ""


def lines(people: PersonQuerySet, named: dict[int, Named], today: date) -> list[Line]:
    """Every person with every duty, by name. Five queries for any number."""
    duties = duties_of_people(people, today)
    facts = entry.load(people.order_by().values_list("pk", flat=True))
    documents = courses_offered.documents_of(duty for some in duties.values() for duty in some)
    return [
        line
        for person in people.by_name()
        for line in _lines(person, duties.get(person.pk, []), named, documents, facts, today)
    ]


def picked(found: Iterable[Line], *, state: str = "", course: str = "") -> list[Line]:
    """The lines in a state and for a course, by its code as the lines name it."""
    return [
        line
        for line in found
        if (not state or (line.duty is not None and line.duty.state == state)) and (not course or line.course == course)
    ]


def figures(found: Iterable[Line]) -> dict[str, int]:
    """How many lines are in each state."""
    counts = dict.fromkeys(State, 0)
    for line in found:
        if line.duty is not None:
            counts[line.duty.state] += 1
    return {str(state): number for state, number in counts.items()}


def _lines(
    person: Person,
    duties: list[Duty],
    named: dict[int, Named],
    documents: dict[int, Named],
    facts: entry.Facts,
    today: date,
) -> Iterator[Line]:
    for duty in duties:
        courses = sorted(named[course].title for course in duty.courses if course in named)
        courses += [documents[duty.target.document].title] if duty.target.document is not None else []
        reasons = {course: in_short(facts.of(person.pk, course)) for course in duty.courses}
        yield Line(
            person,
            duty,
            " / ".join(courses),
            wording.by_when(duty, today),
            duty.competent_since,
            wording.not_yet(duty, reasons),
        )
    if not duties:
        yield Line(person, None, "", "", None)
