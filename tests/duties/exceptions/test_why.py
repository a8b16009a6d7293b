"""Why me: the page says in words what the duty is, to whoever may see it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Course, Result
from lms.core.models import AuditEntry
from lms.duties.models import Extension, ExtensionRequest
from lms.organisation import hiring, leaves
from lms.organisation.models import User
from tests.cast import Office, person
from tests.duties.exceptions.reading import ClientFor, words_of
from tests.duties.making import BY, TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock


@pytest.fixture(autouse=True)
def _held(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def course(office: Office) -> Course:
    """Asked of everybody within 60 days from January on."""
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, due_days=60, from_day=date(2026, 1, 10), title="Conduct for all")
    return course


def _why(user: User, course: Course, query: str = "") -> str:
    return reverse("why", args=[person(user).uuid, str(course.pk)]) + query


def test_a_move_within_the_audience_and_a_leave_are_told(
    office: Office, learner: User, course: Course, client_for: ClientFor
) -> None:
    who = person(learner)
    hiring.transfer(who, to=office.posts["quay-clerk"], on=date(2026, 2, 2), by=BY)
    leaves.record_leave(who, from_day=date(2026, 1, 21), until=date(2026, 2, 28), by=BY)
    told = words_of(client_for(learner).get(_why(learner, course)))
    # 60 days from 10 January and 38 of leave.
    assert "It is due by 18 April 2026." in told
    assert "Everybody in Office of Public Works, Kestrel must know Code of conduct (COC) within 60 days" in told
    assert "Through the post Counter clerk, Quay office, since 2 February 2026." in told
    assert "The rule began to ask on 10 January 2026, when the post was held already. From then on there are 60" in told
    assert "On long leave from 21 January 2026 to 27 February 2026: the clock stood still, and the day is 38" in told
    assert "The move to Counter clerk, Quay office on 2 February 2026 was within the reach of the rule" in told
    assert "the days go on from 10 January 2026" in told
    assert "19 April 2026: Overdue, unless it was done by then." in told
    assert "4 April 2026: A reminder is planned." in told


def test_a_past_day_shows_what_was_so_then(learner: User, hr: User, course: Course, client_for: ClientFor) -> None:
    pass_course(person(learner), course, date(2026, 2, 1), source=Result.Source.RECOGNISED)
    client = client_for(learner)
    told = words_of(client.get(_why(learner, course, "?on=2026-01-20")))
    assert "As at 20 January 2026: It is due by 11 March 2026." in told
    assert "No result so far." in told
    told = words_of(client.get(_why(learner, course)))
    assert "It is in date until 31 January 2028." in told
    assert "competent since 1 February 2026 (Recognised)" in told
    assert "2 December 2027: It can be renewed from this day on." in told
    assert "No rule asked for it on 9 January 2026." in words_of(client.get(_why(learner, course, "?on=2026-01-09")))
    assert "Choose today or an earlier day" in words_of(client.get(_why(learner, course, "?on=2026-03-17")))


def test_who_may_see_it_and_who_may_not(
    office: Office, learner: User, her_manager: User, stranger: User, integrity_officer: User, hr: User,
    auditor: User, course: Course, client_for: ClientFor,
) -> None:  # fmt: skip
    desk = make_course("DESK", title="At the desk")
    make_rule(office, desk)
    assert client_for(her_manager).get(_why(learner, course)).status_code == 200
    assert AuditEntry.objects.filter(action="why a duty is asked seen").count() == 1
    assert client_for(stranger).get(_why(learner, course)).status_code == 404
    # Outside their own line they say what for.
    client = client_for(integrity_officer)
    assert "Why do you need to see" in words_of(client.get(_why(learner, course)))
    shown = client.post(_why(learner, course), {"purpose": "The yearly check."}, follow=True)
    assert "Conduct for all" in words_of(shown)
    assert client.get(_why(learner, desk)).status_code == 403
    assert client_for(learner).get(reverse("why", args=[person(learner).uuid, "9999"])).status_code == 404


def test_more_time_is_asked_for_decided_and_read(
    learner: User, hr: User, course: Course, client_for: ClientFor
) -> None:
    client, other = client_for(learner), client_for(hr)
    address = reverse("more_time", args=[person(learner).uuid, str(course.pk)])
    assert "Choose a day after 16 March" in words_of(client.post(address, {"until": TODAY, "reason": "Flood."}))
    shown = client.post(address, {"until": "2026-05-31", "reason": "The office was flooded."}, follow=True)
    assert "asked on 16 March 2026 for time until 31 May 2026: The office was flooded." in words_of(shown)
    assert "More time until 31 May 2026: Awaiting a decision" in words_of(client.get(reverse("my_learning")))
    request = ExtensionRequest.objects.get()
    decide = reverse("more_time_decide", args=[request.uuid])
    assert client.get(decide).status_code == 403
    assert "say why" in words_of(other.post(decide, {"until": "2026-05-31", "decline": "1"})).lower()
    other.post(decide, {"until": "2026-04-30", "reason": "A month is enough."})
    assert "More time until 30 April 2026: Granted" in words_of(client.get(reverse("my_learning")))
    told = words_of(client.get(_why(learner, course)))
    assert "It is due by 30 April 2026." in told
    assert "Odile Marchand gave time until 30 April 2026 on 16 March 2026. A month is enough." in told
    other.post(reverse("more_time_back", args=[Extension.objects.get().uuid]), {"reason": "The flood is over."})
    assert "It was due by 11 March 2026." in words_of(client.get(_why(learner, course)))


def test_as_many_queries_for_three_rules_as_for_one(
    office: Office, learner: User, course: Course, client_for: ClientFor
) -> None:
    client = client_for(learner)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(_why(learner, course))
        counts.append(len(queries))
        for unit in ("hill", "brook"):
            make_rule(office, course, unit=unit, due_days=90 + number)
    assert counts[0] == counts[1] <= 25
