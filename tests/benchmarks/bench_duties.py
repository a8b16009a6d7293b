"""My learning with few and with many duties, and the coverage of an office's worth of people."""

from collections.abc import Callable

import pytest
from django.test import Client

from lms.demo import loading
from lms.duties.coverage import coverage
from lms.organisation.models import User
from tests.benchmarks.conftest import Measure
from tests.benchmarks.figures import cpu_ms, report
from tests.cast import Office
from tests.dashboards.making import somebody_busy
from tests.duties.making import make_course

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("duties", [3, 30])
def test_my_learning(measure_page: Measure, office: Office, client_for: Callable[[User], Client], duties: int) -> None:
    client = client_for(somebody_busy(office, duties=duties))
    measure_page(f"my learning, {duties} duties", client, "/my/")


def test_coverage_of_the_demo() -> None:
    make_course("COC-ZA", is_integrity=True)
    organisation, _new = loading.load()
    whole = cpu_ms(lambda: coverage(organisation.root, organisation.loaded_on), times=10)
    report("coverage of 521 people, live", whole, "ms")
