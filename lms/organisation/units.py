"""Opening, moving, renaming and closing units: dated placements, and the ancestry that follows them.

Nothing before the day of a step is touched, so every figure for an earlier day stays what it was.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.dated import close, supersede
from lms.core.errors import Refused
from lms.core.spans import Span
from lms.core.words import day_in_words
from lms.organisation import ancestry
from lms.organisation.chains import Loop
from lms.organisation.models import OrgUnit, Post, UnitPlacement


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be opened; `parent` is a code, which may be that of a unit earlier in the same list."""

    code: str
    kind: OrgUnit.Kind
    name: str
    parent: str | None
    opened_on: date


def open_unit(code: str, *, kind: OrgUnit.Kind, name: str, parent: OrgUnit | None, on: date, by: Actor) -> OrgUnit:
    """Open a unit below `parent`. Harmless the second time. Raises Refused when the parent is not open then."""
    return open_units([NewUnit(code, kind, name, parent.code if parent else None, on)], by=by)[0]


@transaction.atomic
def open_units(plans: Sequence[NewUnit], *, by: Actor) -> list[OrgUnit]:
    """Open many units at once, parents before children. Units that were opened just so stay as they are."""
    _lock_the_tree()
    codes = {plan.code for plan in plans} | {plan.parent for plan in plans if plan.parent}
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=codes)}
    lives = _lives(unit.pk for unit in units.values())
    new = [plan for plan in plans if not _is_open_already(plan, units, lives)]
    for plan in new:
        _check_parent(plan, lives)
        units[plan.code] = OrgUnit(code=plan.code, kind=plan.kind)
        lives[plan.code] = (plan.opened_on, None)
    OrgUnit.objects.bulk_create([units[plan.code] for plan in new])
    UnitPlacement.objects.bulk_create([_first_placement(plan, units, by) for plan in new])
    ancestry.refresh(units[plan.code].pk for plan in new)
    audit.record_all("unit opened", [units[plan.code] for plan in new], by=by)
    return [units[plan.code] for plan in plans]


def move(unit: OrgUnit, *, parent: OrgUnit, on: date, by: Actor, reason: str = "") -> UnitPlacement:
    """Place a unit, with all below it, under another parent from a day on. Raises Refused for loops and closed ones."""
    return _place(unit, on=on, by=by, reason=reason, parent=parent)


def rename(unit: OrgUnit, *, name: str, on: date, by: Actor, reason: str = "") -> UnitPlacement:
    """Give a unit another name from a day on."""
    return _place(unit, on=on, by=by, reason=reason, name=name)


def change(unit: OrgUnit, *, on: date, by: Actor, reason: str = "", **values: Any) -> UnitPlacement:
    """Another `parent`, another `name`, or both from the same day on: a day has room for one placement."""
    return _place(unit, on=on, by=by, reason=reason, **values)


@transaction.atomic
def correct_name(unit: OrgUnit, *, name: str, by: Actor) -> UnitPlacement:
    """Mend a slip in the name that a unit bears: it holds for the past, too. Harmless the second time."""
    last = _last_placement(unit)
    if last.name == name:
        return last
    corrected = supersede(last, by=by, reason=_("Name corrected"), name=name)
    audit.record("unit name corrected", unit, by=by, name=name)
    return corrected


@transaction.atomic
def close_unit(unit: OrgUnit, *, on: date, by: Actor, reason: str = "") -> UnitPlacement:
    """Close a unit: `on` is its first day without. Raises Refused while units or posts below it go on."""
    _lock_the_tree()
    last = _last_placement(unit)
    if last.valid_until == on:
        return last
    if UnitPlacement.objects.overlapping(on, None).filter(parent=unit).exists():
        raise Refused(_("Units below this one are still open then. Close or move them first."))
    if Post.objects.filter(unit=unit).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on)).exists():
        raise Refused(_("This unit still has posts then. Close them first."))
    closed = close(last, until=on, by=by, reason=reason)
    ancestry.refresh([unit.pk])
    audit.record("unit closed", unit, by=by, on=on.isoformat())
    return closed


def check_open(wanted: Collection[tuple[OrgUnit, date]]) -> None:
    """Raises Refused unless each unit is open from its day on, with no end in sight: nothing is put into a closed one."""
    lives = _lives({unit.pk for unit, _day in wanted})
    for unit, day in wanted:
        _check_open(unit.code, day, lives)


@transaction.atomic
def _place(unit: OrgUnit, *, on: date, by: Actor, reason: str, **changes: Any) -> UnitPlacement:
    _lock_the_tree()
    last = _last_placement(unit)
    values = {"parent": last.parent, "name": last.name} | changes
    if last.valid_from == on and (last.parent, last.name) == (values["parent"], values["name"]):
        return last
    _check_step(last, on, values["parent"])
    close(last, until=on, by=by, reason=reason)
    placed = UnitPlacement.objects.create(unit=unit, valid_from=on, reason=reason, **values, **columns(by))
    try:
        ancestry.refresh([unit.pk])
    except Loop:
        raise Refused(_("A unit cannot stand below one of its own units.")) from None
    audit.record("unit placed", unit, by=by, on=on.isoformat(), name=placed.name, parent=str(placed.parent))
    return placed


def _check_step(last: UnitPlacement, on: date, parent: OrgUnit | None) -> None:
    if last.valid_until is not None:
        raise Refused(_("This unit is closed."))
    if on <= last.valid_from:
        shown = day_in_words(last.valid_from)
        raise Refused(_("The last change of this unit took effect on %(day)s. Choose a later day.") % {"day": shown})
    if parent is not None and parent.pk == last.unit_id:
        raise Refused(_("A unit cannot stand below itself."))
    if parent is not None and parent.pk != last.parent_id:
        _check_open(parent.code, on, _lives([parent.pk]))


def _check_parent(plan: NewUnit, lives: dict[str, Span]) -> None:
    if plan.code in lives:
        raise Refused(_("There is a unit with the code %(code)s already.") % {"code": plan.code})
    if plan.parent is not None:
        _check_open(plan.parent, plan.opened_on, lives)


def _check_open(code: str, on: date, lives: dict[str, Span]) -> None:
    life = lives.get(code)
    if life is None or life[0] > on or life[1] is not None:
        raise Refused(
            _("The unit %(code)s is not open from that day on, so nothing can be placed in it.") % {"code": code}
        )


def _is_open_already(plan: NewUnit, units: dict[str, OrgUnit], lives: dict[str, Span]) -> bool:
    life = lives.get(plan.code)
    return life is not None and life[0] == plan.opened_on and units[plan.code].kind == plan.kind


def _lives(units: Iterable[int]) -> dict[str, Span]:
    """From when until when each unit stands in the tree. Placements follow each other without a gap."""
    lives: dict[str, Span] = {}
    rows = UnitPlacement.objects.held().filter(unit__in=list(units)).order_by("valid_from")
    for code, start, until in rows.values_list("unit__code", "valid_from", "valid_until"):
        lives[code] = (lives.get(code, (start, None))[0], until)
    return lives


def _first_placement(plan: NewUnit, units: dict[str, OrgUnit], by: Actor) -> UnitPlacement:
    parent = units[plan.parent] if plan.parent else None
    return UnitPlacement(unit=units[plan.code], parent=parent, name=plan.name, valid_from=plan.opened_on, **columns(by))


def _last_placement(unit: OrgUnit) -> UnitPlacement:
    last = UnitPlacement.objects.held().filter(unit=unit).select_related("parent").order_by("valid_from").last()
    if last is None:
        raise Refused(_("This unit was never opened."))
    return last


def _lock_the_tree() -> None:
    # Two moves at a time could close a loop that neither sees, so all changes of the tree wait for one row.
    OrgUnit.objects.select_for_update().order_by("pk").first()
