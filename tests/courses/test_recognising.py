"""Certificates of listed issuers: brought, decided on, withdrawn; what is refused, and who may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.models import CourseVersion, RecognitionRequest, RecognitionState, Result
from courses.recognising import asking, deciding, listing
from lms.core import clock
from lms.core.errors import Refused
from lms.core.months import last_day_of_term
from lms.organisation.models import User
from tests.cast import BY, person
from tests.courses.recognising import PDF, brought, listed, paper

ClientFor = Callable[[User], Client]


def _state(row: RecognitionRequest) -> RecognitionState:
    return RecognitionRequest.objects.with_names().get(pk=row.pk).state


def test_what_is_recognised_counts_as_long_as_the_certificate_and_no_longer_than_our_course(
    tiny_course: CourseVersion, learner: User, colleague: User, hr: User
) -> None:
    tiny_course.holds_months = 12
    tiny_course.save()
    row = brought(learner, tiny_course.course)
    assert (_state(row), Result.objects.count()) == (RecognitionState.AWAITING, 0)
    made = deciding.recognise(row, by=hr)
    assert deciding.recognise(row, by=hr) == made
    result = Result.objects.get()
    assert (result.source, result.person, result.course_version) == ("recognised", person(learner), tiny_course)
    assert (result.valid_from, result.holds_until) == (row.awarded_on, row.good_until)
    assert "Reef Academy, Lagoon, number RA-77/1" in result.evidence

    without_end = asking.ask(person(colleague), row.listing, paper("RA-78", good_for=None), by=colleague)
    deciding.recognise(without_end, by=hr)
    ours = Result.objects.get(person=person(colleague))
    assert ours.holds_until == last_day_of_term(without_end.awarded_on, 12)


def test_what_is_refused_is_refused_in_words(tiny_course: CourseVersion, learner: User, colleague: User) -> None:
    tiny_course.holds_months = 12
    tiny_course.save()
    me, listing_row = person(learner), listed(tiny_course.course)
    row = asking.ask(me, listing_row, paper("RA 77-1"), by=learner)
    assert asking.ask(me, listing_row, paper("ra771"), by=learner) == row
    refused = {
        "brought before": (colleague, paper("RA/77/1")),
        "ran out on": (learner, paper("RA-79", good_for=-1)),
        "awarded too long ago": (learner, paper("RA-80", days_ago=400, good_for=None)),
        "still to come": (learner, paper("RA-81", days_ago=-1)),
        "no letter and no digit": (learner, paper("--")),
        "no PDF": (learner, paper("RA-82", content=b"MZ not a paper")),
        "is empty": (learner, paper("RA-83", content=b"")),
    }
    for words, (user, bad) in refused.items():
        with pytest.raises(Refused, match=words):
            asking.ask(person(user), listing_row, bad, by=user)
    assert RecognitionRequest.objects.count() == 1


def test_an_issuer_off_the_list_by_then_is_refused(tiny_course: CourseVersion, learner: User, hr: User) -> None:
    row = brought(learner, tiny_course.course)
    listing.take_off(row.listing, on=clock.today(), reason="Their tests changed", by=BY)
    with pytest.raises(Refused, match="not on the list"):
        deciding.recognise(row, by=hr)
    with pytest.raises(Refused, match="not on the list"):
        asking.ask(person(learner), row.listing, paper("RA-90"), by=learner)
    assert not Result.objects.exists()


def test_nobody_decides_on_their_own_or_on_what_they_brought(
    tiny_course: CourseVersion, learner: User, hr: User
) -> None:
    own = brought(hr, tiny_course.course)
    carried = asking.ask(person(learner), own.listing, paper("RA-91"), by=hr)
    for row in (own, carried):
        with pytest.raises(Refused, match="omebody else decides"):
            deciding.recognise(row, by=hr)
        with pytest.raises(Refused, match="omebody else decides"):
            deciding.decline(row, reason="No", by=hr)


def test_a_declined_or_withdrawn_certificate_may_be_brought_again(
    tiny_course: CourseVersion, learner: User, hr: User
) -> None:
    row = brought(learner, tiny_course.course)
    deciding.decline(row, reason="The scan cannot be read", by=hr)
    with pytest.raises(Refused, match="in the meantime"):
        deciding.recognise(row, by=hr)
    again = asking.ask(person(learner), row.listing, paper(), by=learner)
    assert again != row
    deciding.recognise(again, by=hr)
    with clock.at(clock.now() + timedelta(seconds=1)):
        deciding.withdraw(again, reason="The issuer does not know it", by=hr)
        deciding.withdraw(again, reason="The issuer does not know it", by=hr)
    assert (_state(row), _state(again)) == (RecognitionState.DECLINED, RecognitionState.WITHDRAWN)
    assert not Result.objects.held().exists()
    assert Result.objects.get().end_reason == "The issuer does not know it"


def test_a_certificate_goes_over_the_pages_from_the_list_to_the_record(
    tiny_course: CourseVersion, learner: User, her_manager: User, hr: User, colleague: User, client_for: ClientFor
) -> None:
    desk, boss = client_for(hr), client_for(her_manager)
    said = {"issuer": "Reef Academy", "country": "Lagoon", "title": "Tea diploma", "course": "TINY"}
    said |= {"from_day": "2020-01-01", "agreed_by": "Board", "reason": "Same criteria"}
    assert desk.post("/recognition/issuers/", said).status_code == 302
    uuid, row = person(learner).uuid, listed(tiny_course.course)
    asked = {"listing": str(row.uuid), "number": "RA-1", "awarded_on": str(clock.today() - timedelta(days=3))}
    file = SimpleUploadedFile("mine.pdf", PDF)
    assert boss.post(f"/recognition/people/{uuid}/", {**asked, "file": file}).status_code == 302
    request = RecognitionRequest.objects.get()
    page = f"/recognition/{request.uuid}/"
    assert b"Awaiting a decision" in client_for(learner).get(page).content
    assert boss.post(page, {"outcome": "recognise"}).status_code == 403
    assert client_for(learner).post(page, {"outcome": "recognise"}).status_code == 403
    assert client_for(colleague).get(f"{page}evidence/").status_code == 404
    taken = desk.get(f"{page}evidence/")
    assert b"".join(taken.streaming_content) == PDF  # type: ignore[attr-defined]
    assert taken["Content-Disposition"].startswith("attachment")
    assert b"Say why you decline" in desk.post(page, {"outcome": "decline"}).content
    assert desk.post(page, {"outcome": "recognise"}).status_code == 302
    desk.post(f"{page}withdraw/", {"reason": "Forged"})
    assert b"Forged" in client_for(learner).get(page).content
