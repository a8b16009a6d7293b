"""States of the pages about exceptions."""

from datetime import date, timedelta

from courses.models import Course
from lms.core import clock
from lms.duties import upkeep
from lms.duties.exceptions import extending
from lms.duties.models import ExtensionRequest
from lms.duties.targets import Target
from lms.organisation.models import Person
from tests.cast import Office, person
from tests.duties.making import BY, make_course, make_rule
from tests.page_cases import Fixtures


def asked(fixtures: Fixtures) -> Person:
    """The learner, of whom one course is required, not yet due."""
    office: Office = fixtures.getfixturevalue("office")
    who = person(fixtures.getfixturevalue("learner"))
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, from_day=clock.today() - timedelta(days=10), title="Conduct for all")
    return who


def too_late(fixtures: Fixtures) -> Person:
    """The learner, of whom something is required that was due before anybody knew."""
    office: Office = fixtures.getfixturevalue("office")
    who = person(fixtures.getfixturevalue("learner"))
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, from_day=clock.today() - timedelta(days=60), categories=("CLERK",))
    upkeep.work_off()
    return who


def waiting(fixtures: Fixtures) -> ExtensionRequest:
    """More time is asked for."""
    who = asked(fixtures)
    until: date = clock.today() + timedelta(days=60)
    return extending.ask(who, Target.any_of([Course.objects.get(code="COC").pk]), until=until, reason="Flood.", by=BY)
