"""The cast itself stands, and each member reaches the page of their part."""

from collections.abc import Callable

import pytest
from django.test import Client

from lms.organisation.lines import managers_of
from lms.organisation.models import Post, PostHolding, User
from tests.cast import SINCE, Office, person


def test_the_learner_reports_to_her_manager(office: Office, learner: User, her_manager: User) -> None:
    assert list(managers_of(person(learner), SINCE)) == [her_manager.person]


def test_every_member_of_the_cast_holds_a_post(
    learner: User, her_manager: User, hr: User, assessor: User, stranger: User
) -> None:
    assert PostHolding.objects.on(SINCE).count() == 5
    assert Post.objects.open_on(SINCE).count() == 15


@pytest.mark.parametrize(("part", "status"), [("hr", 200), ("her_manager", 200), ("learner", 403), ("auditor", 403)])
def test_the_staff_list_opens_for_those_who_issue_codes(
    part: str, status: int, learner: User, client_for: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    assert client_for(request.getfixturevalue(part)).get("/staff/").status_code == status
