"""Writing a plan: begin it, change it, put lines in and take them out. After: `approving`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course
from lms.core import audit, clock
from lms.core.actors import Actor, MachineRule, columns
from lms.core.errors import Refused
from lms.core.quarters import quarter_of
from lms.duties import stories
from lms.duties.models import DutyTarget, PlanKind, PlanLine, PlanStep, PlanVersion, TrainingPlan
from lms.duties.targets import Target
from lms.organisation.access import Capability, may_in
from lms.organisation.models import OrgUnit, PostCategory, User

# A page shows a plan whole, so a plan has an end.
MOST_LINES = 200
_WRITES = {PlanKind.HR: Capability.ASSIGN_ANY, PlanKind.INTEGRITY: Capability.ASSIGN_INTEGRITY}


@dataclass(frozen=True, slots=True)
class NewLine:
    """What a line is to say."""

    target: Target
    quarter: int
    unit: OrgUnit
    number: int
    categories: Iterable[PostCategory] = ()
    note: str = ""


def year_of(day: date) -> date:
    """The first day of the financial year in which a day lies."""
    found = quarter_of(day, year_starts_in=settings.FINANCIAL_YEAR_STARTS_IN)
    return date(found.year, settings.FINANCIAL_YEAR_STARTS_IN, 1)


def may_write(user: Actor, plan: TrainingPlan) -> bool:
    """Whether `user` may write this plan: who assigns such courses in its unit."""
    if isinstance(user, MachineRule):
        return True
    return isinstance(user, User) and may_in(user, _WRITES[PlanKind(plan.kind)], plan.unit)


@transaction.atomic
def begin(kind: PlanKind, unit: OrgUnit, first_day: date, *, by: Actor) -> TrainingPlan:
    """Begin the plan of a unit for a year with an empty draft; the one that is there, if there is one."""
    plan = TrainingPlan(kind=kind, unit=unit, first_day=first_day, **columns(by))
    _check_may_write(plan, by)
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    standing = TrainingPlan.objects.filter(kind=kind, unit=unit, first_day=first_day).first()
    if standing is not None:
        return standing
    plan.save()
    PlanVersion.objects.create(plan=plan, number=1, **columns(by))
    audit.record("training plan begun", plan, by=by)
    return plan


@transaction.atomic
def change(plan: TrainingPlan, *, reason: str, by: Actor) -> PlanVersion:
    """Begin the next version with the lines of the approved one; the draft that is open, if there is one."""
    _check_may_write(plan, by)
    last = newest(plan)
    if not last.was_approved:
        return last
    if not reason.strip():
        raise Refused(_("Say why the plan changes: whoever approves it reads it."))
    made = PlanVersion.objects.create(plan=plan, number=last.number + 1, reason=reason, **columns(by))
    for line in last.lines.select_related("target", "unit").prefetch_related("categories"):
        _copy(line, made)
    audit.record("training plan reopened", plan, by=by, version=made.number)
    return newest(plan)


@transaction.atomic
def add(plan: TrainingPlan, new: NewLine, *, by: Actor) -> PlanLine:
    """Put a line in the draft; the one that is there, if it says the same of the same audience."""
    return add_all(plan, [new], by=by)[0]


@transaction.atomic
def add_all(plan: TrainingPlan, new: Iterable[NewLine], *, by: Actor) -> list[PlanLine]:
    """The same for many at once."""
    _check_may_write(plan, by)
    version = draft_of(plan)
    lines = list(new)
    standing = list(version.lines.select_related("target", "unit").prefetch_related("categories"))
    ids = stories.target_ids({line.target for line in lines})
    _check(plan, lines, len(standing))
    made = [_same(line, ids[line.target], standing) or _make(version, line, ids[line.target], by) for line in lines]
    audit.record("training plan drafted", plan, by=by, version=version.number, lines=len(lines))
    return made


@transaction.atomic
def take_out(line: PlanLine, *, by: Actor) -> None:
    """Take a line out of the draft. Who did it helped to write the plan."""
    plan = line.version.plan
    _check_may_write(plan, by)
    version = draft_of(plan)
    if line.version_id != version.pk:
        raise Refused(_("This line stands in a version that is no longer a draft."))
    line.delete()
    PlanStep.objects.create(version=version, kind=PlanStep.Kind.TAKEN_OUT, **columns(by))
    audit.record("line of training plan taken out", plan, by=by, version=version.number)


def newest(plan: TrainingPlan) -> PlanVersion:
    """Its newest version, whatever its state; nobody changes it or decides on it meanwhile."""
    TrainingPlan.objects.select_for_update().get(pk=plan.pk)
    found = PlanVersion.objects.filter(plan=plan).with_state().order_by("-number").first()
    assert found is not None  # a plan begins with one
    return found


def draft_of(plan: TrainingPlan) -> PlanVersion:
    """Its open draft. Raises Refused where approval was asked for or given."""
    version = newest(plan)
    if not version.is_draft:
        raise Refused(_("This version is no longer a draft, so it cannot be changed. Nothing was lost."))
    return version


def _check_may_write(plan: TrainingPlan, by: Actor) -> None:
    if not may_write(by, plan):
        raise PermissionDenied(_("Your role does not include writing this plan."))


def _check(plan: TrainingPlan, lines: list[NewLine], standing: int) -> None:
    if standing + len(lines) > MOST_LINES:
        raise Refused(_("A plan has at most %(most)s lines. Plan for larger audiences.") % {"most": MOST_LINES})
    below = set(OrgUnit.objects.in_subtree(plan.unit, clock.today()).values_list("pk", flat=True))
    if any(line.unit.pk not in below for line in lines):
        raise Refused(_("Choose a unit within the plan's own."))
    courses = {course for line in lines for course in line.target.courses}
    if plan.is_integrity and Course.objects.filter(pk__in=courses, is_integrity=False).exists():
        raise Refused(_("The integrity unit plans integrity courses only."))


def _make(version: PlanVersion, new: NewLine, target: int, by: Actor) -> PlanLine:
    made = PlanLine.objects.create(
        version=version, target=DutyTarget(pk=target), quarter=new.quarter, unit=new.unit, number=new.number,
        note=new.note, **columns(by),
    )  # fmt: skip
    made.categories.set(new.categories)
    return made


def _same(new: NewLine, target: int, standing: Iterable[PlanLine]) -> PlanLine | None:
    wanted = (target, new.quarter, new.unit.pk, {category.pk for category in new.categories}, new.number)
    for line in standing:
        found = {category.pk for category in line.categories.all()}
        if wanted == (line.target_id, line.quarter, line.unit_id, found, line.number):
            return line
    return None


def _copy(line: PlanLine, version: PlanVersion) -> None:
    new = NewLine(
        line.target.target, line.quarter, line.unit, line.number, list(line.categories.all()), line.note
    )  # fmt: skip
    _make(version, new, line.target_id, line.by)
