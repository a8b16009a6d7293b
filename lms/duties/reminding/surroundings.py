"""What the reminders of many have in common: the rules' plans, calendars, and who answers for training where."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Q

from courses.models import Course
from lms.core.working_days import WorkDays
from lms.duties.models import RequirementVersion, Told
from lms.duties.reminder_plan import Moment, Recipient, ReminderPlan
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit, Person, PostHolding, Role, RoleGrant, UnitAncestry
from lms.organisation.working_calendar import LazyCalendar

_ROLES = {Told.HR: Role.TRAINING_COORDINATOR, Told.INTEGRITY: Role.INTEGRITY_OFFICER}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a reminder needs of the version of a rule that decides."""

    requirement: int
    plan: ReminderPlan
    opens_days: int


@dataclass
class Surroundings:
    """Read when first asked for, and kept for one walk."""

    day: date
    _rules: dict[int, Rule] = field(default_factory=dict)
    _calendars: dict[int, WorkDays] = field(default_factory=dict)
    _answering: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def rule(self, version: int) -> Rule:
        """A rule's plan by the id of its version."""
        if version not in self._rules:
            row = RequirementVersion.objects.get(pk=version)
            self._rules[version] = _rule(row)
        return self._rules[version]

    def calendar(self, unit: int) -> WorkDays:
        """When an office works."""
        if unit not in self._calendars:
            self._calendars[unit] = LazyCalendar(unit=unit)
        return self._calendars[unit]

    @cached_property
    def farthest(self) -> tuple[int, int]:
        """How many days before and after a turn the rules in force have something to say at most."""
        rules = [_rule(version) for version in RequirementVersion.objects.on(self.day)]
        ahead = [max([*rule.plan.before_due, *rule.plan.before_expiry, rule.opens_days]) for rule in rules]
        behind = [max(rule.plan.after_due, default=0) for rule in rules]
        return max(ahead, default=0), max(behind, default=0)

    @cached_property
    def _integrity_courses(self) -> frozenset[int]:
        return frozenset(Course.objects.filter(is_integrity=True).values_list("pk", flat=True))

    def is_integrity(self, target: Target) -> bool:
        """Whether it is for integrity courses alone."""
        return bool(target.courses) and target.courses <= self._integrity_courses

    def answering(self, told_as: Told, unit: int) -> list[int]:
        """Who answers for a unit in a role and has an address: those whose grant stands nearest above it."""
        if (told_as, unit) not in self._answering:
            above = UnitAncestry.objects.on(self.day).filter(unit=unit).order_by("depth", "ancestor")
            holders = (self._holders[told_as].get(node) for node in above.values_list("ancestor", flat=True))
            self._answering[told_as, unit] = next((found for found in holders if found), [])
        return self._answering[told_as, unit]

    @cached_property
    def _holders(self) -> Mapping[Told, Mapping[int, list[int]]]:
        found: dict[Told, dict[int, list[int]]] = {told_as: defaultdict(list) for told_as in _ROLES}
        by_role = {role: told_as for told_as, role in _ROLES.items()}
        grants = RoleGrant.objects.on(self.day).filter(role__in=by_role, user__is_active=True)
        grants = grants.filter(~Q(user__email="") | ~Q(user__person__email=""), user__person__isnull=False)
        for role, unit, person in grants.order_by("pk").values_list("role", "unit", "user__person"):
            if person not in found[by_role[Role(role)]][unit]:
                found[by_role[Role(role)]][unit].append(person)
        return found


def _rule(version: RequirementVersion) -> Rule:
    opens = settings.RENEWAL_OPENS_DAYS if version.renewal_opens_days is None else version.renewal_opens_days
    return Rule(version.requirement_id, version.reminder_plan, opens)


def tells(plan: ReminderPlan, recipient: Recipient) -> bool:
    """Whether a plan has anything at all to say to somebody."""
    return any(recipient in plan.who(moment) for moment in Moment)


def units_of(people: Collection[int], day: date) -> dict[int, list[tuple[int, int]]]:
    """The posts of some people on a day, as (post, unit), the first held first."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    held = PostHolding.objects.on(day).filter(person__in=people).order_by("valid_from", "pk")
    for person, post, unit in held.values_list("person_id", "post_id", "post__unit_id"):
        found[person].append((post, unit))
    return found


def addresses(people: Iterable[int]) -> dict[int, str]:
    """Where to write to some people: their address in HR's records, else that of their login. Others are left out."""
    rows = Person.objects.filter(pk__in=set(people)).values_list("pk", "email", "user__email")
    return {person: own or login for person, own, login in rows if own or login}


def unit_names(units: Iterable[int], day: date) -> dict[int, str]:
    """The names of units on a day."""
    return {unit.pk: unit.name for unit in OrgUnit.objects.filter(pk__in=set(units)).named(day)}
