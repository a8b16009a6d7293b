"""What a difference is, and those of units, posts and lines: records and what stands in, differences out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from lms.core.words import day_in_words
from lms.organisation.feed.circles import in_circles, roots_first
from lms.organisation.feed.records import Record
from lms.organisation.models import About, Change


@dataclass(frozen=True, slots=True)
class Difference:
    """What one row changes, or why it does not. `closes` names the facts that it ends, by model."""

    about: About
    change: Change
    subject: str
    day: date
    line: int | None = None
    label: str = ""
    person: int | None = None
    from_post: str = ""
    to_post: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    closes: Mapping[str, list[int]] = field(default_factory=dict)

    def refused(self, why: str) -> "Difference":
        """The same, not going in."""
        return replace(self, change=Change.REFUSED, why=why)


@dataclass(frozen=True, slots=True)
class StandingUnit:
    """A unit as its last placement has it."""

    name: str
    parent: str
    since: date
    until: date | None


@dataclass(slots=True)
class WantedUnit:
    """A unit as the file has it: what its first row says, from the earliest day of any row."""

    line: int
    name: str
    kind: str
    parent: str
    day: date


@dataclass(frozen=True, slots=True)
class StandingPost:
    """A post and its line up. `line` is the row of the line, 0 without one."""

    unit: str
    title: str
    opened_on: date
    closed_on: date | None
    manager: str = ""
    line: int = 0
    line_since: date | None = None


def gather_units(wanted: dict[str, WantedUnit], record: Record, default: date) -> Difference | None:
    """Add a row's unit to those wanted. A row that contradicts an earlier one gives a refusal."""
    code, day = record.get("unit"), record.day("day") or default
    name, parent = record.get("unit_name"), record.get("parent")
    first = wanted.setdefault(code, WantedUnit(record.line, name, record.get("unit_kind"), parent, day))
    first.day = min(first.day, day)
    if (name and first.name and name != first.name) or (parent and first.parent and parent != first.parent):
        contradiction = _("Line %(line)d names this unit or the one above it differently.") % {"line": first.line}
        return Difference(About.UNIT, Change.REFUSED, code, day, record.line, name, why=contradiction)
    first.name, first.parent = first.name or name, first.parent or parent
    return None


def compare_units(wanted: Mapping[str, WantedUnit], standing: Mapping[str, StandingUnit]) -> list[Difference]:
    """Units to open, rename and move, those above first; loops and unknown units above are refused."""
    found = {code: one for code, unit in wanted.items() if (one := _unit(code, unit, standing.get(code)))}
    _refuse_unknown(found, standing)
    _refuse_loops(found, {code: unit.parent for code, unit in standing.items() if unit.parent})
    # A refusal of a unit makes those below it, if they are new too, unknown again.
    _refuse_unknown(found, standing)
    order = roots_first({code: one.after.get("parent", "") for code, one in found.items()})
    return [found[code] for code in order] + [one for code, one in found.items() if code not in set(order)]


def compare_post(
    records: list[Record], standing: StandingPost | None, units: Mapping[str, date], default: date
) -> list[Difference]:
    """The post that these rows name: made, given another title, or refused. `units`: open ones, since when."""
    first = records[0]
    code, unit = first.get("post"), first.get("unit")
    day = min(record.day("day") or default for record in records)
    one = Difference(About.POST, Change.NEW, code, day, first.line, first.get("post_title"))
    if standing is not None:
        return _standing_post(one, first, standing)
    if not unit or not (first.get("category") or first.get("post_title")):
        return [one.refused(_("A new post needs a unit, and a category or title."))]
    if unit not in units:
        return [one.refused(_("The unit %(unit)s is not known, or was refused.") % {"unit": unit})]
    if day < units[unit]:
        return [one.refused(_("The unit %(unit)s opens only later.") % {"unit": unit})]
    after = {name: first.get(name) for name in ("unit", "category", "post_title") if first.get(name)}
    return [replace(one, after=after)]


def compare_line(
    record: Record, standing: StandingPost | None, known: frozenset[str], default: date
) -> Difference | None:
    """The line up from a post, where it changes. `known`: posts that stand or are made by this file."""
    code, manager, day = record.get("post"), record.get("manager"), record.day("day") or default
    if not manager or (standing is not None and standing.manager == manager):
        return None
    before = {"manager": standing.manager} if standing is not None and standing.manager else {}
    closes = {"line": [standing.line]} if standing is not None and standing.line else {}
    change = Change.CHANGED if before else Change.NEW
    one = Difference(
        About.LINE, change, code, day, record.line, to_post=manager, before=before, after={"manager": manager}
    )
    if code not in known or manager not in known:
        unknown = code if code not in known else manager
        return one.refused(_("The post %(post)s is not known, or was refused.") % {"post": unknown})
    if code == manager:
        return one.refused(_("A post cannot report to itself."))
    if standing is not None and standing.line_since is not None and standing.line_since >= day:
        return one.refused(crossing(standing.line_since))
    return replace(one, closes=closes)


def crossing(since: date) -> str:
    """Why something does not take effect on a day that is not later than the last change."""
    return _("The dates cross: the last change took effect on %(day)s. This one needs a later day.") % {
        "day": day_in_words(since)
    }


def _unit(code: str, wanted: WantedUnit, standing: StandingUnit | None) -> Difference | None:
    after = {"unit_name": wanted.name, "parent": wanted.parent}
    one = Difference(About.UNIT, Change.NEW, code, wanted.day, wanted.line, wanted.name or code)
    if standing is None:
        if not wanted.name or not wanted.parent:
            return one.refused(_("This unit is not known. To open it, name it and the unit above it."))
        return replace(one, after={**after, "unit_kind": wanted.kind or "office"})
    before = {"unit_name": standing.name, "parent": standing.parent}
    after = {name: value for name, value in after.items() if value and value != before[name]}
    if not after:
        return None
    change = Change.MOVED if "parent" in after else Change.CHANGED
    one = replace(one, change=change, label=standing.name, before={name: before[name] for name in after}, after=after)
    if standing.until is not None:
        return one.refused(_("This unit is closed."))
    return one.refused(crossing(standing.since)) if standing.since >= wanted.day else one


def _refuse_unknown(found: dict[str, Difference], standing: Mapping[str, StandingUnit]) -> None:
    again = True
    while again:
        again = False
        for code, one in found.items():
            parent = one.after.get("parent", "")
            new = found.get(parent)
            is_there = parent in standing or (new is not None and new.change == Change.NEW)
            if one.change != Change.REFUSED and parent and not is_there:
                found[code] = one.refused(
                    _("The unit above, %(unit)s, is not known, or was refused.") % {"unit": parent}
                )
                again = True


def _refuse_loops(found: dict[str, Difference], standing: Mapping[str, str]) -> None:
    for code in circles_of({code: one.after["parent"] for code, one in _with_parent(found.items())}, standing):
        found[code] = found[code].refused(_("A unit cannot stand below one of its own units."))


def circles_of(changed: Mapping[str, str], standing: Mapping[str, str]) -> set[str]:
    """Which of the changed codes must keep the parent that they had, so that nothing comes back to itself.

    Keeping one can close another circle, so this goes on until there is none.
    """
    left = dict(changed)
    refused: set[str] = set()
    while circle := in_circles({**standing, **left}) & left.keys():
        refused |= circle
        left = {code: parent for code, parent in left.items() if code not in circle}
    return refused


def _with_parent(found: Iterable[tuple[str, Difference]]) -> list[tuple[str, Difference]]:
    return [(code, one) for code, one in found if one.change != Change.REFUSED and "parent" in one.after]


def _standing_post(one: Difference, first: Record, standing: StandingPost) -> list[Difference]:
    unit, title = first.get("unit"), first.get("post_title")
    one = replace(one, change=Change.CHANGED, label=standing.title)
    if standing.closed_on is not None and standing.closed_on <= one.day:
        return [one.refused(_("This post is closed. A new seat needs a code of its own."))]
    if unit and unit != standing.unit:
        return [
            one.refused(
                _("This post stands in %(unit)s. A seat in another unit is another post with a code of its own.")
                % {"unit": standing.unit}
            )
        ]
    if title and title != standing.title:
        return [replace(one, before={"post_title": standing.title}, after={"post_title": title})]
    return []
