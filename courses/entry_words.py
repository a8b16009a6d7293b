"""What a course asks, where somebody stands with it, and what to do about it, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses import entry
from courses.eligibility import Audience, Door, Eligibility, Judged, Need, State
from courses.models import Course, CourseVersion, Enrolment, Nomination
from lms.core import clock
from lms.core.words import day_in_words
from lms.organisation.access import Capability, holders_over
from lms.organisation.lines import managers_of
from lms.organisation.models import Person

# A longer list of names helps nobody.
_NAMES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is asked: its state (empty for somebody unknown), and how to meet it or what showed it."""

    asked: str
    state: str
    how: str
    url: str = ""
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What a course page says before anybody begins."""

    audience: str
    needs: list[Line]
    door: str = ""
    may_begin: bool = True
    is_known: bool = False


def for_anybody(version: CourseVersion) -> Entry:
    """What the course asks, of somebody of whom nothing is known."""
    found = entry.load().of(None, version.course_id)
    return Entry(
        audience(found.audience),
        [Line(asked(row.need), "", "", _url(row.need), row.need.is_conditional) for row in found.needs],
    )


def in_brief(versions: Iterable[CourseVersion]) -> list[tuple[CourseVersion, str]]:
    """Courses with who may take them and what they ask, in a line each; empty where that is everybody and nothing."""
    found = entry.load()
    return [(version, _brief(found.of(None, version.course_id))) for version in versions]


def _brief(found: Eligibility) -> str:
    who = [] if found.audience.is_open else [audience(found.audience)]
    names = "; ".join(asked(row.need) for row in found.needs)
    return " ".join([*who, *([_("What one needs: %s.") % names] if names else [])])


def for_person(person: Person, version: CourseVersion) -> Entry:
    """The same with where the person stands, and for what is open what to do and whom to ask."""
    return _told(person, version.course, entry.of(person, version.course))


def still_waits_for(enrolment: Enrolment) -> list[Line]:
    """What keeps the result of an enrolment back."""
    found = entry.of_enrolment(enrolment)
    if not found.holds_back:
        return []
    told = _told(enrolment.person, enrolment.course_version.course, found)
    return [line for line in told.needs if line.state == State.OPEN and line.is_conditional]


def refusal(person: Person, course: Course) -> str:
    """Why the person may not begin, and what to do; empty where they may."""
    found = entry.of(person, course)
    if found.may_begin:
        return ""
    told = _told(person, course, found)
    stops = [
        f"{capfirst(line.asked)}: {line.how}"
        for line in told.needs
        if line.state == State.OPEN and not line.is_conditional
    ]
    return " ".join([_("You cannot begin this course yet."), *filter(None, [told.door]), *stops])


def in_short(found: Eligibility) -> str:
    """What is missing in a few words, for lists that lead to the course's page; empty where nothing is."""
    if found.may_begin:
        return ""
    doors = {
        Door.CLOSED: _("it needs a nomination"),
        Door.AWAITING: _("your nomination awaits a decision"),
        Door.DECLINED: _("your nomination was declined"),
    }
    missing = [*filter(None, [doors.get(found.door)]), *(asked(need) for need in found.stops)]
    return _("Not eligible yet: %(missing)s.") % {"missing": "; ".join(missing)}


def asked(need: Need) -> str:
    """The thing itself."""
    if need.course is not None:
        return _("the course “%s”, in date") % need.name
    return _("%(subject)s, level %(level)s or higher") % {"subject": need.name, "level": need.level}


def audience(rule: Audience) -> str:
    """Who may take a course."""
    if rule.is_open:
        return _("Everybody may take it.")
    if not rule.categories:
        return _("It is taken by nomination.")
    return _("It is for: %s. Others take it by nomination.") % ", ".join(sorted(rule.categories.values()))


def _told(person: Person, course: Course, found: Eligibility) -> Entry:
    open_needs = [row.need for row in found.needs if row.state == State.OPEN]
    is_shut = not found.door.is_open
    deciders = _deciders(person) if is_shut or any(need.subject for need in open_needs) else ""
    return Entry(
        audience=audience(found.audience),
        needs=[_line(row, deciders) for row in found.needs],
        door=_door(person, course, found.door, deciders) if found.door != Door.EVERYBODY else "",
        may_begin=found.may_begin,
        is_known=True,
    )


def _line(row: Judged, deciders: str) -> Line:
    need = row.need
    if row.state == State.OPEN:
        how = (
            _("take it first.")
            if need.course is not None
            else _("show a certificate or other evidence to %s, who records it here.") % deciders
        )
    else:
        told = _("waived on %s") if row.state == State.WAIVED else _("shown on %s")
        how = told % day_in_words(row.since) if row.since else ""
    return Line(asked(need), row.state, how, _url(need), need.is_conditional)


def _door(person: Person, course: Course, door: Door, deciders: str) -> str:
    if door == Door.POST:
        return _("Your post is one of these.")
    if door == Door.CLOSED:
        return _("You need to be nominated: ask %s.") % (_managers(person) or deciders)
    nomination = Nomination.objects.filter(person=person, course=course).with_decision().order_by("-pk")[0]
    said = {"by": nomination.by, "day": day_in_words(clock.day_of(nomination.on)), "deciders": deciders}
    if door == Door.NOMINATED:
        return _("%(by)s nominated you on %(day)s, and it was confirmed.") % said
    if door == Door.AWAITING:
        return (
            _(
                "%(by)s nominated you on %(day)s. It waits for a decision by %(deciders)s; there is nothing that you have to do for that."
            )
            % said
        )
    said["reason"] = nomination.decision_reason
    return _("%(by)s nominated you on %(day)s; it was declined: “%(reason)s”. Ask %(deciders)s what would help.") % said


def _deciders(person: Person) -> str:
    return _names(holders_over(person, Capability.DECIDE_ENTRY)) or _("your training coordinator")


def _managers(person: Person) -> str:
    return _names(managers_of(person, clock.today()).by_name())


def _names(people: Iterable[object]) -> str:
    return _(" or ").join(str(one) for one in list(people)[:_NAMES])


def _url(need: Need) -> str:
    return reverse("course", args=[need.code]) if need.code else ""
