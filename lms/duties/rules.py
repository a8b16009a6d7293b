"""Reading the rules: every version that has ever asked by a day, ready for the pure part, in two queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import CharField, Value

from lms.duties.days import Days, until_as_known
from lms.duties.models import RequirementVersion
from lms.duties.reach import Rule, by_requirement
from lms.duties.targets import Target

_COLUMNS = (
    "pk",
    "requirement_id",
    "unit_id",
    "valid_from",
    "valid_until",
    "closed_at",
    "due_days",
    "appointed_within_days",
    "counts_months",
    "requirement__title",
    "instrument__title",
    "note",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What pages say of a rule: its name, the instrument behind it, and why it counts a result for less."""

    title: str
    instrument: str
    note: str


@dataclass(frozen=True)
class Rulebook:
    """Rules with their words, by version."""

    rules: Sequence[Rule]
    words: Mapping[int, Words]

    @cached_property
    def groups(self) -> list[list[Rule]]:
        """The versions of each requirement, in order."""
        return by_requirement(self.rules)

    def in_force(self, day: date) -> list[Rule]:
        """The rules that ask on `day`."""
        return [rule for rule in self.rules if day in rule.days]

    def targets(self, day: date) -> set[Target]:
        """What is asked for on `day`."""
        return {rule.target for rule in self.in_force(day)}


def load(day: date, *, known_at: datetime | None = None) -> Rulebook:
    """All rules that may matter on `day`."""
    # Earlier versions, too: they say since when somebody has been asked.
    versions = RequirementVersion.objects.held(known_at).filter(valid_from__lte=day)
    rows = list(versions.values_list(*_COLUMNS))
    links = _links([row[0] for row in rows])
    rules, words = [], {}
    for pk, requirement, unit, start, until, closed, due, appointed, months, title, basis, note in rows:
        linked = links[pk]
        rules.append(
            Rule(
                version=pk,
                requirement=requirement,
                target=Target.any_of(linked["courses"]),
                days=Days(start, until_as_known(until, closed, known_at)),
                unit=unit,
                due_days=due,
                categories=frozenset(linked["categories"]),
                tags=frozenset(linked["tags"]),
                people=frozenset(linked["people"]),
                appointed_within_days=appointed,
                counts_months=months,
            )
        )
        words[pk] = Words(title, basis or "", note)
    return Rulebook(rules, words)


def _links(versions: Sequence[int]) -> dict[int, dict[str, set[int]]]:
    """All many-to-many relations of the versions by one query, whatever their number."""
    parts = []
    for field, other in (
        ("courses", "course"),
        ("categories", "postcategory"),
        ("tags", "posttag"),
        ("people", "person"),
    ):
        through = RequirementVersion._meta.get_field(field).remote_field.through  # type: ignore[union-attr]
        rows = through._default_manager.filter(requirementversion__in=versions)
        kind = Value(field, output_field=CharField())
        parts.append(rows.order_by().values_list(kind, "requirementversion_id", f"{other}_id"))
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for field, version, other_id in parts[0].union(*parts[1:], all=True):
        found[version][field].add(other_id)
    return found
