"""Exemptions and long leave as pages: who may, what must be said, and what comes of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lms.core.errors import Refused
from lms.duties.duties import duties_of
from lms.duties.models import Exemption
from lms.duties.spans import State
from lms.organisation import leaves
from lms.organisation.models import Leave, User
from tests.cast import Office, person
from tests.duties.exceptions.reading import ClientFor, words_of
from tests.duties.making import TODAY, make_course, make_rule
from tests.plugins.time import SetClock


@pytest.fixture(autouse=True)
def _held(at: SetClock) -> None:
    at(TODAY)


def test_an_exemption_names_who_agreed_and_its_end_and_ends_early(
    office: Office, learner: User, her_manager: User, hr: User, client_for: ClientFor
) -> None:
    make_rule(office, make_course("COC", title="Code of conduct"), due_days=10)
    client, address = client_for(hr), reverse("exemptions_of", args=[person(learner).uuid])
    typed = {"course": "COC", "from_day": "2026-03-01", "approver": hr.username, "reason": "Same course abroad."}
    assert "Say when it ends, or when to look at it again." in words_of(client.post(address, typed))
    assert client_for(her_manager).get(address).status_code == 403
    assert client.get(reverse("exemptions_of", args=[person(hr).uuid])).status_code == 404
    told = words_of(client.post(address, typed | {"last_day": "2026-12-31"}, follow=True))
    assert "COC: exempt from 1 March 2026, agreed by Odile Marchand. Last day: 31 December 2026. Same course" in told
    assert duties_of(person(learner), TODAY)[0].state == State.EXEMPT
    assert "Lindiwe Okoro" in words_of(client.get(reverse("exemptions")))
    end = reverse("exemption_end", args=[Exemption.objects.held().get().uuid])
    client.post(end, {"until": TODAY, "reason": "The course abroad was another."})
    assert duties_of(person(learner), TODAY)[0].state == State.OVERDUE
    assert duties_of(person(learner), TODAY - timedelta(days=1))[0].state == State.EXEMPT


def test_leave_is_recorded_by_the_supervisor_and_says_what_stands_still(
    office: Office, learner: User, her_manager: User, client_for: ClientFor
) -> None:
    make_rule(office, make_course("COC", title="Code of conduct"), due_days=80, from_day=date(2026, 1, 1))
    client, address = client_for(her_manager), reverse("staff_leave", args=[person(learner).uuid])
    told = words_of(client.post(address, {"from_day": "2026-03-10", "reason": "parental"}, follow=True))
    assert "From 10 March 2026, no end known (Parental leave)" in told
    assert "Code of conduct: There is no due day yet: the days stand still during leave." in told
    back = reverse("staff_leave_end", args=[person(learner).uuid, Leave.objects.get().pk])
    told = words_of(client.post(back, {"until": "2026-04-20"}, follow=True))
    # 22 March, and 41 days of leave.
    assert "It is due by 2 May 2026. On long leave from 10 March 2026 to 19 April 2026" in told
    client.post(
        reverse("staff_leave_end", args=[person(learner).uuid, Leave.objects.held().get().pk]), {"until": "2026-04-15"}
    )
    assert duties_of(person(learner), TODAY)[0].due_on == date(2026, 4, 27)


def test_nobody_records_their_own_leave_nor_that_of_strangers(learner: User, her_manager: User, stranger: User) -> None:
    for who, by in ((her_manager, her_manager), (stranger, her_manager), (her_manager, learner)):
        with pytest.raises(Refused):
            leaves.record_leave(person(who), from_day=TODAY, by=by)
    assert not Leave.objects.exists()
