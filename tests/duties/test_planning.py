"""The year's training plan: who writes and approves it, and what is done counted beside it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from courses.models import Acknowledgement, Course, Document, DocumentVersion
from lms.core import clock
from lms.core.actors import columns
from lms.core.errors import Refused
from lms.core.quarters import Quarter
from lms.duties.models import PlanApproval, PlanKind, PlanLine, TrainingPlan
from lms.duties.planning import approving, drafting, progress, proposing, reading
from lms.duties.planning.drafting import NewLine
from lms.duties.targets import Target
from lms.organisation import grants, hiring
from lms.organisation.models import Role, User
from tests.cast import BY, SINCE, Office, person
from tests.duties.making import make_course, make_rule, pass_course

YEAR = date(2026, 1, 1)
Q1 = Quarter(YEAR, 1, 2026)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@pytest.fixture
def course(office: Office) -> Course:
    return make_course("COC", title="Code of conduct", is_integrity=True)


@pytest.fixture
def plan(office: Office, hr: User) -> TrainingPlan:
    return drafting.begin(PlanKind.HR, office.root, YEAR, by=hr)


def _line(office: Office, course: Course, quarter: int = 1, number: int = 10, unit: str = "kopw") -> NewLine:
    return NewLine(Target.any_of([course.pk]), quarter, office.units[unit], number)


def _approved(plan: TrainingPlan, approver: User, by: User) -> None:
    approving.ask(plan, by=by)
    approving.approve(plan, number=drafting.newest(plan).number, by=approver)


def test_progress_is_counted_by_the_days_of_the_quarter() -> None:
    middle = date(2026, 2, 14)  # 45 of 90 days
    assert [progress.in_quarter(10, done, Q1, middle).state for done in (4, 5, 6)] == ["behind", "on course", "ahead"]
    assert progress.in_quarter(10, 9, Q1, Q1.last).state == "short"
    assert progress.in_quarter(10, 0, Q1, date(2025, 12, 31)).state == "to come"
    year = progress.together(
        [progress.in_quarter(10, 12, Q1, Q1.last), progress.in_quarter(8, 0, Q1.shifted(1), Q1.last)]
    )
    assert (year.planned, year.done, year.expected, year.state) == (18, 12, 10, "ahead")


def test_done_is_people_of_the_audience_of_that_day_each_once(
    office: Office, course: Course, plan: TrainingPlan, hr: User, approver: User, learner: User, stranger: User
) -> None:
    """In Hill, clerks: one who passed twice counts once; one at the coast, and one who came too late, do not."""
    clerks = [office.categories["CLERK"]]
    hill = NewLine(Target.any_of([course.pk]), 1, office.units["hill"], 2, clerks)
    drafting.add(plan, hill, by=hr)
    with clock.at(_at(date(2026, 1, 5))):
        _approved(plan, approver, hr)
    pass_course(person(learner), course, date(2026, 2, 1))
    pass_course(person(learner), course, date(2026, 3, 1))
    pass_course(person(stranger), course, date(2026, 2, 1))
    moved = office.hire("Late", "Mover", "brook-clerk-2")
    pass_course(person(moved), course, date(2026, 1, 20))
    hiring.transfer(person(moved), to=office.seat("quay-2", unit="quay"), on=date(2026, 3, 10), by=BY)
    pass_course(person(moved), course, date(2026, 4, 1))

    def done(day: date) -> int | str:
        version = reading.version_on(plan, day)
        assert version is not None
        return reading.quarters(version, day, with_names=True)[0].total.done

    assert [done(date(2026, 1, 19)), done(date(2026, 1, 20)), done(date(2026, 2, 1)), done(date(2026, 6, 1))] == [
        0, 1, 2, 2,
    ]  # fmt: skip
    assert reading.version_on(plan, date(2026, 1, 4)) is None


def test_names_put_to_documents_count_on_their_day(office: Office, plan: TrainingPlan, hr: User, learner: User) -> None:
    document = Document.objects.create(code="gifts", title="Gift policy")
    version = DocumentVersion.objects.create(
        document=document, version="1", body="No.", acknowledgement="I read it.", effective_on=YEAR, review_due=YEAR
    )
    drafting.add(plan, NewLine(Target(document=document.pk), 1, office.root, 5), by=hr)
    for day, by in ((date(2026, 3, 31), learner), (date(2026, 4, 1), hr)):
        Acknowledgement.objects.create(person=person(by), document_version=version, on=_at(day), **columns(BY))
    (first, *_others) = reading.quarters(drafting.newest(plan), date(2026, 5, 1), with_names=True)
    assert (first.total.done, first.rows[0].what) == (1, "Gift policy")


def test_nobody_approves_what_they_wrote_superusers_included(
    office: Office, course: Course, plan: TrainingPlan, hr: User, approver: User, learner: User
) -> None:
    other = office.hire("Other", "Coordinator", office.seat("hr-2", unit="kopw"))
    grants.grant(other, Role.TRAINING_COORDINATOR, office.root, from_day=SINCE, by=BY)
    hr.is_superuser = True
    hr.save()
    drafting.add(plan, _line(office, course), by=hr)
    drafting.take_out(drafting.add(plan, _line(office, course, 2), by=hr), by=other)
    approving.ask(plan, by=hr)

    for author in (hr, other):
        with pytest.raises(Refused):
            approving.approve(plan, number=1, by=author)
    with pytest.raises(PermissionDenied):
        approving.approve(plan, number=1, by=learner)
    with pytest.raises(Refused):
        drafting.add(plan, _line(office, course, 3), by=hr)
    approving.send_back(plan, number=1, reason="Fewer.", by=approver)
    drafting.add(plan, _line(office, course, 3), by=hr)
    _approved(plan, approver, hr)
    approving.approve(plan, number=1, by=approver)
    assert PlanApproval.objects.count() == 1


def test_a_change_is_a_new_version_and_past_days_keep_the_old_one(
    office: Office, course: Course, plan: TrainingPlan, hr: User, approver: User
) -> None:
    drafting.add(plan, _line(office, course), by=hr)
    with clock.at(_at(date(2026, 1, 5))):
        _approved(plan, approver, hr)
    with pytest.raises(Refused):
        drafting.change(plan, reason=" ", by=hr)
    drafting.change(plan, reason="A new office opened.", by=hr)
    drafting.add(plan, _line(office, course, 2), by=hr)
    with clock.at(_at(date(2026, 2, 5))):
        _approved(plan, approver, hr)

    said = [reading.version_on(plan, day) for day in (date(2026, 2, 4), date(2026, 2, 5))]
    assert [(version.number, version.lines.count()) for version in said if version] == [(1, 1), (2, 2)]


def test_the_integrity_unit_plans_integrity_courses_only(office: Office, integrity_officer: User) -> None:
    plan = drafting.begin(PlanKind.INTEGRITY, office.root, YEAR, by=integrity_officer)
    with pytest.raises(Refused):
        drafting.add(plan, _line(office, make_course("FIRE")), by=integrity_officer)
    with pytest.raises(PermissionDenied):
        drafting.begin(PlanKind.HR, office.root, YEAR, by=integrity_officer)


def test_a_draft_begins_from_what_falls_due(
    office: Office, course: Course, plan: TrainingPlan, hr: User, learner: User, stranger: User
) -> None:
    """Overdue already: this quarter. A result that runs out in October: the fourth. Twice proposed, put in once."""
    make_rule(office, course, categories=("CLERK",), from_day=SINCE)
    pass_course(person(stranger), course, date(2024, 10, 15))
    with clock.at(_at(date(2026, 5, 1))):
        proposing.begin_from_what_falls_due(plan, by=hr)
        proposing.begin_from_what_falls_due(plan, by=hr)
    found = PlanLine.objects.order_by("quarter").values_list("quarter", "number", "target__key")
    assert list(found) == [(2, 1, str(course.pk)), (4, 1, str(course.pk))]


def test_the_pages_from_draft_to_file(
    office: Office,
    course: Course,
    hr: User,
    approver: User,
    learner: User,
    client_for: Callable[[User], Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    settings: Settings,
) -> None:
    settings.FINANCIAL_YEAR_STARTS_IN = 1
    writer, reader = client_for(hr), client_for(approver)
    with clock.at(_at(date(2026, 3, 1))):
        begun = writer.post(reverse("plans"), {"unit": str(office.root.uuid), "year": "2026-01-01"}, follow=True)
        assert begun.status_code == 200
        plan = TrainingPlan.objects.get()
        for quarter in (1, 1, 2, 3):
            line = {"target": str(course.pk), "quarter": quarter, "unit": str(office.root.uuid), "number": 10 + quarter}
            added = writer.post(reverse("plan_draft", args=[plan.uuid]), line)
            assert added.status_code == 302
        assert PlanLine.objects.count() == 3
        writer.post(reverse("plan_ask", args=[plan.uuid]))
        decided = reader.post(reverse("plan_decide", args=[plan.uuid]), {"decision": "approve", "number": 1})
        assert decided["Location"] == reverse("plan", args=[plan.uuid])
        pass_course(person(learner), course, date(2026, 2, 1))
        with django_assert_max_num_queries(15):
            page = writer.get(reverse("plan", args=[plan.uuid]))
        assert "1 of 36 done" in page.content.decode()
        assert "behind by" in page.content.decode()
        # The approver does not know names, so one person is a star.
        assert "* of 36 done" in reader.get(reverse("plan", args=[plan.uuid])).content.decode()
        table = writer.get(reverse("plan_csv", args=[plan.uuid]), {"on": "2026-03-01"}).content.decode()
    assert table.splitlines()[1].startswith('1,Code of conduct (COC),"Office of Public Works, Kestrel",11,1,9.1')
    assert client_for(learner).get(reverse("plan", args=[plan.uuid])).status_code == 403
