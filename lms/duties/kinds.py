"""Figures by what they are asked for: the instruments behind the rules, and who owns these. Sums over targets."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from lms.duties import suppression
from lms.duties.counting import share
from lms.duties.coverage import Stored
from lms.duties.coverage_rows import CoverageRow
from lms.duties.models import RequirementVersion
from lms.duties.seen import Row, Seen


class Kind(NamedTuple):
    """All that rules of one kind ask: its name, the targets, and their duties together."""

    name: str
    targets: Sequence[str]
    row: Row


class Asking(NamedTuple):
    """What a rule asks, on what ground, and whose it is."""

    target: str
    instrument: str
    owner: str


def by_instrument(seen: Seen, rules: Sequence[Asking]) -> list[Kind]:
    """By the instrument that rules name; last those that name none."""
    return _kinds(seen, rules, lambda rule: rule.instrument, _("No instrument named"))


def by_owner(seen: Seen, rules: Sequence[Asking]) -> list[Kind]:
    """By who owns the rules; last those of nobody."""
    return _kinds(seen, rules, lambda rule: rule.owner, _("No owner named"))


def rules_of(stored: Stored) -> list[Asking]:
    """The rules that ask for the targets of some figures on their day, with instrument and owner. One query."""
    asking = {rule.version: rule.target for rule in stored.book.in_force(stored.on) if rule.target in stored.labels}
    versions = RequirementVersion.objects.filter(pk__in=asking).select_related("requirement__owner__person")
    return [
        Asking(
            stored.labels[asking[version.pk]],
            stored.book.words[version.pk].instrument,
            _owner(version),
        )
        for version in versions.order_by("pk")
    ]


def together(rows: Sequence[CoverageRow]) -> CoverageRow:
    """The duties of several targets as one row: somebody who owes two is counted twice."""
    numbers = [sum(column) for column in zip(*[(*row[1:5], *row[6:]) for row in rows], strict=True)]
    required, in_date, not_yet_due, overdue, *others = numbers
    return CoverageRow("", required, in_date, not_yet_due, overdue, share(in_date, required), *others)


def _kinds(seen: Seen, rules: Sequence[Asking], kind_of: Callable[[Asking], str], nameless: str) -> list[Kind]:
    rows, hidden = {row.target: row for row in seen.stored.rows()}, seen.hidden()
    found: dict[str, set[str]] = {}
    for rule in rules:
        found.setdefault(kind_of(rule), set()).add(rule.target)
    return [
        Kind(name or nameless, sorted(targets), _sum(rows, sorted(targets), hidden))
        for name, targets in sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))
    ]


def _sum(rows: Mapping[str, CoverageRow], targets: Sequence[str], hidden: Mapping[str, frozenset[str]]) -> Row:
    """Shown as far as each of the targets is, so that the sum tells nothing new."""
    row = together([rows[target] for target in targets])
    gone = frozenset[str]().union(*(hidden.get(target, suppression.NOTHING) for target in targets))
    return suppression.shown(row, gone) if gone else row


def _owner(version: RequirementVersion) -> str:
    owner = version.requirement.owner
    return str(owner.person or owner) if owner else ""
