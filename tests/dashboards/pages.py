"""The pages that need several rooms."""

from lms.organisation.models import User
from tests.cast import Office
from tests.dashboards.making import somebody_busy
from tests.page_cases import ACCOUNT, LEARNER, Fixtures, PageCase


def _busy(fixtures: Fixtures) -> User:
    office: Office = fixtures.getfixturevalue("office")
    return somebody_busy(office, duties=4)


PAGES = [
    PageCase("my_learning", LEARNER, exceptions={ACCOUNT: 403}),
    PageCase("my_learning", LEARNER, "with duties", user=_busy, exceptions={ACCOUNT: 403}),
]
