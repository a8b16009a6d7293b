"""A rule for a synthetic country: what it reaches at once, and whose dates move in the background. COUNTRY=130000."""

import os
import time
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from courses.models import Course
from lms.duties.models import TrainingRequirement
from lms.duties.proposing import asking, dates, reached
from lms.duties.proposing.asked import Asked, effect
from lms.duties.requiring import Audience, Terms
from lms.organisation import grants
from lms.organisation.models import OrgUnit, Role, User
from tests.benchmarks import country
from tests.benchmarks.figures import report
from tests.duties.making import BY
from tests.plugins.time import SetClock

PEOPLE = int(os.environ.get("COUNTRY", "13000"))
TODAY = date(2026, 6, 30)
pytestmark = pytest.mark.django_db


def test_a_change_for_the_country(at: SetClock) -> None:
    at(TODAY)
    made = country.make(PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    root = OrgUnit.objects.get(pk=made.root)
    author = User.objects.create(username="author")
    grants.grant(author, Role.TRAINING_COORDINATOR, root, from_day=date(2020, 1, 1), by=BY)
    rule = TrainingRequirement.objects.order_by("pk").last()
    course = Course.objects.order_by("pk").last()
    assert rule is not None
    assert course is not None
    asked = Asked(TODAY, rule, Audience(root), Terms([course], 90))
    newcomers = replace(asked, audience=Audience(root, appointed_within_days=365))
    for name, some in (("everybody", asked), ("newcomers only", newcomers)):
        began = time.perf_counter()
        found = reached.figures(effect(some))
        seconds = time.perf_counter() - began
        report(f"preview of a change, {name}, {found['people']} of {PEOPLE} people: at once", seconds, "s", budget=5)
    proposal = asking.propose(asked, reason="More time.", by=author)
    began, cpu = time.perf_counter(), time.process_time()
    preview = dates.work_through(proposal.preview)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    report(f"preview of a change, {preview.done} people: dates, wall", seconds, "s", budget=60)
    report("preview of a change: dates, CPU of this process", cpu, "s")
