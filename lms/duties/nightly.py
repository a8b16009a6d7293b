"""The nightly run: what is still marked is worked off, and the calendar is turned. Nothing else changes with the day:
spans say already what will be so on days to come.
"""

from datetime import date

from celery import shared_task
from django.db import connection, transaction

from lms.core import clock
from lms.core.months import add_months
from lms.duties import locks, upkeep
from lms.duties.adding_up import EVERY, SINCE
from lms.duties.levels import NUMBERS
from lms.duties.models import SpanCalendar

_KEY = "unit_id, target, category, is_joint"
_SUMS = ", ".join(f"SUM({name})" for name in NUMBERS)
_NEXT_MONTH = f"""
INSERT INTO duties_unitmonth ({_KEY}, month, {", ".join(NUMBERS)})
WITH {SINCE.format(key=_KEY, source="turned")}, {EVERY.format(key=_KEY, source="duties_unitmonth WHERE month = %(base)s")}
SELECT {_KEY}, %(day)s, {_SUMS} FROM every GROUP BY {_KEY}
HAVING {" OR ".join(f"SUM({name}) <> 0" for name in NUMBERS)}
"""


def run(on: date | None = None) -> tuple[int, int]:
    """Work off marks and keep levels up to the month of a day. Returns how many marks, and how many months.

    Each month is a transaction of its own: killed in the middle, the next run goes on from there. Two at once wait
    for each other, and the second finds nothing to do.
    """
    done = upkeep.work_off()
    months = 0
    while _turn_a_month((on or clock.today()).replace(day=1)):
        months += 1
    return done, months


@shared_task(name="lms.duties.nightly")
def nightly() -> None:
    """Beat's task."""
    run()


@transaction.atomic
def _turn_a_month(wanted: date) -> bool:
    locks.wait_alone()
    calendar = SpanCalendar.current()
    calendar = SpanCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.levels_until >= wanted:
        return False
    following = add_months(calendar.levels_until, 1)
    with connection.cursor() as cursor:
        adapt = connection.ops.adapt_datefield_value
        cursor.execute(_NEXT_MONTH, {"base": adapt(calendar.levels_until), "day": adapt(following)})
    calendar.levels_until = following
    calendar.save(update_fields=["levels_until"])
    return True
