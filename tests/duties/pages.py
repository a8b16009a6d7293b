"""The pages of figures and rules."""

from datetime import UTC, date, datetime, time, timedelta

from courses.models import Course
from lms.core import clock
from lms.core.exports import making
from lms.core.models import Export
from lms.core.working_days import next_working_day, plain_week
from lms.duties.models import PlanKind, TrainingPlan
from lms.duties.periods import closing
from lms.duties.periods.spells import Spell, SpellKind
from lms.duties.planning import approving, drafting
from lms.duties.planning.drafting import NewLine
from lms.duties.proposing import asking, dates
from lms.duties.proposing.asked import Asked
from lms.duties.reminding import walking
from lms.duties.requiring import Audience, Terms
from lms.duties.targets import Target
from lms.organisation.models import Person, Role, User
from tests.cast import BY, Office, person
from tests.duties.exceptions.pages import PAGES as EXCEPTIONS
from tests.duties.making import make_course, make_rule, pass_course
from tests.page_cases import Fixtures, PageCase

_HR = Role.TRAINING_COORDINATOR


def _rule(fixtures: Fixtures) -> dict[str, object]:
    """An integrity course required everywhere, so that everybody who may assign anything may change it."""
    office: Office = fixtures.getfixturevalue("office")
    fixtures.getfixturevalue("learner")
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    return {"uuid": make_rule(office, course, categories=("CLERK",), from_day=date(2024, 1, 1)).uuid}


def _with_rule(fixtures: Fixtures) -> dict[str, object]:
    _rule(fixtures)
    return {}


def _with_office(fixtures: Fixtures) -> dict[str, object]:
    fixtures.getfixturevalue("office")
    return {}


def _hr(fixtures: Fixtures) -> User:
    hr: User = fixtures.getfixturevalue("hr")
    return hr


def _reminded(fixtures: Fixtures) -> dict[str, object]:
    """A rule since yesterday, its reminders planned; one of those reminded has no e-mail."""
    office: Office = fixtures.getfixturevalue("office")
    learner: User = fixtures.getfixturevalue("learner")
    fixtures.getfixturevalue("colleague")
    Person.objects.filter(pk=person(learner).pk).update(email="")
    User.objects.filter(pk=learner.pk).update(email="")
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    make_rule(office, course, categories=("CLERK",), due_days=7, from_day=clock.today() - timedelta(days=5))
    walking.walk(next_working_day(clock.today(), calendar=plain_week(range(5))))
    return {}


def _plan(fixtures: Fixtures) -> dict[str, object]:
    """A plan of HR with a line."""
    office: Office = fixtures.getfixturevalue("office")
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    begun = drafting.begin(PlanKind.HR, office.root, drafting.year_of(clock.today()), by=_hr(fixtures))
    drafting.add(begun, NewLine(Target.any_of([course.pk]), 1, office.root, 9), by=_hr(fixtures))
    return {"uuid": begun.uuid}


def _plan_waiting(fixtures: Fixtures) -> dict[str, object]:
    found = _plan(fixtures)
    approving.ask(TrainingPlan.objects.get(), by=_hr(fixtures))
    return found


def _plan_approved(fixtures: Fixtures) -> dict[str, object]:
    found = _plan_waiting(fixtures)
    approving.approve(TrainingPlan.objects.get(), number=1, by=fixtures.getfixturevalue("approver"))
    return found


def _with_plan(fixtures: Fixtures) -> dict[str, object]:
    _plan(fixtures)
    return {}


def _approver(fixtures: Fixtures) -> User:
    user: User = fixtures.getfixturevalue("approver")
    return user


# Whoever has a role in another unit does not know the plan.
_NO_PLAN: dict[str, int] = dict.fromkeys(
    (_HR, Role.INTEGRITY_OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR), 404
)

# Whoever has the role in another unit does not know this rule.
_ELSEWHERE: dict[str, int] = {_HR: 404, Role.INTEGRITY_OFFICER: 404}


def _period(fixtures: Fixtures) -> dict[str, object]:
    """A closed month with a fact that came later."""
    _rule(fixtures)
    with clock.at(_noon(date(2026, 4, 2))):
        closed = closing.close(Spell(date(2026, 3, 1), SpellKind.MONTH), by=BY)
    learner: User = fixtures.getfixturevalue("learner")
    pass_course(person(learner), Course.objects.get(code="COC"), date(2026, 3, 1))
    return {"uuid": closed.uuid}


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _with_period(fixtures: Fixtures) -> dict[str, object]:
    _period(fixtures)
    return {}


def _export(fixtures: Fixtures) -> dict[str, object]:
    """A file that is ready."""
    found = _export_under_way(fixtures)
    making.make(Export.objects.get().pk)
    return found


def _export_under_way(fixtures: Fixtures) -> dict[str, object]:
    _rule(fixtures)
    office: Office = fixtures.getfixturevalue("office")
    parameters = {"unit": str(office.root.uuid), "on": "2026-03-31"}
    asked = making.ask("coverage", "Coverage", parameters, file_format="csv", purpose="A look", by=_hr(fixtures))
    return {"uuid": asked.uuid}


def _with_export(fixtures: Fixtures) -> dict[str, object]:
    _export(fixtures)
    return {}


def _proposed(fixtures: Fixtures) -> dict[str, object]:
    """An integrity course to be required everywhere, its preview finished, waiting for a second person."""
    office: Office = fixtures.getfixturevalue("office")
    fixtures.getfixturevalue("learner")
    author: User = fixtures.getfixturevalue("integrity_officer")
    audience = Audience(office.root, [office.categories["CLERK"]])
    course = make_course("COC", title="Code of conduct", is_integrity=True)
    asked = Asked(clock.today(), None, audience, Terms([course], 30))
    proposal = asking.propose(asked, title="Clerks know the code", by=author)
    dates.work_through(proposal.preview)
    return {"uuid": asking.ask(proposal, by=author).uuid}


def _with_proposal(fixtures: Fixtures) -> dict[str, object]:
    _proposed(fixtures)
    return {}


PAGES = [
    *EXCEPTIONS,
    PageCase("proposals", _HR, kwargs=_with_proposal, user=_hr),
    PageCase("proposals", _HR, "none yet", kwargs=_with_office),
    PageCase("proposal", _HR, "to decide", kwargs=_proposed, user=_hr, exceptions=_ELSEWHERE),
    PageCase("periods", _HR, kwargs=_with_period),
    PageCase("periods", _HR, "none yet", kwargs=lambda f: f.getfixturevalue("office") and {}),
    PageCase("period", _HR, kwargs=_period),
    PageCase("coverage_export", _HR, kwargs=_with_rule),
    PageCase("exports", _HR, kwargs=_with_export, user=_hr),
    PageCase("export", _HR, "ready", kwargs=_export, user=_hr, others=404),
    PageCase("export", _HR, "being made", kwargs=_export_under_way, user=_hr, others=404),
    PageCase("coverage", Role.AUDITOR, kwargs=_with_rule),
    PageCase("coverage", Role.AUDITOR, "nothing required", kwargs=_with_office),
    PageCase("coverage", Role.AUDITOR, "a day to come", kwargs=_with_rule, query="?on=2999-01-01"),
    PageCase("coverage", Role.SERVICE_OFFICER, "without names", kwargs=_with_rule),
    PageCase("coverage_over_time", Role.AUDITOR, kwargs=_with_rule),
    PageCase("coverage_over_time", Role.AUDITOR, "nothing required", kwargs=_with_office),
    PageCase("coverage_kinds", Role.AUDITOR, kwargs=_with_rule),
    PageCase("coverage_people", Role.AUDITOR, "asks for a purpose", kwargs=_with_rule),
    PageCase("coverage_people", _HR, "nobody", kwargs=_with_office),
    PageCase("plans", _HR, kwargs=_with_plan, user=_hr),
    PageCase("plans", _HR, "none yet", kwargs=_with_office),
    PageCase("integrity_plans", Role.INTEGRITY_OFFICER, kwargs=_with_office),
    PageCase("plan", _HR, kwargs=_plan_approved, user=_hr, exceptions=_NO_PLAN),
    PageCase("plan", _HR, "not approved", kwargs=_plan, user=_hr, exceptions=_NO_PLAN),
    PageCase("plan_draft", _HR, kwargs=_plan, user=_hr, exceptions=_NO_PLAN),
    PageCase("plan_draft", Role.APPROVER, "to decide", kwargs=_plan_waiting, user=_approver, exceptions=_NO_PLAN),
    PageCase("requirements", _HR, kwargs=_with_rule),
    PageCase("requirements", _HR, "none yet", kwargs=_with_office),
    PageCase("requirement_new", _HR, kwargs=_with_rule),
    PageCase("requirement_change", _HR, kwargs=_rule, user=_hr, exceptions=_ELSEWHERE),
    PageCase("requirement_end", _HR, kwargs=_rule, user=_hr, exceptions=_ELSEWHERE),
    PageCase("reminders", _HR, kwargs=_reminded, user=_hr),
    PageCase("reminders", _HR, "none yet", kwargs=lambda f: f.getfixturevalue("office") and {}),
    PageCase("reminder_sheet", _HR, kwargs=_reminded, user=_hr),
    PageCase("reminder_wordings", _HR),
    PageCase("reminder_wording", _HR, kwargs=lambda _f: {"key": "before_due", "language": "en-gb"}),
]
NOT_PAGES = {
    "plan_csv",
    "plan_decide",
    "plan_line_out",
    "plan_propose",
    "plan_ask",
    "plan_reopen",
    "coverage_csv",
    "proposal_file",
    "coverage_people_csv",
    "export_file",
    "reminder_wording_restore",
}
