"""How many people of a line's audience did it in its quarter: one statement for all lines.

Competence and attendance are counted apart. Audience is who held a post there on the very day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from courses.models import Acknowledgement, Attendance, Result
from lms.core.quarters import Quarter
from lms.duties.models import PlanLine
from lms.organisation.models import PostHolding, UnitAncestry

_DONE, _ATTENDED = "done", "attended"


class Counts(NamedTuple):
    """People who are competent or put their name to it, and people who were at sessions for it."""

    done: int = 0
    attended: int = 0


def counts(lines: Sequence[PlanLine], quarters: dict[int, Quarter], day: date) -> dict[int, Counts]:
    """By line (its id), as at a day, each person once. Lines come with their target and categories."""
    arms = [arm for line in lines for arm in _arms(line, quarters[line.quarter], day)]
    found: dict[int, dict[str, int]] = {line.pk: {} for line in lines}
    for line, what, number in arms[0].union(*arms[1:], all=True) if arms else []:
        found[line][what] = number
    return {pk: Counts(**numbers) for pk, numbers in found.items()}


def _arms(line: PlanLine, quarter: Quarter, day: date) -> Iterable[QuerySet[Any, Any]]:
    until = min(quarter.until, day + timedelta(days=1))
    if until <= quarter.first:
        return
    target = line.target.target
    if target.document is not None:
        yield _counted(_signed(target.document, quarter.first, until), line, _DONE)
        return
    # What was ended since does not count: it was taken back, or something took its place.
    standing = Result.objects.held().filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))
    passed = standing.filter(course_version__course__in=target.courses)
    there = Attendance.objects.counting().present().filter(session__course__in=target.courses)
    yield _counted(_between(passed, quarter.first, until), line, _DONE)
    yield _counted(_between(there, quarter.first, until), line, _ATTENDED)


def _signed(document: int, first: date, until: date) -> QuerySet[Any]:
    signed = Acknowledgement.objects.filter(
        document_version__document=document, on__gte=_midnight(first), on__lt=_midnight(until)
    )
    found: QuerySet[Any] = signed.annotate(day=TruncDate("on"))
    return found


def _between(rows: QuerySet[Any], first: date, until: date) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.filter(valid_from__gte=first, valid_from__lt=until).annotate(day=F("valid_from"))
    return found


def _counted(rows: QuerySet[Any], line: PlanLine, what: str) -> QuerySet[Any, Any]:
    mine = rows.filter(Exists(_audience(line))).order_by()
    named = mine.values(line=Value(line.pk, output_field=IntegerField()), what=Value(what, output_field=CharField()))
    counted: QuerySet[Any, Any] = named.annotate(n=Count("person", distinct=True)).values_list("line", "what", "n")
    return counted


def _audience(line: PlanLine) -> QuerySet[PostHolding]:
    """Posts held on the day of the row outside, by people of the line's unit and categories."""
    day, two_up = OuterRef("day"), OuterRef(OuterRef("day"))
    below = UnitAncestry.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=two_up),
        ancestor=line.unit_id, unit=OuterRef("post__unit"), valid_from__lte=two_up,
    )  # fmt: skip
    held = PostHolding.objects.held().filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day), Exists(below), person=OuterRef("person"),
        valid_from__lte=day,
    )  # fmt: skip
    categories = [category.pk for category in line.categories.all()]
    return held.filter(post__category__in=categories) if categories else held


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
