"""The pages on which rules are read, made, changed and ended."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from courses.models import Course, Instrument
from lms.duties.duties import duties_of
from lms.duties.models import RequirementVersion, TrainingRequirement
from lms.duties.reminder_plan import Moment
from lms.duties.sentences import sentences
from lms.organisation import posts, setup
from lms.organisation.models import User
from tests.cast import Office, person
from tests.duties.making import TODAY, make_course, make_rule
from tests.plugins.time import SetClock

ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


@pytest.fixture
def coc(db: None) -> Course:
    return make_course("COC", title="Code of conduct", is_integrity=True)


@pytest.fixture
def counter(db: None) -> Course:
    return make_course("COUNTER", title="At the counter")


def filled(office: Office, course: Course, **more: object) -> dict[str, object]:
    return {
        "title": "Clerks know the code",
        "courses": course.code,
        "unit": office.root.uuid,
        "categories": office.categories["CLERK"].code,
        "due_days": 30,
        "from_day": TODAY,
    } | more


def test_a_rule_is_a_sentence_that_can_be_read_aloud(office: Office, coc: Course) -> None:
    rule = make_rule(office, coc, unit="hill", categories=("CLERK",))
    version = rule.versions.get()
    version.instrument = Instrument.objects.create(
        code="psr", title="Public Service Regulations 2016", kind="regulation", jurisdiction="ZA",
        as_at=TODAY, review_due=TODAY,
    )  # fmt: skip
    version.counts_months = 12
    assert sentences([version], TODAY)[version.pk] == (
        "Everybody in Hill region who works as Counter clerk must know Code of conduct (COC) within 30 days of "
        "appointment, by Public Service Regulations 2016. A result counts for 12 months here."
    )


def test_a_sentence_names_tags_new_people_and_alternatives(
    office: Office, coc: Course, counter: Course, learner: User, colleague: User
) -> None:
    cash = posts.tag("cash", name="Handles cash")
    rule = make_rule(office, coc, counter, due_days=1, people=(person(learner), person(colleague)))
    version = rule.versions.get()
    version.tags.add(cash)
    version.appointed_within_days = 31
    assert sentences([version], TODAY)[version.pk] == (
        "Of those in Office of Public Works, Kestrel, each of Lindiwe Okoro, Ravi Pillay whose post is marked "
        "“Handles cash” appointed on 1 December 2025 or later must know At the counter (COUNTER) or Code of conduct "
        "(COC) within 1 day of appointment."
    )


def test_hr_sees_whom_a_rule_reaches_before_it_is_made(
    office: Office, hr: User, learner: User, coc: Course, client_for: ClientFor
) -> None:
    client = client_for(hr)
    shown = client.post("/requirements/new/", filled(office, coc)).content.decode()
    assert "This rule reaches 1 person" in shown
    assert not TrainingRequirement.objects.exists()
    made = client.post("/requirements/new/", filled(office, coc, confirmed="yes"), follow=True).content.decode()
    assert "The rule “Clerks know the code” is made." in made
    assert "Everybody in Office of Public Works, Kestrel who works as Counter clerk must know" in made
    assert [duty.why.title for duty in duties_of(person(learner), TODAY)] == ["Clerks know the code"]


def test_a_rule_for_named_people_takes_their_staff_numbers(
    office: Office, hr: User, learner: User, colleague: User, coc: Course, client_for: ClientFor
) -> None:
    numbers = {user: person(user).staff_numbers.get().number for user in (learner, colleague)}
    client = client_for(hr)
    wrong = client.post("/requirements/new/", filled(office, coc, people="NOBODY\n" + numbers[learner], confirmed="1"))
    assert "Nobody has the staff number NOBODY today." in wrong.content.decode()
    client.post("/requirements/new/", filled(office, coc, people=numbers[learner] + "\n", confirmed="1"))
    assert len(duties_of(person(learner), TODAY)) == 1
    assert duties_of(person(colleague), TODAY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_days": "-1"},
        {"due_days": "soon"},
        {"from_day": "9999-12-31"},
        {"from_day": "yesterday"},
        {"courses": "999999"},
        {"title": ""},
        {"title": "x" * 100_000},
        {"unit": "nowhere"},
        {"appointed_within_days": "4000"},
        {"counts_months": "0"},
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_made(
    office: Office, hr: User, coc: Course, client_for: ClientFor, wrong: dict[str, object]
) -> None:
    response = client_for(hr).post("/requirements/new/", filled(office, coc, confirmed="1", **wrong))
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not TrainingRequirement.objects.exists()


def test_an_integrity_officer_is_offered_integrity_courses_only(
    office: Office, integrity_officer: User, learner: User, coc: Course, counter: Course, client_for: ClientFor
) -> None:
    client = client_for(integrity_officer)
    page = client.get("/requirements/new/").content.decode()
    assert "Code of conduct (COC)" in page
    assert "COUNTER" not in page
    refused = client.post("/requirements/new/", filled(office, counter, confirmed="1"))
    assert "There is a problem" in refused.content.decode()
    assert not TrainingRequirement.objects.exists()
    client.post("/requirements/new/", filled(office, coc, confirmed="1"))
    assert [duty.why.title for duty in duties_of(person(learner), TODAY)] == ["Clerks know the code"]


def test_an_integrity_officer_sees_and_changes_only_rules_for_integrity_courses(
    office: Office, integrity_officer: User, coc: Course, counter: Course, client_for: ClientFor
) -> None:
    make_rule(office, coc, title="The code for all")
    other = make_rule(office, counter, title="The counter for all")
    client = client_for(integrity_officer)
    page = client.get("/requirements/").content.decode()
    assert "The code for all" in page
    assert "The counter for all" not in page
    assert client.get(f"/requirements/{other.uuid}/change/").status_code == 403
    assert client.get(f"/requirements/{other.uuid}/end/").status_code == 403


def test_a_rule_is_changed_from_a_day_on_with_a_reason(
    office: Office, hr: User, coc: Course, client_for: ClientFor
) -> None:
    rule = make_rule(office, coc, categories=("CLERK",))
    client = client_for(hr)
    address = f"/requirements/{rule.uuid}/change/"
    assert 'value="30"' in client.get(address).content.decode()
    wanted = filled(office, coc, due_days=60, reason="More time.")
    assert "This rule reaches" in client.post(address, wanted).content.decode()
    assert RequirementVersion.objects.count() == 1
    assert "is changed" in client.post(address, wanted | {"confirmed": "1"}, follow=True).content.decode()
    old, new = RequirementVersion.objects.held().order_by("valid_from")
    assert (old.valid_until, new.due_days, new.reason) == (TODAY, 60, "More time.")
    too_early = wanted | {"confirmed": "1", "from_day": TODAY - timedelta(days=3), "due_days": 5}
    assert "Choose that day or a later one" in client.post(address, too_early).content.decode()


def test_a_rule_is_ended_with_a_reason(office: Office, hr: User, coc: Course, client_for: ClientFor) -> None:
    rule = make_rule(office, coc)
    client = client_for(hr)
    address = f"/requirements/{rule.uuid}/end/"
    assert "Everybody in Office of Public Works" in client.get(address).content.decode()
    assert "There is a problem" in client.post(address, {"until": TODAY, "reason": ""}).content.decode()
    page = client.post(address, {"until": TODAY, "reason": "Not needed."}, follow=True).content.decode()
    assert "is ended" in page
    assert "Nothing is required yet" in page
    assert client.get(address).status_code == 404


def test_rules_of_other_units_are_not_found(
    office: Office, hr: User, coc: Course, client_for: ClientFor, her_manager: User
) -> None:
    rule = make_rule(office, coc)
    assert client_for(her_manager).get("/requirements/").status_code == 403
    assert client_for(her_manager).post(f"/requirements/{rule.uuid}/end/", {}).status_code == 403
    assert client_for(hr).get("/requirements/6f1d0a52-3f0e-4a9b-9d43-000000000000/end/").status_code == 404


def test_a_rule_to_come_is_shown_with_its_day(office: Office, hr: User, coc: Course, client_for: ClientFor) -> None:
    make_rule(office, coc, from_day=date(2026, 5, 1))
    assert "From 1 May 2026" in client_for(hr).get("/requirements/").content.decode()


def test_a_ready_rule_comes_filled_in_and_is_offered_where_its_course_is(
    office: Office, hr: User, client_for: ClientFor
) -> None:
    client = client_for(hr)
    assert "Begin with a ready rule" not in client.get("/requirements/new/").content.decode()
    make_course("ETH-1", title="Ethics")
    make_course("COC-ZA", title="Code of conduct")
    page = client.get("/requirements/new/").content.decode()
    assert "Everybody renews ethics every year" in page
    # Nobody here goes by South African rules.
    assert "Everybody knows the code of conduct" not in page
    setup.adopt("ZA", from_day=office.since, by=office.by)
    initial = client.get("/requirements/new/?ready=code-of-conduct").context["form"].initial
    assert (initial["courses"], initial["unit"], initial["due_days"]) == (["COC-ZA"], office.root.uuid, 30)
    each_march = client.get("/requirements/new/?ready=code-each-march").context["form"].initial
    assert (each_march["counts_from"], each_march["due_month"], each_march["least_months"]) == ("year_day", 3, 3)
    # It counts from a course that is not there.
    assert "cash-after-ethics" not in client.get("/requirements/new/").content.decode()
    for unknown in ("nonsense", "serving-people-well", "\0"):
        assert client.get("/requirements/new/", {"ready": unknown}).context["form"].initial["due_days"] == 30


def test_a_rule_with_everything_is_made_by_the_form_read_aloud_and_found_again_when_it_is_changed(
    office: Office, hr: User, coc: Course, counter: Course, client_for: ClientFor
) -> None:
    make_course("SHORT", title="In short")
    client = client_for(hr)
    asked = filled(
        office,
        coc,
        due_days="",
        counts_from="year_day",
        due_day=29,
        due_month=2,
        least_days=30,
        expiry_basis="year_day",
        expiry_day=31,
        expiry_month=3,
        least_months=4,
        renewal_opens_days=90,
        renewal_asks="refresher",
        refreshers="COUNTER\nSHORT\n",
        reminders="own",
        before_due="3, 14",
        after_due_every=5,
        after_due_times=2,
        told_before_due=["learner"],
        told_after_due=["hr", "supervisor"],
        confirmed="yes",
    )
    client.post("/requirements/new/", asked)
    version = RequirementVersion.objects.get()
    assert sentences([version], TODAY)[version.pk] == (
        "Everybody in Office of Public Works, Kestrel who works as Counter clerk must know Code of conduct (COC) by the "
        "next 29 February. Whoever has less than 30 days until then has one year more. A result counts until the first "
        "31 March that is at least 4 months away. It can be renewed in its last 90 days. After the first time it is "
        "renewed by refreshers in turn: At the counter (COUNTER), then In short (SHORT), and so on from the first."
    )
    plan = version.reminder_plan
    assert (plan.before_due, plan.after_due, plan.who(Moment.ASSIGNED)) == ((14, 3), (5, 10), frozenset())
    page = client.get(f"/requirements/{version.requirement.uuid}/change/")
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    again = {**sent, "courses": "COC", "categories": "CLERK", "reason": "The same.", "confirmed": "yes"}
    client.post(f"/requirements/{version.requirement.uuid}/change/", again)
    assert RequirementVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"counts_from": "year_day", "due_day": 30, "due_month": 2}, "That month has no such day"),
        ({"counts_from": "year_day"}, "Give the day and the month"),
        ({"counts_from": "result"}, "Choose the course after which"),
        ({"counts_from": "result", "after_course": "COC"}, "Choose another one"),
        ({"due_days": ""}, "Give the days to do it in"),
        ({"expiry_basis": "previous"}, "Say for how many months"),
        ({"expiry_basis": "previous", "counts_months": 2}, "give more months"),
        ({"renewal_asks": "refresher"}, "Name at least one refresher"),
        ({"renewal_asks": "refresher", "refreshers": "COC"}, "cannot be its own refresher"),
        ({"refreshers": "COUNTER"}, "a renewal does not ask for them"),
        ({"refreshers": "NONE"}, "There is no course NONE"),
        ({"reminders": "own", "before_due": "soon"}, "Give numbers of days"),
    ],
)
def test_terms_that_make_no_sense_are_told_in_words(
    office: Office, hr: User, coc: Course, counter: Course, client_for: ClientFor, wrong: dict[str, object], told: str
) -> None:
    page = client_for(hr).post("/requirements/new/", filled(office, coc, confirmed="1") | wrong).content.decode()
    assert told in page
    assert not TrainingRequirement.objects.exists()


def test_rules_that_ask_the_same_otherwise_are_said_to_be_one_duty(
    office: Office, hr: User, coc: Course, client_for: ClientFor
) -> None:
    make_rule(office, coc, unit="hill", title="Hill is quicker", due_days=10)
    make_rule(office, coc, unit="coast", title="Coast is quicker", due_days=10)
    client = client_for(hr)
    assert "but otherwise" not in client.get("/requirements/").content.decode()
    wide = filled(office, coc, title="All")
    shown = client.post("/requirements/new/", wide).content.decode()
    assert "“Hill is quicker” asks for the same of some of the same people" in shown
    client.post("/requirements/new/", wide | {"confirmed": "1"})
    assert client.get("/requirements/").content.decode().count("but otherwise") == 4


def test_a_rule_that_begins_before_its_course_is_made_and_its_effect_is_said(
    office: Office, hr: User, learner: User, coc: Course, client_for: ClientFor
) -> None:
    client = client_for(hr)
    early = filled(office, coc, from_day=TODAY - timedelta(days=60))
    assert (
        "COC came on 16 March 2026, after the rule begins." in client.post("/requirements/new/", early).content.decode()
    )
    client.post("/requirements/new/", early | {"confirmed": "1"})
    assert [duty.due_on for duty in duties_of(person(learner), TODAY)] == [TODAY - timedelta(days=30)]
