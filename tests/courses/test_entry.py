"""What a course asks of whoever begins it: evidence, waivers, nominations, and results that wait."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from courses import drafts, enrolling, entry, entry_evidence, nominating, opening
from courses.curriculum.exporting import export
from courses.curriculum.loading import PackError, load
from courses.eligibility import Door
from courses.models import (
    Course,
    CourseAudience,
    CoursePage,
    CourseVersion,
    EntryEvidence,
    EntryRequirement,
    EntryWaiver,
    Nomination,
    NominationDecision,
    Result,
)
from courses.ports import result_changed
from lms.core.errors import Refused
from lms.core.models import AuditEntry
from lms.organisation.models import User
from tests.cast import Office, person
from tests.courses.entering import ask_course, ask_subject, by_nomination
from tests.courses.factories import edit
from tests.courses.test_deciding import by_paper, by_sheet, read_all
from tests.duties.making import make_course, pass_course
from tests.plugins.time import SetClock

TODAY = date(2026, 3, 2)
CONFIRMED, DECLINED = NominationDecision.Outcome.CONFIRMED, NominationDecision.Outcome.DECLINED


@pytest.fixture(autouse=True)
def _today(at: SetClock) -> None:
    at(TODAY)


def show(learner: User, asked: EntryRequirement, hr: User, *, level: int = 4, day: date = TODAY) -> EntryEvidence:
    """HR saw a certificate."""
    assert asked.subject is not None
    return entry_evidence.record(
        person(learner), asked.subject, level, evidence="Grade 12, 2019", seen_on=day, seen_by="Odile Marchand", by=hr
    )


def test_what_is_missing_is_said_with_what_to_do_and_whom_to_ask(
    tiny_course: CourseVersion, learner: User, hr: User
) -> None:
    ask_subject(tiny_course)
    ask_course(tiny_course, make_course("COC", title="Code of conduct"))
    with pytest.raises(Refused) as refused:
        enrolling.enrol(person(learner), tiny_course.course, by=learner)
    assert str(refused.value) == (
        "You cannot begin this course yet. English, level 3 or higher: show a certificate or other evidence to Odile "
        "Marchand, who records it here. The course “Code of conduct”, in date: take it first."
    )


def test_with_everything_shown_one_begins(tiny_course: CourseVersion, learner: User, hr: User) -> None:
    asked, other = ask_subject(tiny_course), make_course("COC")
    ask_course(tiny_course, other)
    show(learner, asked, hr)
    pass_course(person(learner), other, TODAY - timedelta(days=10))
    assert enrolling.enrol(person(learner), tiny_course.course, by=learner).course_version == tiny_course


def test_a_course_out_of_date_does_not_count(tiny_course: CourseVersion, learner: User) -> None:
    ask_course(tiny_course, other := make_course("COC", holds_months=1))
    pass_course(person(learner), other, TODAY - timedelta(days=90))
    with pytest.raises(Refused, match="take it first"):
        enrolling.enrol(person(learner), tiny_course.course, by=learner)


def test_whoever_is_under_way_goes_on_whatever_is_taken_back(
    tiny_course: CourseVersion, learner: User, hr: User
) -> None:
    evidence = show(learner, ask_subject(tiny_course), hr)
    first = enrolling.enrol(person(learner), tiny_course.course, by=learner)
    entry_evidence.take_back(evidence, reason="Not hers", by=hr)
    entry_evidence.take_back(evidence, reason="Not hers", by=hr)
    assert enrolling.enrol(person(learner), tiny_course.course, by=learner) == first
    assert entry.of(person(learner), tiny_course.course).stops
    assert EntryEvidence.objects.get().end_reason == "Not hers"
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["entry evidence accepted", "entry evidence or waiver taken back"]


def test_evidence_is_kept_once_and_not_from_tomorrow(tiny_course: CourseVersion, learner: User, hr: User) -> None:
    asked = ask_subject(tiny_course)
    assert show(learner, asked, hr) == show(learner, asked, hr)
    with pytest.raises(Refused, match="today or earlier"):
        show(learner, asked, hr, day=TODAY + timedelta(days=1))
    assert EntryEvidence.objects.count() == 1


def test_a_waiver_lets_one_person_off_one_thing(
    tiny_course: CourseVersion, learner: User, colleague: User, hr: User
) -> None:
    asked = ask_subject(tiny_course)
    assert entry_evidence.may_be_waived(person(learner)) == [asked]
    with pytest.raises(Refused, match="Say why"):
        entry_evidence.waive(person(learner), asked, reason=" ", by=hr)
    waiver = entry_evidence.waive(person(learner), asked, reason="Twenty years at the counter", by=hr)
    assert entry_evidence.waive(person(learner), asked, reason="Again", by=hr) == waiver
    assert entry_evidence.may_be_waived(person(learner)) == []
    assert enrolling.enrol(person(learner), tiny_course.course, by=learner)
    with pytest.raises(Refused):
        enrolling.enrol(person(colleague), tiny_course.course, by=colleague)
    entry_evidence.take_back(waiver, reason="Given in error", by=hr)
    assert entry_evidence.may_be_waived(person(learner)) == [asked]
    assert EntryWaiver.objects.count() == 1


def test_a_result_waits_for_what_was_asked_on_condition(
    tiny_course: CourseVersion, learner: User, assessor: User, hr: User, at: SetClock
) -> None:
    asked = ask_subject(tiny_course, is_conditional=True)
    enrolment = enrolling.enrol(person(learner), tiny_course.course, by=learner)
    read_all(enrolment, learner)
    by_paper(enrolment, "T1.C1", 5)
    by_paper(enrolment, "T1.C2", 5)
    by_sheet(enrolment, assessor)
    assert not Result.objects.exists()
    at("2026-03-20")
    show(learner, asked, hr, day=date(2026, 3, 18))
    result = Result.objects.get()
    assert result.enrolment == enrolment
    assert result.competent_on == date(2026, 3, 18)


def test_a_waiver_or_another_course_gives_the_result_that_waited(
    tiny_course: CourseVersion, learner: User, assessor: User, hr: User
) -> None:
    other = make_course("COC")
    asked = ask_subject(tiny_course, is_conditional=True)
    ask_course(tiny_course, other, is_conditional=True)
    enrolment = enrolling.enrol(person(learner), tiny_course.course, by=learner)
    read_all(enrolment, learner)
    by_paper(enrolment, "T1.C1", 5)
    by_paper(enrolment, "T1.C2", 5)
    by_sheet(enrolment, assessor)
    result = pass_course(person(learner), other, TODAY)
    result_changed.send(sender=Result, result=result)
    assert not Result.objects.filter(enrolment=enrolment).exists()
    entry_evidence.waive(person(learner), asked, reason="Long practice", by=hr)
    assert Result.objects.filter(enrolment=enrolment).exists()


def test_what_is_required_before_holds_no_result_back(
    tiny_course: CourseVersion, learner: User, assessor: User, hr: User
) -> None:
    evidence = show(learner, ask_subject(tiny_course), hr)
    enrolment = enrolling.enrol(person(learner), tiny_course.course, by=learner)
    entry_evidence.take_back(evidence, reason="Not hers", by=hr)
    read_all(enrolment, learner)
    by_paper(enrolment, "T1.C1", 5)
    by_paper(enrolment, "T1.C2", 5)
    by_sheet(enrolment, assessor)
    assert Result.objects.filter(enrolment=enrolment).exists()


def test_an_advanced_course_is_by_nomination_until_somebody_opens_it(
    office: Office, tiny_course: CourseVersion, learner: User, her_manager: User
) -> None:
    course = by_nomination(tiny_course.course)
    with pytest.raises(Refused, match="You need to be nominated: ask Bram Janssen"):
        enrolling.enrol(person(learner), course, by=learner)
    opening.open_to(None, everybody=False, categories=[office.categories["LEAD"]], by=her_manager)
    assert entry.of(person(learner), course).door == Door.CLOSED
    assert entry.of(person(her_manager), course).door == Door.POST
    opening.open_to(course, everybody=False, categories=[office.categories["CLERK"]], by=her_manager)
    assert entry.of(person(learner), course).door == Door.POST
    assert entry.of(person(her_manager), course).door == Door.CLOSED
    opening.open_to(course, everybody=True, by=her_manager)
    assert entry.of(person(her_manager), course).door == Door.EVERYBODY


def test_a_basic_course_can_be_closed_and_the_rule_of_a_day_follows_the_one_before(
    office: Office, tiny_course: CourseVersion, learner: User, hr: User, at: SetClock
) -> None:
    course = tiny_course.course
    assert entry.of(person(learner), course).door == Door.EVERYBODY
    first = opening.open_to(course, everybody=False, by=hr)
    assert opening.open_to(course, everybody=False, by=hr) == first
    assert entry.of(person(learner), course).door == Door.CLOSED
    at("2026-04-01")
    opening.open_to(course, everybody=False, categories=[office.categories["CLERK"]], by=hr)
    assert CourseAudience.objects.on(TODAY).get() == first
    assert [row.name for row in CourseAudience.objects.on(date(2026, 4, 1)).get().categories.all()] == ["Counter clerk"]


def test_a_nomination_is_confirmed_and_may_be_taken_back(
    tiny_course: CourseVersion, learner: User, her_manager: User, hr: User
) -> None:
    course, me = by_nomination(tiny_course.course), person(learner)
    nomination = nominating.nominate(me, course, reason="She stands in for me", by=her_manager)
    assert nominating.nominate(me, course, reason="Again", by=her_manager) == nomination
    with pytest.raises(Refused, match=r"Bram Janssen nominated you on 2 March 2026\. It waits for a decision by Odile"):
        enrolling.enrol(me, course, by=learner)
    nominating.decide(nomination, CONFIRMED, by=hr)
    nominating.decide(nomination, CONFIRMED, by=hr)
    assert entry.of(me, course).may_begin
    nominating.decide(nomination, DECLINED, reason="The course is full", by=hr)
    with pytest.raises(Refused, match="it was declined: “The course is full”"):
        enrolling.enrol(me, course, by=learner)
    with pytest.raises(Refused, match="nominate the person again"):
        nominating.decide(nomination, CONFIRMED, by=hr)
    nominating.nominate(me, course, reason="Next year", by=her_manager)
    assert entry.of(me, course).door == Door.AWAITING
    assert Nomination.objects.count() == 2


def test_who_needs_no_nomination_gets_none_and_declining_needs_a_reason(
    tiny_course: CourseVersion, learner: User, her_manager: User, hr: User
) -> None:
    assert nominating.asked_for(person(learner)) == []
    with pytest.raises(Refused, match="without a nomination"):
        nominating.nominate(person(learner), tiny_course.course, reason="She is good", by=her_manager)
    course = by_nomination(tiny_course.course)
    assert nominating.asked_for(person(learner)) == [course]
    with pytest.raises(Refused, match="Say why"):
        nominating.nominate(person(learner), course, reason="", by=her_manager)
    nomination = nominating.nominate(person(learner), course, reason="She is good", by=her_manager)
    assert nominating.asked_for(person(learner)) == []
    with pytest.raises(Refused, match="Say why you decline"):
        nominating.decide(nomination, DECLINED, by=hr)


@pytest.mark.parametrize("how_many", [1, 20])
def test_everything_is_known_in_one_query(
    tiny_course: CourseVersion,
    learner: User,
    her_manager: User,
    hr: User,
    how_many: int,
    django_assert_num_queries: object,
) -> None:
    for number in range(how_many):
        other = make_course(f"C{number}")
        ask_subject(other.versions.get(), f"Subject {number}")
    people = [person(user).pk for user in (learner, her_manager, hr)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(entry.load(people).needs) == how_many


ENTRY = [
    {"course": "OTHER"},
    {"subject": "Reading and writing English", "level": 3},
    {"subject": "Arithmetic", "level": 2, "conditional": True},
]


def test_a_pack_says_what_one_needs_and_gives_it_back(pack: Path, tmp_path: Path, db: None) -> None:
    Course.objects.create(code="OTHER", is_offered=False)
    edit(pack / "courses" / "TINY" / "course.yaml", entry=ENTRY)
    load(pack)
    version = CourseVersion.objects.get(course__code="TINY")
    assert [(row.asked, row.is_conditional) for row in version.entry.all()] == [
        ("OTHER", False),
        ("Reading and writing English, level 3", False),
        ("Arithmetic, level 2", True),
    ]
    before = drafts.course_content(CoursePage.objects.get().get_latest_revision_as_object())
    export(tmp_path / "out")
    assert load(tmp_path / "out").lines == []
    assert drafts.course_content(CoursePage.objects.get().get_latest_revision_as_object()) == before


def test_changing_what_one_needs_is_a_change_of_meaning(pack: Path, db: None) -> None:
    load(pack)
    edit(pack / "courses" / "TINY" / "course.yaml", entry=ENTRY[1:])
    with pytest.raises(PackError, match="what one needs before it"):
        load(pack)
    edit(pack / "courses" / "TINY" / "course.yaml", what_changed="One needs English now.")
    load(pack)
    assert [version.entry.count() for version in CourseVersion.objects.order_by("number")] == [0, 2]


@pytest.mark.parametrize(
    ("entry_rows", "reason"),
    [
        ([{"course": "OTHER", "subject": "English", "level": 3}], "either a course, or a subject and its level"),
        ([{"subject": "English"}], "either a course, or a subject and its level"),
        ([{"level": 3}], "either a course, or a subject and its level"),
        ([{"subject": "English", "level": 11}], "from 1 to 10"),
        ([{"subject": "English", "level": 1}, {"subject": "English", "level": 2}], "stands in this list twice"),
        ([{"course": "TINY"}], "does not ask for itself"),
        ([{"course": "NOWHERE"}], "is not known"),
    ],
)
def test_a_pack_that_asks_nonsense_is_refused(pack: Path, db: None, entry_rows: list[object], reason: str) -> None:
    edit(pack / "courses" / "TINY" / "course.yaml", entry=entry_rows)
    with pytest.raises(PackError, match=reason):
        load(pack)
