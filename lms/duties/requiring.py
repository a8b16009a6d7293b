"""Requiring a course of an audience, changing what is required, and ending it. Duties follow by themselves.

Before: nothing. After: `duties`, which computes what each person owes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course, Document, Instrument
from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.dated import close, withdraw
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.duties import making_sense, stale
from lms.duties.due_rules import Due
from lms.duties.models import Refresher, RequirementVersion, TrainingRequirement
from lms.duties.reminder_plan import ReminderPlan
from lms.duties.renewals import Renewal
from lms.duties.targets import Target
from lms.organisation.access import Capability, may_in
from lms.organisation.models import OrgUnit, Person, PostCategory, PostTag, User
from lms.organisation.overlaps import refused_as

_FURTHEST = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a rule reaches: posts in `unit` and all below it. Empty categories, tags or people ask for nothing more."""

    unit: OrgUnit
    categories: Collection[PostCategory] = ()
    tags: Collection[PostTag] = ()
    people: Collection[Person] = ()
    appointed_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks for: any one of the courses, or a signed document, by when, for how long, why, and who is reminded."""

    courses: Sequence[Course]
    due_days: int
    counts_months: int | None = None
    instrument: Instrument | None = None
    note: str = ""
    due: Due = Due()
    renewal: Renewal = Renewal()
    reminders: ReminderPlan = field(default_factory=ReminderPlan)
    document: Document | None = None

    @property
    def target(self) -> Target:
        """What duties by such a rule are for."""
        return Target(frozenset(course.pk for course in self.courses), self.document.pk if self.document else None)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a version that say this, all but its relations to many."""
        return {
            "document_id": self.target.document,
            "due_days": self.due_days,
            "counts_months": self.counts_months,
            "instrument_id": self.instrument.pk if self.instrument else None,
            "note": self.note,
            "counts_from": self.due.counts_from,
            "in_working_days": self.due.in_working_days,
            "after_course_id": self.due.after,
            "least_days": self.due.least_days,
            "due_each_year": str(self.due.each_year or ""),
            "expiry_basis": self.renewal.basis,
            "expiry_each_year": str(self.renewal.each_year or ""),
            "least_months": self.renewal.least_months,
            "renewal_opens_days": self.renewal.opens_days,
            "renewal_asks": self.renewal.asks,
            "reminders": self.reminders.stored(),
        }


@transaction.atomic
def require(
    title: str, *, audience: Audience, terms: Terms, by: Actor, from_day: date | None = None
) -> TrainingRequirement:
    """Make a rule that asks from `from_day` (today by default). The same rule of the same name twice changes nothing.

    Raises Refused when `by` may not assign these courses in this unit, or the terms make no sense.
    """
    from_day = from_day or clock.today()
    check(audience, terms, from_day=from_day, by=by)
    same = _same_rule(title, audience, terms, from_day)
    if same is not None:
        return same
    requirement = TrainingRequirement.objects.create(title=title, owner=by if isinstance(by, User) else None)
    _add_version(requirement, audience, terms, from_day, by=by)
    audit.record("training required", requirement, by=by, **_told(audience, terms, from_day))
    return requirement


@transaction.atomic
def change(
    requirement: TrainingRequirement, *, audience: Audience, terms: Terms, from_day: date, by: Actor, reason: str
) -> RequirementVersion:
    """Ask something else from a day on. What was asked before that day stays as it was.

    A change on the very day on which the present version begins corrects that version; the same change twice changes
    nothing. Raises Refused for a rule that has ended, for a day before the present version, without a reason, and as
    `require` does.
    """
    requirement = TrainingRequirement.objects.select_for_update().get(pk=requirement.pk)
    current = check_change(requirement, audience=audience, terms=terms, from_day=from_day, by=by, reason=reason)
    if _is_already(current, audience, terms, from_day):
        return current
    corrected = from_day == current.valid_from
    if corrected:
        withdraw(current, by=by, reason=reason)
    else:
        close(current, until=from_day, by=by, reason=reason)
    stale.mark_audience(current, from_day)
    version = _add_version(
        requirement, audience, terms, from_day, by=by, reason=reason, replaces=current if corrected else None
    )
    audit.record("requirement changed", requirement, by=by, reason=reason, **_told(audience, terms, from_day))
    return version


@transaction.atomic
def end(requirement: TrainingRequirement, *, until: date, by: Actor, reason: str) -> RequirementVersion:
    """Stop asking: `until` is the first day on which the rule no longer asks. Harmless the second time.

    A rule that has not begun by then is withdrawn, as if it had never been. Raises Refused without a reason, and
    when `by` may not assign its courses.
    """
    requirement = TrainingRequirement.objects.select_for_update().get(pk=requirement.pk)
    last = requirement.versions.held().order_by("valid_from").last()
    if reason.strip() and (last is None or last.valid_until == until):
        return last or requirement.versions.latest("known_until")
    last = check_end(requirement, by=by, reason=reason)
    ended = (
        withdraw(last, by=by, reason=reason)
        if until <= last.valid_from
        else close(last, until=until, by=by, reason=reason)
    )
    stale.mark_audience(ended, max(until, ended.valid_from))
    audit.record("requirement ended", requirement, by=by, reason=reason, until=until.isoformat())
    return ended


def check_change(
    requirement: TrainingRequirement, *, audience: Audience, terms: Terms, from_day: date, by: Actor, reason: str
) -> RequirementVersion:
    """What is asked now, if `by` may change it so. Raises Refused. Asked before a preview, too."""
    _check_reason(reason)
    current = _last_version(requirement)
    _check_may_manage(current, by)
    check(audience, terms, from_day=from_day, by=by)
    if from_day < current.valid_from:
        day = day_in_words(current.valid_from)
        raise Refused(_("What is asked now began on %(day)s. Choose that day or a later one.") % {"day": day})
    return current


def check_end(requirement: TrainingRequirement, *, by: Actor, reason: str) -> RequirementVersion:
    """What is asked last, if `by` may end it. Raises Refused. Asked before a preview, too."""
    _check_reason(reason)
    last = requirement.versions.held().order_by("valid_from").last()
    if last is None:
        raise Refused(_("This rule has ended. Make a new one instead."))
    _check_may_manage(last, by)
    return last


def may_assign(by: Actor, unit: OrgUnit, courses: Collection[Course], document: Document | None = None) -> bool:
    """Whether `by` may require this in `unit`: anything with the right for it, integrity courses and codes with theirs."""
    if not isinstance(by, User) or may_in(by, Capability.ASSIGN_ANY, unit):
        return True
    return is_integrity(courses, document) and may_in(by, Capability.ASSIGN_INTEGRITY, unit)


def is_integrity(courses: Collection[Course], document: Document | None) -> bool:
    """Whether integrity units may ask for it: integrity courses, or a code (of conduct) to put one's name to."""
    return all(course.is_integrity for course in courses) and (document is None or document.kind == Document.Kind.CODE)


def check(audience: Audience, terms: Terms, *, from_day: date, by: Actor) -> None:
    """Raises Refused for what cannot be required, or not by `by`. Asked before a preview, too."""
    if abs(from_day - clock.today()) > _FURTHEST:
        raise Refused(_("That day is too far away. Choose one within ten years."))
    _check_target(terms)
    target = [course.pk for course in terms.courses]
    making_sense.check_due(terms.due, terms.due_days, target)
    making_sense.check_renewal(terms.renewal, terms.counts_months, target)
    making_sense.check_reminders(terms.reminders)
    refreshers = Course.objects.filter(pk__in=terms.renewal.refreshers) if terms.renewal.refreshers else []
    _check_role(by, audience.unit, [*terms.courses, *refreshers], terms.document)


def _check_target(terms: Terms) -> None:
    if not terms.courses and terms.document is None:
        raise Refused(_("Choose at least one course, or a document to sign."))
    if terms.courses and terms.document is not None:
        raise Refused(_("Choose courses or a document, not both: make a rule for each."))
    if terms.document is not None and (terms.counts_months is not None or terms.renewal != Renewal()):
        raise Refused(_("A signature counts until the document is replaced. Leave out what is said of renewals."))


def _check_role(by: Actor, unit: OrgUnit, courses: Collection[Course], document: Document | None) -> None:
    if may_assign(by, unit, courses, document):
        return
    if isinstance(by, User) and may_in(by, Capability.ASSIGN_INTEGRITY, unit):
        raise Refused(
            _(
                "An integrity unit may require integrity courses only, and codes to sign. Ask the training coordinator for the others."
            )
        )
    raise Refused(_("Your role does not let you require these courses in this unit."))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason is kept with the rule."))


def _check_may_manage(version: RequirementVersion, by: Actor) -> None:
    """Whoever may not make a rule may not change or end it either."""
    _check_role(by, version.unit, list(version.courses.all()), version.document)


def _last_version(requirement: TrainingRequirement) -> RequirementVersion:
    last = requirement.versions.held().order_by("valid_from").last()
    if last is None or last.valid_until is not None:
        raise Refused(_("This rule has ended. Make a new one instead."))
    return last


def _add_version(
    requirement: TrainingRequirement,
    audience: Audience,
    terms: Terms,
    from_day: date,
    *,
    by: Actor,
    reason: str = "",
    replaces: RequirementVersion | None = None,
) -> RequirementVersion:
    with refused_as(_("Somebody has just changed this rule. Reload the page.")):
        version = RequirementVersion.objects.create(
            requirement=requirement,
            valid_from=from_day,
            unit=audience.unit,
            appointed_within_days=audience.appointed_within_days,
            reason=reason,
            replaces=replaces,
            **terms.columns,
            **columns(by),
        )
    Refresher.objects.bulk_create(
        Refresher(version=version, course_id=course, position=position)
        for position, course in enumerate(terms.renewal.refreshers, start=1)
    )
    version.courses.set(terms.courses)
    version.categories.set(audience.categories)
    version.tags.set(audience.tags)
    version.people.set(audience.people)
    stale.mark_audience(version, from_day)
    return version


def _same_rule(title: str, audience: Audience, terms: Terms, from_day: date) -> TrainingRequirement | None:
    versions = RequirementVersion.objects.held().filter(requirement__title=title, valid_from=from_day)
    return next((version.requirement for version in versions if _is_already(version, audience, terms, from_day)), None)


def _is_already(version: RequirementVersion, audience: Audience, terms: Terms, from_day: date) -> bool:
    return (
        version.valid_from == from_day
        and version.unit_id == audience.unit.pk
        and version.appointed_within_days == audience.appointed_within_days
        and all(getattr(version, name) == value for name, value in terms.columns.items())
        and version.renewal.refreshers == terms.renewal.refreshers
        and _asks_the_same(version, audience, terms)
    )


def _asks_the_same(version: RequirementVersion, audience: Audience, terms: Terms) -> bool:
    pairs = [
        (version.courses, terms.courses),
        (version.categories, audience.categories),
        (version.tags, audience.tags),
        (version.people, audience.people),
    ]
    return all({row.pk for row in stored.all()} == {row.pk for row in wanted} for stored, wanted in pairs)


def _told(audience: Audience, terms: Terms, from_day: date) -> dict[str, Any]:
    return {
        "from": from_day.isoformat(),
        "unit": audience.unit.code,
        "courses": sorted(course.code for course in terms.courses),
        **({"document": terms.document.code} if terms.document else {}),
        "due_days": terms.due_days,
        "counts_from": terms.due.counts_from,
    }
