"""Results from before this site: many at once, once each, and for as long as the course says."""

from datetime import date, timedelta

import pytest

from courses.models import CourseVersion, Result
from courses.past_results import PastResult, bring_in
from lms.core import clock
from lms.core.errors import Refused
from lms.core.models import OutboxJob
from lms.organisation.models import User
from tests.cast import BY, person


def test_they_are_there_once_and_no_certificate_follows(tiny_course: CourseVersion, learner: User) -> None:
    day = clock.today() - timedelta(days=40)
    plan = PastResult(person(learner), tiny_course, day)
    [made] = bring_in([plan, plan], by=BY, reason="An old list")
    assert bring_in([plan], by=BY, reason="An old list") == []
    assert (made.source, made.valid_from, made.reason) == (Result.Source.IMPORTED, day, "An old list")
    assert made.is_in_date_on(clock.today())
    assert not OutboxJob.objects.exists()


def test_none_is_from_a_day_to_come(tiny_course: CourseVersion, learner: User) -> None:
    plans = [PastResult(person(learner), tiny_course, day) for day in (date(2025, 1, 6), date(2999, 1, 1))]
    with pytest.raises(Refused, match="still to come"):
        bring_in(plans, by=BY, reason="An old list")
    assert not Result.objects.exists()
