"""A step for lists refuses a list as a whole. Halving it finds the rows that are to blame, and the rest goes in."""

from collections.abc import Callable, Sequence

from django.db import transaction

from lms.core.errors import Refused
from lms.organisation.models import Change, FeedDifference

Step = Callable[[Sequence[FeedDifference]], None]


def each_or_refused(batch: Sequence[FeedDifference], step: Step) -> list[FeedDifference]:
    """Do the step for all that it takes. Returns the others, marked as refused with the step's own words; unsaved."""
    if not batch:
        return []
    try:
        with transaction.atomic():
            step(batch)
    except Refused as why:
        if len(batch) == 1:
            batch[0].change, batch[0].why = Change.REFUSED, str(why)[:500]
            return list(batch)
        middle = len(batch) // 2
        return each_or_refused(batch[:middle], step) + each_or_refused(batch[middle:], step)
    return []


def until_nothing_moves(batch: Sequence[FeedDifference], step: Step) -> list[FeedDifference]:
    """One by one, and again for those refused, as long as that helps: one row may wait for another."""
    left = list(batch)
    while left:
        refused = []
        for one in left:
            refused += each_or_refused([one], step)
        if len(refused) == len(left):
            return refused
        left = refused
    return []


def keep(batch: Sequence[FeedDifference]) -> None:
    """Save what became of a slice. An insert that meets its own row is ten times as quick as Django's bulk update."""
    FeedDifference.objects.bulk_create(
        batch,
        update_conflicts=True,
        update_fields=["change", "why", "facts", "person"],
        unique_fields=["id"],
        batch_size=500,
    )


def note(one: FeedDifference, what: str, model: str, keys: list[int]) -> None:
    """Keep the keys of facts that a difference `made` or `closed`."""
    one.facts.setdefault(what, {}).setdefault(model, []).extend(keys)
