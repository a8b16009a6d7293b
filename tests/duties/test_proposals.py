"""Rules proposed with their preview, and approved by a second person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from courses.models import Course
from lms.core.errors import Refused
from lms.core.models import AuditEntry, OutboxJob
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.duties import duties_of_people
from lms.duties.models import ProposalDecision, ProposalPreview, RequirementProposal, RequirementVersion
from lms.duties.proposing import asking, dates, deciding, reached
from lms.duties.proposing.asked import Asked, effect, read
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.requiring import Audience, Terms
from lms.duties.year_days import YearDay
from lms.organisation import posts
from lms.organisation.models import Person, User
from tests.cast import Office, person
from tests.duties.making import TODAY, make_course, make_rule, pass_course
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("learner", "colleague", "stranger", "her_manager")


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def coc(db: None) -> Course:
    return make_course("COC", title="Code of conduct", is_integrity=True)


def asked_of(office: Office, course: Course, *, unit: str = "kopw", due_days: int = 30, **more: object) -> Asked:
    audience = Audience(office.units[unit], [office.categories["CLERK"]])
    return replace(Asked(TODAY, None, audience, Terms([course], due_days)), **more)  # type: ignore[arg-type]


def filled(office: Office, course: Course, **more: object) -> dict[str, object]:
    asked = {"title": "Clerks know the code", "courses": course.code, "unit": office.root.uuid, "due_days": 30}
    return {**asked, "categories": "CLERK", "from_day": TODAY, **more}


def waiting(office: Office, course: Course, by: User) -> RequirementProposal:
    """A proposal whose preview is finished and for which approval is asked."""
    proposal = asking.propose(asked_of(office, course), title="Clerks know the code", by=by)
    dates.work_through(proposal.preview)
    return asking.ask(proposal, by=by)


def test_audience_and_terms_come_back_exactly_as_they_were_proposed(office: Office, hr: User, coc: Course) -> None:
    other, short = make_course("OTHER"), make_course("SHORT")
    audience = Audience(office.root, [office.categories["CLERK"]], [posts.tag("cash", name="Cash")], [person(hr)], 31)
    terms = Terms(
        [other, coc],
        0,
        note="As agreed.",
        due=Due(CountsFrom.YEAR_DAY, in_working_days=True, least_days=20, each_year=YearDay(2, 29)),
        renewal=Renewal(ExpiryBasis.YEAR_DAY, YearDay(3, 31), 4, 90, RenewalAsks.REFRESHER, (short.pk,)),
    )
    proposal = asking.propose(Asked(TODAY, None, audience, terms), title="All of it", by=hr)
    again = read(RequirementProposal.objects.get(pk=proposal.pk))
    assert (again.audience, again.terms) == (audience, terms)


def test_those_whom_another_rule_asks_for_the_same_neither_gain_nor_lose(
    office: Office, hr: User, learner: User, coc: Course
) -> None:
    make_rule(office, coc, unit="brook", categories=("CLERK",))
    new = reached.figures(effect(asked_of(office, coc)))
    # Two clerks at Brook have it already; of the other two posts, Quay has its clerk and Ridge is empty.
    assert {name: new[name] for name in ("people", "units", "gain", "lose", "vacant")} == {
        "people": 3, "units": 2, "gain": 1, "lose": 0, "vacant": 1,
    }  # fmt: skip
    assert [(line["name"], line["people"], line["gain"], line["vacant"]) for line in new["lines"]] == [
        ("Coast region", 1, 1, 0),
        ("Hill region", 2, 0, 1),
    ]
    wide = make_rule(office, coc, categories=("CLERK",), title="Everywhere")
    ended = reached.figures(effect(Asked(TODAY, wide)))
    assert (ended["people"], ended["gain"], ended["lose"]) == (3, 0, 1)
    leads = Audience(office.root, [office.categories["LEAD"]])
    moved = reached.figures(effect(Asked(TODAY, wide, leads, Terms([coc], 30))))
    assert (moved["people"], moved["gain"], moved["lose"]) == (1, 1, 1)


def test_what_is_counted_at_once_and_in_the_background_is_what_the_rule_then_does(
    office: Office, hr: User, coc: Course
) -> None:
    """Newcomers only, one of whom came from another post that the rule reaches: the two ways of counting agree."""
    office.hire("New", "Comer", "ridge-clerk", from_day=TODAY - timedelta(days=10))
    pass_course(person(User.objects.get(person__given_names="New")), coc, date(2026, 3, 10))
    audience = Audience(office.root, [office.categories["CLERK"]], appointed_within_days=30)
    proposal = asking.propose(Asked(TODAY, None, audience, Terms([coc], 30)), title="Newcomers", by=hr)
    preview = dates.work_through(proposal.preview)
    assert (preview.figures["people"], preview.figures["gain"], preview.dates) == (1, 1, {"gained": 1, "in_date": 1})
    deciding.make_alone(proposal, by=hr)
    assert len(duties_of_people(list(Person.objects.values_list("pk", flat=True)), TODAY).keys()) > 1
    owing = [
        some for some in duties_of_people(list(Person.objects.values_list("pk", flat=True)), TODAY).values() if some
    ]
    assert len(owing) == 1


def test_dates_that_move_and_dates_that_cannot_be_met_are_counted(
    office: Office, hr: User, learner: User, coc: Course
) -> None:
    rule = make_rule(office, coc, categories=("CLERK",), due_days=90)
    pass_course(person(learner), coc, date(2026, 3, 1))
    audience = Audience(office.root, [office.categories["CLERK"]])
    longer = asking.propose(Asked(TODAY, rule, audience, Terms([coc], 100)), reason="More time.", by=hr)
    assert dates.work_through(longer.preview).dates == {"in_date": 1, "later-8": 2}
    make_course("NEW")
    late = asked_of(office, Course.objects.get(code="NEW"), due_days=1, from_day=TODAY - timedelta(days=30))
    assert dates.work_through(asking.propose(late, title="Late", by=hr).preview).dates == {"gained": 3, "overdue": 3}
    soon = asked_of(office, Course.objects.get(code="NEW"), due_days=1)
    assert dates.work_through(asking.propose(soon, title="Soon", by=hr).preview).dates == {"gained": 3, "too_little": 3}


def test_pieces_that_are_killed_or_come_twice_count_everybody_once(
    office: Office, hr: User, coc: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dates, "AT_A_TIME", 1)
    preview = asking.propose(asked_of(office, coc), title="In pieces", by=hr).preview
    first = OutboxJob.objects.get(kind=dates.JOB)
    dates.handle(first.payload)
    dates.handle(first.payload)
    assert ProposalPreview.objects.get(pk=preview.pk).done == 1
    with transaction.atomic():
        dates.handle(OutboxJob.objects.filter(kind=dates.JOB).latest("pk").payload)
        transaction.set_rollback(True)  # Killed before it was committed.
    for _piece in range(4):
        dates.handle(OutboxJob.objects.filter(kind=dates.JOB).latest("pk").payload)
    done = ProposalPreview.objects.get(pk=preview.pk)
    assert (done.dates["gained"], done.done, done.finished_at is not None) == (3, 3, True)


def test_a_second_person_approves_and_never_the_author(
    office: Office, hr: User, integrity_officer: User, coc: Course
) -> None:
    proposal = waiting(office, coc, integrity_officer)
    User.objects.filter(pk=integrity_officer.pk).update(is_superuser=True)
    for nobody in (User.objects.get(pk=integrity_officer.pk), User.objects.create(username="root", is_superuser=True)):
        with pytest.raises(Refused):
            deciding.approve(proposal, preview=proposal.preview, by=nobody)
    with pytest.raises(Refused, match="approve"):
        deciding.make_alone(proposal, by=integrity_officer)
    decision = deciding.approve(proposal, preview=proposal.preview, by=hr)
    version = RequirementVersion.objects.get()
    assert (decision.version, decision.preview, version.by, version.requirement.owner) == (
        version, proposal.preview, integrity_officer, integrity_officer,
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="proposal approved", by_user=hr).exists()
    with pytest.raises(Refused, match="decided already"):
        deciding.approve(proposal, preview=proposal.preview, by=hr)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalDecision.objects.create(
            proposal=asking.propose(asked_of(office, coc), title="Other", by=hr),
            preview=proposal.preview,
            outcome="approved",
            author=hr,
            by_user=hr,
        )


def test_who_may_not_make_a_rule_may_not_approve_it(office: Office, hr: User, integrity_officer: User) -> None:
    proposal = waiting(office, make_course("COUNTER"), hr)
    with pytest.raises(Refused, match="role"):
        deciding.approve(proposal, preview=proposal.preview, by=integrity_officer)
    assert asking.why_alone(read(proposal), hr) == asking.NOBODY_ELSE


def test_a_preview_that_no_longer_holds_is_made_again_before_it_is_approved(
    office: Office, hr: User, integrity_officer: User, coc: Course
) -> None:
    proposal = waiting(office, coc, integrity_officer)
    old = proposal.preview
    office.hire("One", "More", "ridge-clerk")
    with pytest.raises(Refused, match="have changed since"):
        deciding.approve(proposal, preview=old, by=hr)
    fresh = asking.preview_again(proposal)
    with pytest.raises(Refused, match="newer preview"):
        deciding.approve(proposal, preview=old, by=hr)
    with pytest.raises(Refused, match="not finished"):
        deciding.approve(proposal, preview=fresh, by=hr)
    dates.work_through(fresh)
    assert deciding.approve(proposal, preview=fresh, by=hr).preview.figures["people"] == 4


def test_hr_approves_on_the_pages_what_the_integrity_unit_proposes(
    office: Office, hr: User, integrity_officer: User, coc: Course, client_for: ClientFor
) -> None:
    author, approver = client_for(integrity_officer), client_for(hr)
    shown = author.post("/requirements/new/", filled(office, coc)).content.decode()
    assert "Save the rule" not in shown
    draft = author.post("/requirements/new/", filled(office, coc, confirmed="look"), follow=True)
    proposal = RequirementProposal.objects.get()
    address = f"/requirements/proposals/{proposal.uuid}/"
    assert "Being counted: 0 of 3 people" in draft.content.decode()
    assert approver.get(address).status_code == 404
    dates.work_through(proposal.preview)
    step = {"preview": proposal.preview.pk}
    author.post(address, step | {"step": "ask"})
    assert "It waits for your decision" in approver.get("/requirements/proposals/").content.decode()
    assert "Say why" in approver.post(address, step | {"step": "decline"}).content.decode()
    page = approver.get(address).content.decode()
    assert "Everybody in Office of Public Works, Kestrel who works as Counter clerk must know Code of conduct" in page
    assert "Coast region,1,1,0,0" in approver.get(f"{address}csv/").content.decode()
    assert "Approved" in approver.post(address, step | {"step": "approve"}, follow=True).content.decode()
    assert RequirementVersion.objects.get().requirement.title == "Clerks know the code"
    assert "Approved by" in author.get(address).content.decode()


def test_a_rule_is_made_alone_only_where_nobody_else_may_approve_it_and_that_is_kept(
    office: Office, hr: User, coc: Course, client_for: ClientFor, settings: Settings
) -> None:
    client = client_for(hr)
    shown = client.post("/requirements/new/", filled(office, coc)).content.decode()
    assert "Nobody else may approve this rule" in shown
    client.post("/requirements/new/", filled(office, coc, confirmed="yes"))
    decision = ProposalDecision.objects.get()
    assert (decision.outcome, decision.reason, decision.preview.figures["gain"]) == ("alone", asking.NOBODY_ELSE, 3)
    entry = AuditEntry.objects.get(action="rule made without a second person")
    assert entry.details["why"] == asking.NOBODY_ELSE
    settings.RULES_NEED_APPROVAL = False
    assert asking.why_alone(asked_of(office, coc), hr) == asking.NOT_ASKED
