"""Working off marks: the spans of marked people and posts are made to follow the facts, and levels with them.

Before: `stale`. A mark goes in the transaction that writes what it asked for, so that a worker killed in the middle
leaves both undone, and two at once take different marks. After: `coverage` reads.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from celery import shared_task
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from lms.core.chunks import in_chunks
from lms.duties import levels, locks, stories
from lms.duties.levels import Kept
from lms.duties.models import DutySpan, SpanCalendar, StaleMark

logger = logging.getLogger(__name__)
COLUMNS = tuple(f"{name}_id" if name in {"person", "post", "unit"} else name for name in Kept._fields)
# Few enough that whoever waits for one of these marks, or for a level, waits for less than a second.
_AT_A_TIME = 200


def work_off(*, people: Collection[int] | None = None, before: date | None = None) -> int:
    """Work off all marks, or those of some people, or those that may change what is said of a day. Returns how many.

    Does nothing while a rebuild is under way: the marks stay. Harmless the second time.
    """
    marks = StaleMark.objects.order_by("kind", "subject")
    if people is not None:
        marks = marks.filter(kind=StaleMark.Kind.PERSON, subject__in=people)
    if before is not None:
        marks = marks.before(before)
    done = some = _work_off_some(marks)
    while some == _AT_A_TIME:
        some = _work_off_some(marks)
        done += some
    return done


@shared_task(name="lms.duties.work_off_marks")
def work_off_marks() -> int:
    """Celery's task, sent after each commit that marked somebody, and by beat for what got lost on the way."""
    return work_off()


def send() -> None:
    """Ask a worker to work off what is marked. Nothing is lost where the broker is down: the marks are in the table."""
    try:
        work_off_marks.delay()
    except (OperationalError, RedisError):
        logger.warning("Marked people wait: the broker does not answer.")


def insert(spans: Iterable[Kept]) -> None:
    """Add rows."""
    marks = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
    with connection.cursor() as cursor:
        for some in in_chunks(list(spans)):
            values = [value for span in some for value in span]
            sql = f"INSERT INTO duties_dutyspan ({', '.join(COLUMNS)}) VALUES {', '.join([marks] * len(some))}"
            cursor.execute(sql, values)


@transaction.atomic
def _work_off_some(marks: QuerySet[StaleMark]) -> int:
    if not locks.may_work_off():
        return 0
    # What another worker is at is left to that worker.
    taken = list(marks.select_for_update(skip_locked=True)[:_AT_A_TIME])
    if not taken:
        return 0
    subjects: dict[int, list[int]] = defaultdict(list)
    for mark in taken:
        subjects[mark.kind].append(mark.subject)
    people, posts = subjects[StaleMark.Kind.PERSON], subjects[StaleMark.Kind.POST]
    _replace(_standing(people, posts), list(_wanted(people, posts)))
    StaleMark.objects.filter(pk__in=[mark.pk for mark in taken]).delete()
    return len(taken)


def _wanted(people: Sequence[int], posts: Sequence[int]) -> Iterator[Kept]:
    common = stories.world()
    if people:
        yield from stories.of_people(people, common)
    if posts:
        yield from stories.of_posts(posts, common)


def _standing(people: Sequence[int], posts: Sequence[int]) -> list[tuple[int, Kept]]:
    rows: list[tuple[Any, ...]] = []
    for some, which in ((people, Q(person__in=people)), (posts, Q(person__isnull=True, post__in=posts))):
        if some:
            rows += DutySpan.objects.filter(which).values_list("pk", *COLUMNS)
    return [(pk, Kept(*values)) for pk, *values in rows]


def _replace(standing: Sequence[tuple[int, Kept]], wanted: Sequence[Kept]) -> None:
    """Write differences only."""
    missing = Counter(wanted)
    gone: list[tuple[int, Kept]] = []
    for pk, span in standing:
        if missing[span]:
            missing[span] -= 1
        else:
            gone.append((pk, span))
    new = list(missing.elements())
    for some in in_chunks([pk for pk, _span in gone]):
        DutySpan.objects.filter(pk__in=some).delete()
    insert(new)
    turned = [(span, -1) for _pk, span in gone] + [(span, 1) for span in new]
    if turned:
        levels.write(levels.changes(turned, SpanCalendar.current().levels_until))
