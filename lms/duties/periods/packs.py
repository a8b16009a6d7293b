"""Packs and returns: made of sections, filed once with their rows, and read from them ever after.

What a pack holds is said by rooms above, which fill in the port `packs`. After: `reports`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.core.months import add_months
from lms.core.ports import Registry
from lms.core.words import day_in_words
from lms.duties import locks, upkeep
from lms.duties.models import FiledPack, SpanCalendar
from lms.duties.periods.closing import rules_on
from lms.duties.periods.digests import digest
from lms.organisation.access import Capability, may_in
from lms.organisation.models import Organisation, OrgUnit, User

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a pack. The first `keys` columns say what a row is about; the others are its figures."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    keys: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a pack is to say: of a unit with all below it, these days, and what the one before it said."""

    unit: OrgUnit
    first: date
    last: date
    previous: FiledPack | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes into a pack. `known_at` and `rules` are set where it repeats what was filed before."""

    sections: Sequence[Section]
    known_at: datetime | None = None
    rules: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class PackKind:
    """A kind of pack: its name, what it is for, how many months it reports on, what who files it may, what it holds."""

    label: str | Promise
    about: str | Promise
    months: int
    capability: Capability
    draft: Callable[[Brief], Draft]
    group: str = "coverage"
    only_quarters: bool = False

    def may_file(self, user: User, unit: OrgUnit) -> bool:
        """Whether `user` may file it for a unit."""
        return may_in(user, self.capability, unit)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that would be another one now."""

    section: str
    about: str
    column: str
    filed: Cell
    now: Cell


packs: Registry[PackKind] = Registry("kinds of packs")


@transaction.atomic
def file_pack(kind: str, unit: OrgUnit, last: date, *, by: Actor, purpose: str = "") -> FiledPack:
    """File a pack as at a day by what is known now; the one that was filed for that day, if there is one.

    Raises Refused for today and later, and while recent changes cannot be counted yet.
    """
    entry = packs[kind]
    first = add_months(last + timedelta(days=1), -entry.months)
    Organisation.objects.select_for_update().first()
    standing = FiledPack.objects.filter(kind=kind, unit=unit, first_day=first, last_day=last).first()
    if standing is not None:
        return standing
    if last >= clock.today():
        raise Refused(_("A pack is filed for a day that is over: yesterday or earlier."))
    _count_everybody(last)
    known_at = clock.now()
    draft = entry.draft(Brief(unit, first, last, _previous(kind, unit, last)))
    name = OrgUnit.objects.filter(pk=unit.pk).named(last).get().name
    pack = FiledPack(
        kind=kind,
        title=f"{entry.label}, {name}, {day_in_words(last)}",
        unit=unit,
        unit_name=name,
        first_day=first,
        last_day=last,
        known_at=draft.known_at or known_at,
        language=get_language() or "",
        purpose=purpose,
        rules=list(draft.rules if draft.rules is not None else rules_on(last)),
        sections=[asdict(section) for section in draft.sections],
        **columns(by),
    )
    pack.digest = digest_of(pack)
    pack.save()
    audit.record("pack filed", pack, by=by, purpose=purpose, digest=pack.digest)
    return pack


def digest_of(pack: FiledPack) -> str:
    """The digest over what a pack says: its head with the rules, then each section."""
    head = {
        "kind": pack.kind,
        "title": pack.title,
        "unit": pack.unit.code,
        "first_day": pack.first_day.isoformat(),
        "last_day": pack.last_day.isoformat(),
        "known_at": pack.known_at.astimezone(UTC).isoformat(),
        "rules": pack.rules,
    }
    return digest(head, ([section] for section in pack.sections))


def differences(pack: FiledPack) -> list[Difference]:
    """What would be otherwise if the pack were made now for the same days."""
    brief = Brief(pack.unit, pack.first_day, pack.last_day, _previous(pack.kind, pack.unit, pack.last_day))
    now = {section.title: section for section in packs[pack.kind].draft(brief).sections}
    found: list[Difference] = []
    for stored in pack.sections:
        section = Section(**stored)
        found += _differing(section, now.get(section.title, Section(section.title, section.head, [], section.keys)))
    return found


def sections_of(pack: FiledPack) -> list[Section]:
    """The sections as filed."""
    return [Section(**stored) for stored in pack.sections]


def _differing(filed: Section, now: Section) -> list[Difference]:
    was, is_now = _by_key(filed), _by_key(now)
    found = []
    for key in [*was, *(one for one in is_now if one not in was)]:
        before, after = was.get(key), is_now.get(key)
        for column in range(filed.keys, len(filed.head)):
            one, other = _at(before, column), _at(after, column)
            if one != other:
                found.append(Difference(filed.title, " · ".join(key), filed.head[column], one, other))
    return found


def _by_key(section: Section) -> dict[tuple[str, ...], Sequence[Cell]]:
    return {tuple(str(cell) for cell in row[: section.keys]): row for row in section.rows}


def _at(row: Sequence[Cell] | None, column: int) -> Cell:
    return row[column] if row is not None and column < len(row) else None


def _previous(kind: str, unit: OrgUnit, last: date) -> FiledPack | None:
    return FiledPack.objects.filter(kind=kind, unit=unit, last_day__lt=last).order_by("-last_day", "-pk").first()


def _count_everybody(day: date) -> None:
    locks.wait_alone()
    upkeep.work_off(before=day)
    if SpanCalendar.with_marks(day)[1]:
        raise Refused(_("Recent changes are still being counted. Nothing was filed. Try again in a few minutes."))
