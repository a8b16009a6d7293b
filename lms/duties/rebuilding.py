"""Making all spans and levels from nothing, and comparing what is stored with what would be made.

On PostgreSQL new tables are filled bare by COPY, get their indexes, and take the place of the old ones at the end: old
figures stay readable meanwhile. On SQLite all of it is one transaction. Nobody works off marks while it lasts.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lms.core import clock
from lms.core.chunks import in_chunks
from lms.core.errors import Refused
from lms.core.months import add_months
from lms.duties import locks, stories, swapping, upkeep
from lms.duties.levels import NUMBERS, Kept
from lms.duties.models import DutySpan, SpanCalendar, SpanState, StaleMark, UnitMonth
from lms.organisation.models import Post, PostHolding

_AT_A_TIME = 1000
_SPANS, _LEVELS = DutySpan._meta.db_table, UnitMonth._meta.db_table


@dataclass(frozen=True, slots=True)
class Differences:
    """How many rows stand there and should not, or should and do not."""

    spans: int
    levels: int

    @property
    def any(self) -> bool:
        return bool(self.spans or self.levels)


def rebuild() -> int:
    """Make everything anew. Returns how many spans there are. Harmless the second time.

    Raises Refused while another rebuild is under way. Who changes meanwhile stays marked.
    """
    with locks.alone() as is_alone:
        if not is_alone:
            raise Refused(_("Another rebuild is under way. Wait until it has ended."))
        return _swapped() if connection.vendor == "postgresql" else _in_place()


def differences() -> Differences:
    """Compare everything stored with what the facts say, after working off what is marked. Writes nothing else."""
    upkeep.work_off()
    common = stories.world()
    people = _ids(PostHolding.objects.held(), "person_id") | _ids(DutySpan.objects.exclude(person=None), "person_id")
    posts = _ids(Post.objects.all(), "pk") | _ids(DutySpan.objects.filter(person=None), "post_id")
    wrong = 0
    for some in in_chunks(sorted(people), _AT_A_TIME):
        wanted = stories.of_people(some, common, is_many=True)
        wrong += _unequal(wanted, DutySpan.objects.filter(person__in=some))
    for some in in_chunks(sorted(posts), _AT_A_TIME):
        wrong += _unequal(stories.of_posts(some, common), DutySpan.objects.filter(person=None, post__in=some))
    return Differences(wrong, _unequal_levels())


def all_spans() -> Iterator[list[Kept]]:
    """Everything that is to be stored, some at a time."""
    common = stories.world()
    for some in in_chunks(sorted(_ids(PostHolding.objects.held(), "person_id")), _AT_A_TIME):
        yield list(stories.of_people(some, common, is_many=True))
    for some in in_chunks(sorted(_ids(Post.objects.all(), "pk")), _AT_A_TIME):
        yield list(stories.of_posts(some, common))


@transaction.atomic
def _in_place() -> int:
    DutySpan.objects.all().delete()
    UnitMonth.objects.all().delete()
    made = _fill(upkeep.insert)
    _set_levels(_SPANS, _LEVELS)
    StaleMark.objects.all().delete()
    return made


def _swapped() -> int:
    # Whoever is marked from here on is marked anew, and stays so.
    StaleMark.objects.update(is_in_rebuild=True)
    spans, months = swapping.start(_SPANS), swapping.start(_LEVELS)
    made = _fill(lambda rows: swapping.copy(spans, upkeep.COLUMNS, rows))
    swapping.add_indexes(_SPANS)
    _set_levels(spans, months)
    swapping.add_indexes(_LEVELS)
    with transaction.atomic():
        swapping.finish(_SPANS)
        swapping.finish(_LEVELS)
        StaleMark.objects.filter(is_in_rebuild=True).delete()
    return made


def _fill(add: Callable[[Sequence[Kept]], None]) -> int:
    made = 0
    for some in all_spans():
        add(some)
        made += len(some)
    return made


def _set_levels(spans: str, months: str) -> None:
    calendar = SpanCalendar.current()
    calendar.levels_until = max(calendar.levels_until, clock.today().replace(day=1))
    calendar.rebuilt_at = clock.now()
    calendar.save()
    sql, values = _levels_of(spans, calendar.levels_until)
    with connection.cursor() as cursor:
        columns = f"{_KEY}, month, {', '.join(NUMBERS)}"
        cursor.execute(f"INSERT INTO {months} ({columns}) {sql}", values)


def _unequal(wanted: Iterator[Kept], standing: QuerySet[DutySpan]) -> int:
    stored = Counter(Kept(*values) for values in standing.values_list(*upkeep.COLUMNS))
    right = Counter(wanted)
    return (stored - right).total() + (right - stored).total()


def _unequal_levels() -> int:
    columns = f"{_KEY}, month, {', '.join(NUMBERS)}"
    stored = f"SELECT {columns} FROM {_LEVELS} WHERE {_ANY_IN.format('')}"
    right, values = _levels_of(_SPANS, SpanCalendar.current().levels_until)
    found = 0
    with connection.cursor() as cursor:
        for one, other in ((stored, right), (right, stored)):
            cursor.execute(f"SELECT COUNT(*) FROM (SELECT * FROM ({one}) a EXCEPT SELECT * FROM ({other}) b) c", values)
            found += cursor.fetchone()[0]
    return found


def _ids(rows: QuerySet[Any], name: str) -> set[int]:
    return set(rows.order_by().values_list(name, flat=True).distinct())


_KEY = "unit_id, target, category, is_joint"
_ANY_IN = "(" + " OR ".join(f"{{0}}{name} <> 0" for name in NUMBERS) + ")"
_BY_STATE = ", ".join(
    f"SUM(CASE WHEN state = {state.value} THEN weight ELSE 0 END) AS {name}"
    for name, state in zip(NUMBERS, SpanState, strict=False)
)
_BY_FLAG = ", ".join(
    f"SUM(CASE WHEN is_{flag} THEN weight ELSE 0 END) AS {name}"
    for flag, name in (("recognised", "recognised"), ("paused", "paused"), ("contractor", "contractors"))
)


def _levels_of(spans: str, last: date) -> tuple[str, dict[str, Any]]:
    """The levels that spans add up to, as a query."""
    adapt = connection.ops.adapt_datefield_value
    first = _first_day(spans)
    months: list[str] = []
    values = {"last": adapt(last)}
    month = min(first or last, last).replace(day=1)
    while month <= last:
        values[f"m{len(months)}"] = adapt(month)
        months.append(f"({_as_day(f'%(m{len(months)})s')})")
        month = add_months(month, 1)
    running = ", ".join(f"SUM({name}) OVER along AS {name}" for name in NUMBERS)
    sql = f"""
    WITH months (month) AS (VALUES {", ".join(months)}), step AS (
        SELECT {_KEY}, state, is_recognised, is_paused, is_contractor, {_month_from("from_day")} AS month, weight
        FROM {spans} WHERE from_day <= %(last)s
        UNION ALL
        SELECT {_KEY}, state, is_recognised, is_paused, is_contractor, {_month_from("until_day")} AS month, -weight
        FROM {spans} WHERE until_day <= %(last)s
    ), change AS (
        SELECT {_KEY}, month, {_BY_STATE}, {_BY_FLAG} FROM step WHERE month <= %(last)s GROUP BY {_KEY}, month
    ), run AS (
        SELECT {_KEY}, month, LEAD(month) OVER along AS following, {running}
        FROM change WINDOW along AS (PARTITION BY {_KEY} ORDER BY month)
    )
    SELECT {_KEY}, months.month, {", ".join(NUMBERS)} FROM run JOIN months
    ON months.month >= run.month AND (run.following IS NULL OR months.month < run.following)
    WHERE {_ANY_IN.format("")}
    """
    return sql, values


def _first_day(spans: str) -> date | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(from_day) FROM {spans}")
        found = cursor.fetchone()[0]
    return date.fromisoformat(found) if isinstance(found, str) else found


def _month_from(column: str) -> str:
    """The first month that begins on the day or later."""
    if connection.vendor == "postgresql":
        return f"CAST(date_trunc('month', {column} - 1) + interval '1 month' AS date)"
    return f"date({column}, '-1 day', 'start of month', '+1 month')"


def _as_day(value: str) -> str:
    return f"CAST({value} AS date)" if connection.vendor == "postgresql" else value
