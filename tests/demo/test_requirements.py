"""What the demo requires."""

from datetime import timedelta

import pytest

from lms.demo import loading, people
from lms.duties.coverage import coverage
from lms.duties.duties import duties_of
from lms.duties.models import TrainingRequirement
from lms.organisation.models import Organisation, Person
from tests.duties.making import make_course


@pytest.fixture
def demo(db: None) -> Organisation:
    for code in ("COC-ZA", "ETH-1"):
        make_course(code, is_integrity=True)
    make_course("CCF-1")
    return loading.load()[0]


def test_thandi_has_four_days_left_and_the_integrity_unit_none(demo: Organisation) -> None:
    day = demo.loaded_on
    thandi = Person.objects.get(surname="Mokoena")
    assert [(str(duty.state), duty.due_on) for duty in duties_of(thandi, day)] == [
        ("not_yet_due", day + timedelta(days=left)) for left in (4, 4, 34)
    ]
    amaka = people.PARTS[people.INTEGRITY]
    hers = duties_of(Person.objects.get(given_names=amaka.given_names, surname=amaka.surname), day)
    assert [(str(duty.state), duty.due_on) for duty in hers] == [("overdue", day - timedelta(days=14))] * 2


def test_everybody_in_a_post_is_asked_and_vacant_posts_are_counted(demo: Organisation) -> None:
    rows = [
        (row.target, row.required, row.overdue, row.vacant, row.contractors)
        for row in coverage(demo.root, demo.loaded_on)
    ]
    assert rows == [("CCF-1", 500, 0, 15, 1), ("COC-ZA", 521, 2, 17, 1), ("ETH-1", 521, 2, 17, 1)]
    assert {str(rule.owner) for rule in TrainingRequirement.objects.all()} == {"Devon Clarke"}


def test_the_demo_loads_without_the_curriculum(db: None) -> None:
    loading.load()
    assert not TrainingRequirement.objects.exists()
