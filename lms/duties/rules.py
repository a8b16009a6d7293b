"""Reading the rules: every version that has ever asked by a day, ready for the pure part, in two queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import CharField, Expression, IntegerField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from lms.duties.days import Days, until_as_known
from lms.duties.due_rules import CountsFrom, Due
from lms.duties.models import Refresher, RequirementVersion
from lms.duties.reach import Rule, by_requirement
from lms.duties.renewals import ExpiryBasis, Renewal, RenewalAsks
from lms.duties.targets import Target
from lms.duties.year_days import YearDay

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
    "counts_from",
    "in_working_days",
    "after_course_id",
    "least_days",
    "due_each_year",
    "expiry_basis",
    "expiry_each_year",
    "least_months",
    "renewal_opens_days",
    "renewal_asks",
    "after_course__code",
    "requirement__title",
    "instrument__title",
    "note",
    "document_id",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What pages say of a rule: its name, the instrument behind it, why it counts a result for less.

    `after` is the code of the course whose first result begins its days.
    """

    title: str
    instrument: str
    note: str
    after: str = ""


@dataclass(frozen=True)
class Rulebook:
    """Rules with their words, by version."""

    rules: Sequence[Rule]
    words: Mapping[int, Words]

    @cached_property
    def groups(self) -> list[list[Rule]]:
        """The versions of each requirement, in order."""
        return by_requirement(self.rules)

    @cached_property
    def after(self) -> frozenset[int]:
        """The courses after whose first result some rule counts its days."""
        return frozenset(rule.due.after for rule in self.rules if rule.due.after is not None)

    @cached_property
    def asks_for_sign_ins(self) -> bool:
        """Whether some rule counts its days from the first sign-in."""
        return any(rule.due.counts_from == CountsFrom.SIGN_IN for rule in self.rules)

    @cached_property
    def counts_working_days(self) -> bool:
        """Whether some rule counts working days."""
        return any(rule.due.in_working_days for rule in self.rules)

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
    rows = [_Row(*values) for values in versions.values_list(*_COLUMNS)]
    links = _links([row.pk for row in rows])
    return Rulebook(
        [_rule(row, links[row.pk], known_at) for row in rows],
        {row.pk: Words(row.title, row.instrument or "", row.note, row.after_code or "") for row in rows},
    )


class _Row(NamedTuple):
    """A version's columns."""

    pk: int
    requirement: int
    unit: int
    start: date
    until: date | None
    closed_at: datetime | None
    due_days: int
    appointed_within_days: int | None
    counts_months: int | None
    counts_from: str
    in_working_days: bool
    after: int | None
    least_days: int
    due_each_year: str
    expiry_basis: str
    expiry_each_year: str
    least_months: int
    opens_days: int | None
    asks: str
    after_code: str | None
    title: str
    instrument: str | None
    note: str
    document: int | None


def _rule(row: _Row, linked: Mapping[str, Sequence[int]], known_at: datetime | None) -> Rule:
    due_day, expiry_day = _year_day(row.due_each_year), _year_day(row.expiry_each_year)
    basis, asks = ExpiryBasis(row.expiry_basis), RenewalAsks(row.asks)
    return Rule(
        version=row.pk,
        requirement=row.requirement,
        target=Target(frozenset(linked["courses"]), row.document),
        days=Days(row.start, until_as_known(row.until, row.closed_at, known_at)),
        unit=row.unit,
        due_days=row.due_days,
        categories=frozenset(linked["categories"]),
        tags=frozenset(linked["tags"]),
        people=frozenset(linked["people"]),
        appointed_within_days=row.appointed_within_days,
        counts_months=row.counts_months,
        due=Due(CountsFrom(row.counts_from), row.in_working_days, row.after, row.least_days, due_day),
        renewal=Renewal(basis, expiry_day, row.least_months, row.opens_days, asks, tuple(linked["refreshers"])),
    )


def _year_day(text: str) -> YearDay | None:
    return YearDay.parse(text) if text else None


def _links(versions: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """All relations to many of the versions by one query, whatever their number; refreshers in their order."""
    parts = []
    for field, other in (
        ("courses", "course"),
        ("categories", "postcategory"),
        ("tags", "posttag"),
        ("people", "person"),
    ):
        through = RequirementVersion._meta.get_field(field).remote_field.through  # type: ignore[union-attr]
        rows = through._default_manager.filter(requirementversion__in=versions)
        parts.append(_part(rows, field, "requirementversion_id", f"{other}_id", Value(0, output_field=IntegerField())))
    refreshers = Refresher.objects.filter(version__in=versions)
    parts.append(_part(refreshers, "refreshers", "version_id", "course_id", Cast("position", IntegerField())))
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for field, version, other_id, _place in sorted(parts[0].union(*parts[1:], all=True), key=itemgetter(3)):
        found[version][field].append(other_id)
    return found


def _part(
    rows: QuerySet[Any], field: str, version: str, other: str, place: Expression | Combinable
) -> QuerySet[Any, tuple[Any, ...]]:
    return rows.order_by().values_list(Value(field, output_field=CharField()), version, other, place)
