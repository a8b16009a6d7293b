"""Many dated facts at once, by the rules of `lms.core.dated`: close, withdraw, open again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Min

from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.chunks import in_chunks
from lms.core.dated import DatedFact, facts_changed
from lms.organisation.models import PostHolding, ReportingLine, StaffNumber

# The names under which a difference keeps the keys of what it made and closed.
MODELS: dict[str, type[DatedFact]] = {"holding": PostHolding, "number": StaffNumber, "line": ReportingLine}
_LEFT_BEHIND = {"id", "known_until", "closed_at", "closed_by_user_id", "closed_by_rule", "end_reason", "by_user_id"}


def close_all(model: type[DatedFact], ends: Mapping[int, date], *, by: Actor, reason: str) -> set[int]:
    """Give these open ends their days, where that is still possible. Returns the keys of those that were closed."""
    moment = clock.now()
    closed: set[int] = set()
    for until, keys in _by_day(ends).items():
        for some in in_chunks(keys):
            rows = model._base_manager.filter(
                pk__in=some, valid_until__isnull=True, known_until__isnull=True, valid_from__lt=until
            )
            able = set(rows.select_for_update().values_list("pk", flat=True))
            values = {"valid_until": until, "closed_at": moment, "end_reason": reason[:500]}
            model._base_manager.filter(pk__in=able).update(**values, **columns(by, prefix="closed_by"))
            facts_changed.send(model, keys=sorted(able), from_day=until)
            closed |= able
    return closed


def withdraw_all(model: type[DatedFact], keys: Iterable[int], *, by: Actor, reason: str) -> set[int]:
    """Stop holding these rows true, unless somebody closed or corrected them since. Returns the keys withdrawn."""
    withdrawn: set[int] = set()
    for some in in_chunks(sorted(keys)):
        rows = model._base_manager.filter(pk__in=some, known_until__isnull=True, closed_at__isnull=True)
        able = set(rows.select_for_update().values_list("pk", flat=True))
        _withdraw(model, able, by=by, reason=reason)
        withdrawn |= able
    return withdrawn


def open_again(rows: Collection[DatedFact], *, by: Actor, reason: str) -> list[Any]:
    """Supersede closed rows by the same ones with no end. The caller has seen to it that nothing is in the way."""
    if not rows:
        return []
    model = type(next(iter(rows)))
    moment = clock.now()
    _withdraw(model, {row.pk for row in rows}, by=by, reason=reason)
    attributes = [f.attname for f in model._meta.concrete_fields if f.attname not in _LEFT_BEHIND]
    new = []
    for row in rows:
        values = {name: getattr(row, name) for name in attributes}
        values |= {"valid_until": None, "known_from": moment, "replaces_id": row.pk, "reason": reason[:500]}
        new.append(model(**{**values, **columns(by)}))
    # By the model's own manager, which tells of new facts.
    return model.objects.bulk_create(new, batch_size=500)


def _withdraw(model: type[DatedFact], keys: Collection[int], *, by: Actor, reason: str) -> None:
    values = {"known_until": clock.now(), "end_reason": reason[:500], **columns(by, prefix="superseded_by")}
    for some in in_chunks(sorted(keys)):
        rows = model._base_manager.filter(pk__in=some)
        rows.update(**values)
        earliest = rows.aggregate(day=Min("valid_from"))["day"]
        if earliest:
            facts_changed.send(model, keys=list(some), from_day=earliest)


def _by_day(ends: Mapping[int, date]) -> dict[date, list[int]]:
    found: dict[date, list[int]] = defaultdict(list)
    for key, until in ends.items():
        found[until].append(key)
    return found
