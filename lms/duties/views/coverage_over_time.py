"""A unit over time: the trend of 24 months, what runs out in the next 12, and for how long overdue duties have been so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.duties import charts, suppression, trend
from lms.duties.coverage_rows import HIDDEN
from lms.duties.forms import DayForm
from lms.duties.seen import Row, Seen
from lms.duties.views.looking import Look, look
from lms.organisation.access import Capability, needs


@dataclass(frozen=True, slots=True)
class Story:
    """One target over time: percentages by month, and numbers by month to come and by age."""

    target: str
    percents: Sequence[Decimal | str | None]
    running_out: Sequence[int | str]
    ages: Sequence[int | str]
    trend: charts.Chart
    cliff: charts.Chart | None


@needs(Capability.SEE_COVERAGE)
@require_safe
def coverage_over_time(request: HttpRequest) -> HttpResponse:
    """Trend, expiry cliff and ages of a unit, drawn and in tables."""
    asked = look(request, DayForm)
    if asked is None:
        return render(request, "duties/coverage_empty.html")
    months = trend.over_months(asked.seen)
    ahead = trend.months_ahead(asked.day)
    stories = _stories(asked, months, ahead)
    context = {
        "look": asked,
        "form": asked.form,
        "waiting": asked.seen.stored.waiting,
        "stories": stories,
        "months": _by_month([*months, asked.day], [story.percents for story in stories]),
        "ahead": _by_month(ahead, [story.running_out for story in stories]),
        "shows_kinds": asked.seen.shows_kinds,
        "highest": asked.path[0],
    }
    return render(request, "duties/coverage_over_time.html", context)


def _stories(asked: Look, months: Mapping[date, Seen], ahead: Sequence[date]) -> list[Story]:
    seen, rows = asked.seen, asked.seen.rows()
    by_month = [{row.target: row for row in at_month.rows()} for at_month in months.values()]
    labels = [_short(month) for month in [*months, asked.day]]
    runs_out = trend.running_out(asked.unit, asked.day) if seen.shows_kinds else {}
    ages = trend.overdue_by_age(asked.unit, asked.day) if seen.shows_kinds else {}
    numbers = {
        seen.stored.labels[target]: number
        for target, number in seen.stored.targets.items()
        if target in seen.stored.labels
    }
    stories = []
    for row in rows:
        percents = [_percent(found.get(row.target)) for found in by_month] + [row.percent]
        out = _as_seen(seen, row, runs_out.get(numbers[row.target], [0] * len(ahead)), "in_date")
        stories.append(
            Story(
                target=row.target,
                percents=percents,
                running_out=out,
                ages=_as_seen(seen, row, ages.get(numbers[row.target], [0] * (len(trend.AGES) + 1)), "overdue"),
                trend=charts.line(_("%s: in date, per cent") % row.target, labels, [_drawn(p) for p in percents]),
                cliff=charts.bars(
                    _("%s: runs out, by month") % row.target,
                    [_short(month) for month in ahead],
                    [None if isinstance(n, str) else n for n in out],
                )
                if seen.shows_kinds
                else None,
            )  # fmt: skip
        )
    return stories


def _as_seen(seen: Seen, row: Row, numbers: Sequence[int], whole: str) -> list[int | str]:
    """Numbers that are parts of one figure of the row, the small ones hidden unless names may be known."""
    if seen.with_names:
        return list(numbers)
    of_whole = getattr(row, whole)
    rest = of_whole - sum(numbers) if isinstance(of_whole, int) else 0
    hidden = suppression.of_counts(
        [*numbers, rest], whole_is_hidden=of_whole == HIDDEN, least=settings.SMALLEST_GROUP_SHOWN
    )
    return [HIDDEN if is_hidden else number for number, is_hidden in zip(numbers, hidden, strict=False)]


def _by_month(months: Sequence[date], columns: Sequence[Sequence[object]]) -> list[tuple[date, tuple[object, ...]]]:
    return list(zip(months, zip(*columns, strict=True), strict=True)) if columns else []


def _percent(row: Row | None) -> Decimal | str | None:
    return row.percent if row else None


def _drawn(percent: Decimal | str | None) -> Decimal | None:
    return percent if isinstance(percent, Decimal) else None


def _short(day: date) -> str:
    return date_format(day, "M Y")
