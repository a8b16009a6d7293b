"""Closing a month or quarter: its figures are filed, once, and stay as filed. After: `reading`."""

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit, clock
from lms.core.actors import Actor, MachineRule, columns
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.core.working_days import add_working_days
from lms.duties import locks, rules, upkeep
from lms.duties.levels import NUMBERS
from lms.duties.models import ClosedPeriod, FiledFigure, SpanCalendar
from lms.duties.models.periods import name_of
from lms.duties.periods import spells
from lms.duties.periods.digests import digest
from lms.duties.periods.figures import Figure, whole
from lms.duties.periods.spells import Spell
from lms.organisation import working_calendar
from lms.organisation.models import Organisation

logger = logging.getLogger(__name__)
_AT_A_TIME = 500


@transaction.atomic
def close(spell: Spell, *, by: Actor) -> ClosedPeriod:
    """File all figures as at the spell's last day, by what is known now.

    Raises Refused before it has ended, when it was closed already (what was filed stays), and while recent changes
    cannot be counted yet.
    """
    _check(spell)
    locks.wait_alone()
    levels_until = _counted(spell.last)
    known_at = clock.now()
    rows, used = whole(spell.last, levels_until), rules_on(spell.last)
    head = head_of(spell, known_at, used)
    period = ClosedPeriod.objects.create(
        kind=spell.kind.value,
        first_day=spell.first,
        last_day=spell.last,
        known_at=known_at,
        rules=used,
        rows=len(rows),
        digest=digest(head, (row.plain for row in rows)),
        **columns(by),
    )
    FiledFigure.objects.bulk_create(_filed(period, rows), batch_size=_AT_A_TIME)
    audit.record("period closed", period, by=by, rows=len(rows), digest=period.digest)
    return period


def head_of(spell: Spell, known_at: datetime, used: list[dict[str, Any]]) -> dict[str, Any]:
    """What the digest says besides the rows: which days, known when, and the rules that asked."""
    return {
        "kind": spell.kind.value,
        "first_day": spell.first.isoformat(),
        "last_day": spell.last.isoformat(),
        "known_at": known_at.astimezone(UTC).isoformat(),
        "rules": used,
    }


def rules_on(day: date) -> list[dict[str, Any]]:
    """The rules that asked on a day: their names, since when they ask so, and which version of the rule that is."""
    book = rules.load(day)
    numbers = {rule.version: number for group in book.groups for number, rule in enumerate(group, start=1)}
    found = [
        {
            "title": book.words[rule.version].title,
            "version": numbers[rule.version],
            "since": rule.days.start.isoformat(),
            "instrument": book.words[rule.version].instrument,
        }
        for rule in book.in_force(day)
    ]
    return sorted(found, key=lambda rule: (str(rule["title"]), str(rule["since"])))


def to_close(today: date) -> list[Spell]:
    """Months and quarters that ended since the records began here and are not closed, the oldest first."""
    organisation = Organisation.objects.first()
    if organisation is None:
        return []
    closed = set(ClosedPeriod.objects.values_list("kind", "first_day"))
    over = spells.ended(organisation.loaded_on, today, settings.FINANCIAL_YEAR_STARTS_IN)
    return [spell for spell in over if (spell.kind.value, spell.first) not in closed]


@shared_task(name="lms.duties.close_ended_periods")
def close_ended_periods() -> None:
    """Beat's task: close what ended so many working days ago. What cannot be closed yet is tried again tomorrow."""
    days = settings.PERIOD_CLOSES_AFTER_WORKING_DAYS
    today = clock.today()
    waiting = to_close(today) if days is not None else []
    for spell in waiting:
        if _closes_on(spell, days) <= today:
            try:
                close(spell, by=MachineRule(f"closed {days} working days after its end"))
            except Refused as why:
                logger.warning("%s is not closed yet: %s", spell.written(settings.FINANCIAL_YEAR_STARTS_IN), why)


def _closes_on(spell: Spell, days: int) -> date:
    root = Organisation.objects.select_related("root").get().root
    return add_working_days(spell.last, days, calendar=working_calendar.of_unit(root))


def _check(spell: Spell) -> None:
    if Organisation.objects.select_for_update().first() is None:
        raise Refused(_("There is no organisation yet, so there is nothing to close."))
    if spell.last >= clock.today():
        raise Refused(
            _("%(period)s ends on %(day)s. Close it from the day after.")
            % {"period": name_of(spell), "day": day_in_words(spell.last)}
        )
    closed = ClosedPeriod.objects.filter(kind=spell.kind.value, first_day=spell.first).first()
    if closed is not None:
        raise Refused(
            _("%(period)s was closed on %(day)s and stays as filed. What came later is shown beside it.")
            % {"period": name_of(spell), "day": day_in_words(clock.day_of(closed.on))}
        )


def _counted(day: date) -> date:
    """Up to which month there are levels, once everybody who changed is counted."""
    upkeep.work_off(before=day)
    levels_until, waiting = SpanCalendar.with_marks(day)
    if waiting:
        raise Refused(_("Recent changes are still being counted. Nothing was closed. Try again in a few minutes."))
    return levels_until


def _filed(period: ClosedPeriod, rows: Iterable[Figure]) -> Iterator[FiledFigure]:
    for position, row in enumerate(rows, start=1):
        named = dict(zip(NUMBERS, row.numbers, strict=True))
        yield FiledFigure(
            period=period,
            position=position,
            unit_id=row.unit,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            above=row.above,
            target=row.target,
            category=row.category,
            category_name=row.category_name,
            **named,
        )
