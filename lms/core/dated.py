"""Dated facts: what was so, from which day to which, and since when we know it.

*Valid* from–until are days; *known* from–until are instants; `until` is always the first that no longer counts.
As at D means valid on D by what is known now; as at D, known at K, by what was known at K.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.actors import Actor, Attributed, columns
from lms.core.errors import Refused
from lms.core.words import day_in_words

_PAST_IS_FINAL = {"id", "known_from", "known_until", "closed_at", "end_reason"}
_F = TypeVar("_F", bound="DatedFact")

# Sent inside the transaction that made, closed, corrected or withdrew facts: `sender` is their model, `keys` are their
# ids and `from_day` is the earliest day for which something may be different. This module sends it for all that goes
# through it; whoever changes rows at once, by `update`, sends it too, and so does who changes something without dates
# on which figures rest: a post, or a person's kind (with `date.min`).
facts_changed = Signal()


class DatedQuerySet(models.QuerySet[_F]):
    """Reads of dated facts. Rows that were superseded are seen only by asking for a past `known_at`."""

    def held(self, known_at: datetime | None = None) -> Self:
        """Rows held true now, or at the instant `known_at`."""
        if known_at is None:
            return self.filter(known_until__isnull=True)
        return self.filter(known_from__lte=known_at).filter(Q(known_until__isnull=True) | Q(known_until__gt=known_at))

    def bulk_create(self, objs: Iterable[_F], *args: Any, **kwargs: Any) -> list[_F]:
        """As ever, and told to whoever keeps something computed from facts."""
        with transaction.atomic(savepoint=False):
            made = super().bulk_create(objs, *args, **kwargs)
            if made:
                from_day = min(fact.valid_from for fact in made)
                facts_changed.send(self.model, keys=[fact.pk for fact in made], from_day=from_day)
        return made

    def on(self, day: date, *, known_at: datetime | None = None) -> Self:
        """Rows valid on `day`, by what is known now or was known at `known_at`."""
        ends_later = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        if known_at is not None:
            # A closing that came to be known later had not happened yet.
            ends_later |= Q(closed_at__gt=known_at)
        return self.held(known_at).filter(ends_later, valid_from__lte=day)

    def overlapping(self, valid_from: date, valid_until: date | None) -> Self:
        """Rows held true now that share at least one day with the span."""
        rows = self.held().filter(Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from))
        return rows if valid_until is None else rows.filter(valid_from__lt=valid_until)


class DatedFact(Attributed):
    """Base of every dated fact. Change it through `close`, `supersede` and `withdraw` only."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="First day no longer valid; empty: no end.")
    known_from = models.DateTimeField(default=clock.now, editable=False)
    known_until = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    closed_by_rule = models.CharField(max_length=100, blank=True, editable=False)
    superseded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    superseded_by_rule = models.CharField(max_length=100, blank=True, editable=False)
    reason = models.CharField(max_length=500, blank=True)
    end_reason = models.CharField(max_length=500, blank=True, help_text="Why it was closed, superseded or withdrawn.")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta(Attributed.Meta):
        abstract = True
        constraints = [
            *Attributed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(valid_until__isnull=False),
                name="%(app_label)s_%(class)s_closed_has_end",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As ever, and told to whoever keeps something computed from facts."""
        # A row that stands and is saved again was closed: nothing before its end is different.
        was_closed = not self._state.adding and self.known_until is None
        from_day = self.valid_until if was_closed and self.valid_until else self.valid_from
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            facts_changed.send(type(self), keys=[self.pk], from_day=from_day)

    def is_valid_on(self, day: date) -> bool:
        """Whether this row, as held now, covers `day`."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@transaction.atomic
def close(fact: _F, *, until: date, by: Actor, reason: str = "") -> _F:
    """Give an open end its day, once. Harmless the second time with the same day. Returns the row as it is now.

    Raises Refused when the row was corrected meanwhile, has another end already, or starts on or after that day.
    """
    row = _locked(fact)
    if row.valid_until == until:
        return row
    if row.valid_until is not None:
        raise Refused(_("This already has an end. Correct it instead, and say why."))
    _check_days(row.valid_from, until)
    row.valid_until, row.closed_at, row.end_reason = until, clock.now(), reason
    _assign(row, columns(by, prefix="closed_by"))
    row.save()
    return row


@transaction.atomic
def supersede(fact: _F, *, by: Actor, reason: str, **changes: Any) -> _F:
    """Replace a row by a corrected one; both stay. `reason` says why. Returns the new row.

    What is unique of the old row (a uuid) is made anew; many-to-many relations are the caller's to copy.
    """
    moment = clock.now()
    new = _copy_of(_withdrawn(fact, by=by, reason=reason, at=moment))
    _assign(new, changes)
    _check_days(new.valid_from, new.valid_until)
    # The same instant on both rows: at no time is neither of them held, nor both.
    _assign(new, {"replaces_id": fact.pk, "reason": reason, "known_from": moment, **columns(by)})
    new.save()
    return new


@transaction.atomic
def withdraw(fact: _F, *, by: Actor, reason: str) -> _F:
    """Stop holding a row true, with nothing in its place. It stays for what was known then."""
    return _withdrawn(fact, by=by, reason=reason, at=clock.now())


def _withdrawn(fact: _F, *, by: Actor, reason: str, at: datetime) -> _F:
    row = _locked(fact)
    row.known_until, row.end_reason = at, reason
    _assign(row, columns(by, prefix="superseded_by"))
    row.save()
    return row


def _locked(fact: _F) -> _F:
    row = type(fact)._base_manager.select_for_update().get(pk=fact.pk)
    if row.known_until is not None:
        raise Refused(_("This was corrected by somebody else in the meantime. Reload the page."))
    return row


def _check_days(start: date, until: date | None) -> None:
    if until is not None and until <= start:
        raise Refused(_("The end must be later than the start, %(start)s.") % {"start": day_in_words(start)})


def _copy_of(row: _F) -> _F:
    left_behind = _PAST_IS_FINAL | {
        f"{who}_by_{kind}" for who in ("closed", "superseded") for kind in ("user_id", "rule")
    }
    fields = [f for f in row._meta.concrete_fields if not f.unique and f.attname not in left_behind]
    return type(row)(**{f.attname: getattr(row, f.attname) for f in fields})


def _assign(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
