"""Deciding criteria, and the results that follow."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from courses import decisions, enrolling, reading, results, standing
from courses.decisions import Evidence, Judgement, Outcome
from courses.models import (
    CertifiedCriterion,
    Course,
    CourseVersion,
    CriterionDecision,
    CriterionVersion,
    Enrolment,
    EnrolmentEnd,
    EvidenceKind,
    LessonVersion,
    Result,
)
from courses.ports import result_changed
from lms.core import clock
from lms.core.actors import MachineRule
from lms.core.errors import Refused
from lms.organisation.models import Person, User
from tests.cast import person

MARKING = MachineRule("marking")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """2 March 2026."""
    with clock.at(NOON):
        yield


@pytest.fixture
def enrolment(tiny_course: CourseVersion, learner: User) -> Enrolment:
    """The learner has begun."""
    return enrolling.enrol(person(learner), tiny_course.course, by=learner)


@pytest.fixture
def heard() -> Iterator[list[Result]]:
    """Results that `result_changed` told of."""
    told: list[Result] = []

    def hear(result: Result, **kwargs: Any) -> None:
        told.append(result)

    result_changed.connect(hear)
    yield told
    result_changed.disconnect(hear)


def criterion(code: str) -> CriterionVersion:
    """A criterion of the tiny course."""
    return CriterionVersion.objects.get(criterion__code=code)


def row(name: str) -> Course:
    """Something with a uuid that stands for an attempt or a sheet."""
    return Course.objects.get_or_create(code=f"evidence-{name}")[0]


def by_paper(enrolment: Enrolment, code: str, points: float, name: str = "", **more: Any) -> CriterionDecision:
    """A decision on a paper of five points."""
    evidence = Evidence(EvidenceKind.PAPER, row(f"{code}{name}".replace(".", "")), Decimal(str(points)), Decimal(5))
    version = enrolment.course_version
    return decisions.record(
        enrolment.person, criterion(code), course_version=version, evidence=evidence, by=MARKING, **more
    )


def verdict(outcome: Outcome = Outcome.COMPETENT, **changes: Any) -> Judgement:
    """An assessor's judgement with all four ticks."""
    ticks = {"is_valid": True, "is_authentic": True, "is_current": True, "is_sufficient": True}
    return Judgement(outcome, **{**ticks, "place": "The kitchen", "reason": "Seen.", **changes})


def by_sheet(enrolment: Enrolment, assessor: User, judgement: Judgement | None = None) -> CriterionDecision:
    """An assessor saw tea being made."""
    return decisions.record(
        enrolment.person,
        criterion("T1.C3"),
        course_version=enrolment.course_version,
        evidence=Evidence(EvidenceKind.OBSERVATION, row("sheet")),
        by=assessor,
        judgement=judgement or verdict(),
    )


def read_all(enrolment: Enrolment, by: User) -> None:
    """Finish every lesson."""
    for lesson in LessonVersion.objects.newest_edition().filter(course_version=enrolment.course_version):
        if lesson.completion == "acknowledged":
            reading.acknowledge(enrolment, lesson, by=by)
        else:
            reading.complete(enrolment, lesson, by=by)


def pass_all(enrolment: Enrolment, learner: User, assessor: User) -> Result:
    """Everything done."""
    read_all(enrolment, learner)
    by_paper(enrolment, "T1.C1", 5)
    by_paper(enrolment, "T1.C2", 5)
    by_sheet(enrolment, assessor)
    return Result.objects.get(enrolment=enrolment, known_until=None)


@pytest.mark.parametrize(
    ("code", "points", "outcome"),
    [
        ("T1.C1", 3, Outcome.NOT_YET),
        ("T1.C1", 3.5, Outcome.COMPETENT),
        ("T1.C2", 3.5, Outcome.NOT_YET),
        ("T1.C2", 4, Outcome.COMPETENT),
    ],
)
def test_points_decide_by_the_versions_rule(enrolment: Enrolment, code: str, points: float, outcome: Outcome) -> None:
    assert by_paper(enrolment, code, points).outcome == outcome


def test_a_critical_error_decides_against(enrolment: Enrolment) -> None:
    evidence = Evidence(EvidenceKind.PAPER, row("x"), Decimal(5), Decimal(5), has_critical_error=True)
    made = decisions.record(
        enrolment.person,
        criterion("T1.C1"),
        course_version=enrolment.course_version,
        evidence=evidence,
        by=MARKING,
    )
    assert (made.outcome, made.has_critical_error) == (Outcome.NOT_YET, True)


def test_the_same_evidence_twice_changes_nothing(enrolment: Enrolment) -> None:
    first = by_paper(enrolment, "T1.C1", 5)
    assert by_paper(enrolment, "T1.C1", 0) == first
    assert CriterionDecision.objects.get().points == 5


def test_a_judgement_keeps_ticks_place_and_reason(enrolment: Enrolment, assessor: User) -> None:
    made = by_sheet(enrolment, assessor)
    assert (made.is_valid, made.is_sufficient, made.place, made.reason) == (True, True, "The kitchen", "Seen.")
    assert made.by == assessor


def test_a_date_in_the_future_is_refused(enrolment: Enrolment) -> None:
    with pytest.raises(Refused, match="future"):
        by_paper(enrolment, "T1.C1", 5, on=NOON + timedelta(minutes=1))


def test_nobody_assesses_themselves(enrolment: Enrolment, learner: User) -> None:
    with pytest.raises(Refused, match="Nobody assesses themselves"):
        by_sheet(enrolment, learner)


@pytest.mark.parametrize("tick", ["is_valid", "is_authentic", "is_current", "is_sufficient"])
def test_competent_needs_all_four_ticks(enrolment: Enrolment, assessor: User, tick: str) -> None:
    with pytest.raises(Refused, match="tick all four"):
        by_sheet(enrolment, assessor, verdict(Outcome.COMPETENT, **{tick: False}))
    assert by_sheet(enrolment, assessor, verdict(Outcome.NOT_YET, **{tick: False})).outcome == Outcome.NOT_YET


def test_evidence_of_another_kind_is_refused(enrolment: Enrolment, assessor: User) -> None:
    with pytest.raises(Refused, match="does not take this kind of evidence"):
        decisions.record(
            enrolment.person,
            criterion("T1.C1"),
            course_version=enrolment.course_version,
            evidence=Evidence(EvidenceKind.OBSERVATION, row("x")),
            by=assessor,
            judgement=verdict(),
        )


def test_prior_learning_is_taken_for_any_criterion(enrolment: Enrolment, assessor: User) -> None:
    decisions.record(
        enrolment.person,
        criterion("T1.C1"),
        course_version=enrolment.course_version,
        evidence=Evidence(EvidenceKind.PRIOR_LEARNING, row("prior")),
        by=assessor,
        judgement=verdict(Outcome.RECOGNISED),
    )
    assert [item.is_met for item in standing.of(enrolment)] == [True, False, False]


def test_evidence_without_points_needs_a_judgement(enrolment: Enrolment) -> None:
    with pytest.raises(ValueError, match="needs a judgement"):
        decisions.record(
            enrolment.person,
            criterion("T1.C3"),
            course_version=enrolment.course_version,
            evidence=Evidence(EvidenceKind.OBSERVATION, row("x")),
            by=MARKING,
        )


def test_the_latest_decision_stands(enrolment: Enrolment) -> None:
    by_paper(enrolment, "T1.C1", 0, "first", on=NOON - timedelta(days=2))
    by_paper(enrolment, "T1.C1", 5, "second", on=NOON - timedelta(days=1))
    assert standing.of(enrolment)[0].is_met
    by_paper(enrolment, "T1.C1", 0, "late news", on=NOON - timedelta(days=3))
    assert standing.of(enrolment)[0].is_met
    by_paper(enrolment, "T1.C1", 1, "third")
    assert not standing.of(enrolment)[0].is_met


def test_a_result_comes_once_everything_is_done(
    enrolment: Enrolment, learner: User, assessor: User, heard: list[Result]
) -> None:
    result = pass_all(enrolment, learner, assessor)
    assert heard == [result]
    assert (result.competent_on, result.holds_until) == (date(2026, 3, 2), date(2027, 3, 1))
    assert result.overall_percent == 100
    assert result.decisions.count() == 3
    assert result.is_in_date_on(date(2027, 3, 1))
    assert not result.is_in_date_on(date(2027, 3, 2))
    assert not Enrolment.objects.under_way().exists()


def test_no_result_while_a_lesson_is_missing(enrolment: Enrolment, learner: User, assessor: User) -> None:
    by_paper(enrolment, "T1.C1", 5)
    by_paper(enrolment, "T1.C2", 5)
    by_sheet(enrolment, assessor)
    assert not Result.objects.exists()
    assert results.settle(enrolment) is None
    read_all(enrolment, learner)
    assert Result.objects.count() == 1


@pytest.mark.parametrize("missing", ["T1.C1", "T1.C2", "T1.C3"])
def test_no_result_while_a_criterion_is_undecided(
    enrolment: Enrolment, learner: User, assessor: User, missing: str
) -> None:
    read_all(enrolment, learner)
    for code in {"T1.C1", "T1.C2"} - {missing}:
        by_paper(enrolment, code, 5)
    if missing != "T1.C3":
        by_sheet(enrolment, assessor)
    assert not Result.objects.exists()


def test_a_critical_criterion_not_met_is_no_result_until_it_is_retaken(
    enrolment: Enrolment, learner: User, assessor: User
) -> None:
    read_all(enrolment, learner)
    by_paper(enrolment, "T1.C1", 5)
    by_sheet(enrolment, assessor)
    by_paper(enrolment, "T1.C2", 3.9)
    assert not Result.objects.exists()
    by_paper(enrolment, "T1.C2", 4, "again")
    assert Result.objects.get().overall_percent == 90


def test_settling_again_changes_nothing(
    enrolment: Enrolment, learner: User, assessor: User, heard: list[Result]
) -> None:
    result = pass_all(enrolment, learner, assessor)
    assert results.settle(enrolment) == result
    assert len(heard) == 1


def test_the_day_of_competence_is_that_of_the_last_part(enrolment: Enrolment, learner: User, assessor: User) -> None:
    by_paper(enrolment, "T1.C1", 5, on=NOON - timedelta(days=9))
    by_paper(enrolment, "T1.C2", 5, on=NOON - timedelta(days=8))
    by_sheet(enrolment, assessor)
    with clock.at(NOON + timedelta(days=3)):
        read_all(enrolment, learner)
    assert Result.objects.get().competent_on == date(2026, 3, 5)


def test_a_result_that_is_ended_counts_no_more_and_is_not_made_again(
    enrolment: Enrolment, learner: User, assessor: User, heard: list[Result]
) -> None:
    result = pass_all(enrolment, learner, assessor)
    with clock.at(NOON + timedelta(days=30)):
        for _time in range(2):
            ended = results.end(result, on=date(2026, 4, 1), by=assessor, reason="Fraud")
        assert (ended.ended_on, ended.end_reason) == (date(2026, 4, 1), "Fraud")
        assert Result.objects.in_date_on(date(2026, 3, 31)).count() == 1
        assert Result.objects.in_date_on(date(2026, 4, 1)).count() == 0
        assert results.settle(enrolment) == ended
    assert len(heard) == 2


def test_a_result_that_never_counted_is_withdrawn_and_not_made_again(
    enrolment: Enrolment, learner: User, assessor: User, heard: list[Result]
) -> None:
    result = pass_all(enrolment, learner, assessor)
    for _time in range(2):
        results.end(result, on=date(2026, 3, 2), by=assessor, reason="Somebody else sat the paper")
    assert not Result.objects.held().exists()
    assert results.settle(enrolment) is None
    assert not Enrolment.objects.under_way().exists()
    assert EnrolmentEnd.objects.get().reason == "Somebody else sat the paper"
    assert len(heard) == 2


def another_course(tiny: CourseVersion, code: str, evidence: EvidenceKind) -> CourseVersion:
    """A course without lessons that certifies one criterion of the tiny course."""
    fields = {"title": code, "summary": "", "purpose": "", "review_due": date(2028, 1, 1), "moderator_name": "M"}
    rule = {"pass_percent": 70, "met_percent": Decimal("66.67"), "met_critical_percent": 80, "planned_minutes": 1}
    version = CourseVersion.objects.create(
        course=Course.objects.create(code=f"OTHER-{evidence}"), number=1, by_rule="test", **fields, **rule
    )
    CertifiedCriterion.objects.create(
        course_version=version, criterion_version=criterion(code), evidence=evidence, weight=1
    )
    return version


def test_a_shared_criterion_counts_in_every_course_under_way(
    enrolment: Enrolment, tiny_course: CourseVersion, learner: User
) -> None:
    other = another_course(tiny_course, "T1.C2", EvidenceKind.PAPER)
    second = enrolling.enrol(person(learner), other.course, by=learner)
    by_paper(enrolment, "T1.C2", 5)
    assert Result.objects.get().enrolment == second


def test_the_same_criterion_by_other_evidence_does_not_count(
    enrolment: Enrolment, tiny_course: CourseVersion, learner: User
) -> None:
    other = another_course(tiny_course, "T1.C2", EvidenceKind.WRITTEN)
    second = enrolling.enrol(person(learner), other.course, by=learner)
    by_paper(enrolment, "T1.C2", 5)
    assert results.settle(second) is None
    assert not standing.of(second)[0].is_met


def test_old_evidence_does_not_count(enrolment: Enrolment) -> None:
    by_paper(enrolment, "T1.C1", 5, on=datetime(2024, 3, 1, 12, tzinfo=UTC))
    assert standing.of(enrolment)[0].decision is None
    by_paper(enrolment, "T1.C1", 5, "newer", on=datetime(2024, 3, 2, 12, tzinfo=UTC))
    assert standing.of(enrolment)[0].is_met


def test_a_renewal_asks_for_new_evidence(
    enrolment: Enrolment, tiny_course: CourseVersion, learner: User, assessor: User
) -> None:
    pass_all(enrolment, learner, assessor)
    me: Person = person(learner)
    with clock.at(datetime(2026, 12, 30, 12, tzinfo=UTC)), pytest.raises(Refused, match="You can renew it from"):
        enrolling.enrol(me, tiny_course.course, by=learner)
    with clock.at(datetime(2026, 12, 31, 12, tzinfo=UTC)):
        renewal = enrolling.enrol(me, tiny_course.course, by=learner)
        assert renewal != enrolment
        assert renewal.evidence_from == date(2026, 12, 31)
        assert [item.decision for item in standing.of(renewal)] == [None, None, None]
        assert enrolling.enrol(me, tiny_course.course, by=learner) == renewal
        read_all(renewal, learner)
        assert not Result.objects.filter(enrolment=renewal).exists()


def test_a_version_with_a_last_day_gives_no_result_after_it(
    enrolment: Enrolment, learner: User, assessor: User
) -> None:
    CourseVersion.objects.update(last_finishing_on=date(2026, 3, 1))
    read_all(enrolment, learner)
    by_paper(enrolment, "T1.C1", 5)
    by_paper(enrolment, "T1.C2", 5)
    by_sheet(enrolment, assessor)
    assert not Result.objects.exists()
