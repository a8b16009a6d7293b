"""What a rule meets: other rules for the same thing with other days, and courses that came after it. Nothing is refused."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from courses.models import Course, CourseVersion
from lms.core import clock
from lms.core.words import day_in_words
from lms.duties import rules
from lms.duties.days import Days
from lms.duties.reach import Rule
from lms.organisation.models import UnitAncestry


def clashes(asked: Collection[Rule], book: rules.Rulebook, *, known: Collection[int] = ()) -> dict[int, list[str]]:
    """For each of the rules (its version) what others ask that reach some of the same posts: one query.

    Of the others only those of the requirements in `known` are called by their names.
    """
    others = [rule for rule in book.rules if rule.days.until > clock.today()]
    units = {rule.unit for rule in [*asked, *others]}
    rows = UnitAncestry.objects.on(clock.today()).filter(ancestor__in=units, unit__in=units)
    below = set(rows.values_list("ancestor_id", "unit_id"))
    return {
        rule.version: [
            _words(book.words[other.version].title if other.requirement in known else "")
            for other in others
            if _differ(rule, other) and _meet(rule, other, below)
        ]
        for rule in asked
    }


def later_courses(courses: Iterable[Course], from_day: date) -> list[str]:
    """The courses that came only after a rule begins, in words: it is accepted, and its days count as it says."""
    return [
        _(
            "%(course)s came on %(day)s, after the rule begins. Its days count from the beginning all the same: before "
            "that day only results brought along count."
        )
        % {"course": course, "day": day_in_words(day)}
        for course, day in _first_published(courses)
        if day > from_day
    ]


def _first_published(courses: Iterable[Course]) -> Iterator[tuple[Course, date]]:
    for course in courses:
        first = CourseVersion.objects.filter(course=course).order_by("number").first()
        if first is not None:
            yield course, clock.day_of(first.published_at)


def _words(title: str) -> str:
    name = _("“%(title)s”") % {"title": title} if title else _("A rule of another unit")
    return _(
        "%(rule)s asks for the same of some of the same people, but otherwise. Whoever both ask has one duty: what is "
        "due first counts, and of a result what ends first."
    ) % {"rule": name}


def _differ(one: Rule, other: Rule) -> bool:
    """Whether two requirements ask the same on the same days, by other days or for another time."""
    if one.requirement == other.requirement or one.target != other.target or not _overlap(one.days, other.days):
        return False
    return (one.due_days, one.counts_months, one.due, one.renewal) != (
        *(other.due_days, other.counts_months, other.due, other.renewal),
    )


def _overlap(one: Days, other: Days) -> bool:
    return one.overlap(other) is not None


def _meet(one: Rule, other: Rule, below: Collection[tuple[int, int]]) -> bool:
    """Whether there may be posts that both ask: one's unit lies below the other's, and nothing else keeps them apart."""
    if (one.unit, other.unit) not in below and (other.unit, one.unit) not in below:
        return False
    pairs = ((one.categories, other.categories), (one.people, other.people))
    return all(not mine or not theirs or not mine.isdisjoint(theirs) for mine, theirs in pairs)
