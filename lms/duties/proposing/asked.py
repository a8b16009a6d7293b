"""What a proposal asks for, as the steps take it and as it is stored; and the rules before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from courses.models import Course, Document, Instrument
from lms.core import clock
from lms.core.errors import Refused
from lms.duties import rules
from lms.duties.days import OPEN, Days
from lms.duties.models import Refresher, RequirementProposal, RequirementVersion, TrainingRequirement
from lms.duties.preview import rule_of
from lms.duties.reach import Rule
from lms.duties.requiring import Audience, Terms, is_integrity
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit, Person, PostCategory, PostTag

Kind = RequirementProposal.Kind
_M = TypeVar("_M", bound=models.Model)


class Matter(NamedTuple):
    """A unit, and the courses or the document that are asked for in it."""

    unit: OrgUnit
    courses: list[Course]
    document: Document | None

    @property
    def is_integrity(self) -> bool:
        """Whether it is for the integrity unit."""
        return is_integrity(self.courses, self.document)


@dataclass(frozen=True, slots=True)
class Asked:
    """A new rule (no requirement), a change (both), or an end (no audience and terms) from a day on."""

    from_day: date
    requirement: TrainingRequirement | None = None
    audience: Audience | None = None
    terms: Terms | None = None

    @property
    def kind(self) -> Kind:
        """Which of the three it is."""
        if self.requirement is None:
            return Kind.NEW
        return Kind.END if self.audience is None else Kind.CHANGE

    @property
    def current(self) -> RequirementVersion | None:
        """What the rule asks now, if there is one."""
        if self.requirement is None:
            return None
        return self.requirement.versions.held().order_by("valid_from").last()

    @property
    def matters(self) -> list[Matter]:
        """What it touches: what is asked now, and what is to be asked."""
        found = []
        current = self.current
        if current is not None:
            found.append(Matter(current.unit, list(current.courses.all()), current.document))
        if self.audience is not None and self.terms is not None:
            refreshers = Course.objects.filter(pk__in=self.terms.renewal.refreshers)
            found.append(Matter(self.audience.unit, [*self.terms.courses, *refreshers], self.terms.document))
        return found


@dataclass(frozen=True, slots=True)
class Effect:
    """The rules for the same targets before and after, and the one that comes and the one that goes, on a day."""

    day: date
    before: rules.Rulebook
    after: rules.Rulebook
    new: Rule | None
    old: Rule | None

    def asking(self, book: rules.Rulebook, target: Target) -> list[Rule]:
        """The rules of one of the books that ask for a target on the day."""
        return [rule for rule in book.in_force(self.day) if rule.target == target]


def effect(asked: Asked) -> Effect:
    """What a proposal does to the rules, looked at today or on the day on which it begins."""
    day = max(asked.from_day, clock.today())
    number = asked.requirement.pk if asked.requirement else 0
    new = None
    if asked.audience is not None and asked.terms is not None:
        new = rule_of(asked.audience, asked.terms, from_day=asked.from_day, requirement=number)
    book = rules.load(OPEN)
    mine = [rule for rule in book.rules if rule.requirement == number and day in rule.days] if number else []
    old = mine[-1] if mine else None
    targets = {rule.target for rule in (new, old) if rule is not None}
    before = [rule for rule in book.rules if rule.target in targets]
    after = [cut for rule in before if (cut := _until(rule, asked.from_day) if rule.requirement == number else rule)]
    return Effect(day, rules.Rulebook(before, {}), rules.Rulebook([*after, *filter(None, [new])], {}), new, old)


def stored(audience: Audience, terms: Terms) -> dict[str, Any]:
    """Audience and terms as data: ids, and the columns of a version."""
    return {
        "unit": audience.unit.pk,
        "categories": _keys(audience.categories),
        "tags": _keys(audience.tags),
        "people": _keys(audience.people),
        "appointed_within_days": audience.appointed_within_days,
        "courses": [course.pk for course in terms.courses],
        "refreshers": list(terms.renewal.refreshers),
        "columns": terms.columns,
    }


def read(proposal: RequirementProposal) -> Asked:
    """The same as objects. Raises Refused when something that it names is gone."""
    if not proposal.asked:
        return Asked(proposal.from_day, proposal.requirement)
    data = proposal.asked
    audience = Audience(
        _all(OrgUnit, [data["unit"]])[0],
        _all(PostCategory, data["categories"]),
        _all(PostTag, data["tags"]),
        _all(Person, data["people"]),
        data["appointed_within_days"],
    )
    return Asked(proposal.from_day, proposal.requirement, audience, _terms(data))


def as_version(asked: Asked) -> RequirementVersion:
    """What is asked for as a version that is not in the database, so that it can be read aloud like one that is."""
    assert asked.audience is not None
    assert asked.terms is not None
    audience, terms = asked.audience, asked.terms
    version = RequirementVersion(
        pk=0,
        valid_from=asked.from_day,
        unit=audience.unit,
        appointed_within_days=audience.appointed_within_days,
        **terms.columns,
    )
    courses = {course.pk: course for course in Course.objects.filter(pk__in=terms.renewal.refreshers)}
    # As if they had been prefetched: it has no rows of its own.
    version._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "courses": list(terms.courses),
        "categories": list(audience.categories),
        "tags": list(audience.tags),
        "people": list(audience.people),
        "refreshers": [Refresher(course=courses[key]) for key in terms.renewal.refreshers],
    }
    return version


def _terms(data: dict[str, Any]) -> Terms:
    columns = data["columns"]
    bare = RequirementVersion(pk=0, **columns)
    bare._prefetched_objects_cache = {"refreshers": []}  # type: ignore[attr-defined]
    instrument, document = columns["instrument_id"], columns["document_id"]
    return Terms(
        _all(Course, data["courses"]),
        bare.due_days,
        bare.counts_months,
        _all(Instrument, [instrument])[0] if instrument else None,
        bare.note,
        bare.due,
        replace(bare.renewal, refreshers=tuple(data["refreshers"])),
        bare.reminder_plan,
        _all(Document, [document])[0] if document else None,
    )


def _until(rule: Rule, day: date) -> Rule | None:
    days = rule.days.overlap(Days(date.min, day))
    return replace(rule, days=days) if days else None


def _keys(rows: Any) -> list[int]:
    return sorted(row.pk for row in rows)


def _all(model: type[_M], keys: Sequence[int]) -> list[_M]:
    """The rows in the order of the keys."""
    found = model._default_manager.in_bulk(keys)
    if len(found) < len(set(keys)):
        raise Refused(_("Something that this proposal names is no longer there. Make a new proposal."))
    return [found[key] for key in keys]
