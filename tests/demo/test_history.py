"""The demo's two years: today's figures come out by computing, whatever day it is loaded for."""

import os
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models import Max

from courses.models import Result
from lms.core.months import add_months
from lms.demo import learnt, loading, people
from lms.duties.coverage import coverage
from lms.duties.duties import duties_of, duties_of_people
from lms.duties.spans import State
from lms.organisation.models import Leave, OrgUnit, Person, PostHolding
from tests.duties.making import make_course
from tests.plugins.time import SetClock

# A day that most years lack; by FRONTLINE_DEMO_DAYS others are tried by hand.
DAYS = os.environ.get("FRONTLINE_DEMO_DAYS", "2028-02-29").split()


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in DAYS], ids=str)
@pytest.mark.django_db
def test_the_figures_come_out_and_two_years_lead_up_to_them(day: date, at: SetClock) -> None:
    at(day)
    for code, months in learnt.MONTHS.items():
        make_course(code, holds_months=months, is_integrity=code != learnt.CARE)
    organisation, _new = loading.load(with_history=True)

    figures = {row.target: row for row in coverage(organisation.root, day)}
    care, ethics = figures["CCF-1"], figures["ETH-1"]
    assert (care.in_date, care.required, care.vacant) == (390, 500, 15)
    assert (ethics.in_date, ethics.required, ethics.vacant) == (438, 521, 17)

    _at_the_cliff(day)
    _overdue(day)
    _rises(organisation.root, day)
    thandi = Person.objects.get(surname="Mokoena")
    assert [(str(duty.state), duty.due_on) for duty in duties_of(thandi, day)] == [
        ("not_yet_due", day + timedelta(days=left)) for left in (4, 4, 34)
    ]
    assert PostHolding.objects.held().filter(valid_until__lt=day).count() > 60
    assert Leave.objects.on(day).count() == 3
    assert figures["COC-ZA"].exempt == 2

    before = (Result.objects.count(), PostHolding.objects.count(), Leave.objects.count())
    loading.load(with_history=True)
    assert (Result.objects.count(), PostHolding.objects.count(), Leave.objects.count()) == before


def _at_the_cliff(day: date) -> None:
    first = learnt.january(day)
    held = Result.objects.in_date_on(day).filter(course_version__course__code="ETH-1")
    held = held.filter(person__in=PostHolding.objects.on(day).values("person"))
    last = held.values("person").annotate(last=Max("holds_until"))
    assert last.filter(last__range=(first, first + timedelta(days=30))).count() == 96


def _overdue(day: date) -> None:
    """41 people for more than 30 days, about 60 % of them in two regions."""
    late = set()
    for person, duties in duties_of_people(
        list(PostHolding.objects.on(day).values_list("person", flat=True)), day
    ).items():
        for duty in duties:
            if duty.state == State.OVERDUE and duty.due_on is not None and (day - duty.due_on).days > 30:
                late.add(person)
    regions = Counter(
        code[:2] for code in PostHolding.objects.on(day).filter(person__in=late).values_list("post__code", flat=True)
    )
    assert len(late) == 41
    assert regions["RL"] + regions["GH"] == 25
    assert people.PARTS.keys().isdisjoint(
        PostHolding.objects.on(day).filter(person__in=late).values_list("post__code", flat=True)
    )


def _rises(root: OrgUnit, day: date) -> None:
    for code in ("CCF-1", "ETH-1"):
        shares = []
        for months in (18, 12, 6, 0):
            [row] = [row for row in coverage(root, add_months(day, -months)) if row.target == code]
            shares.append(row.percent or 0)
        assert shares == sorted(shares)
