"""How often advice was asked for, by topic and quarter; small counts are not shown."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.conf import settings

from courses.models import AdviceAsked, Topic
from lms.core.quarters import Quarter, quarter_of, quarters_before

HIDDEN = "*"


def by_quarter(day: date, quarters: int = 4) -> tuple[list[Quarter], list[tuple[str, list[int | str]]]]:
    """The quarter of the day and those before it, newest first, with a line for each topic. One query."""
    starts = settings.FINANCIAL_YEAR_STARTS_IN
    shown = list(quarters_before(quarter_of(day, year_starts_in=starts), quarters, year_starts_in=starts))
    rows = AdviceAsked.objects.filter(month__gte=shown[-1].first, month__lt=shown[0].until)
    many: Counter[tuple[str, Quarter]] = Counter()
    for topic, month, number in rows.values_list("topic", "month", "number"):
        many[topic, quarter_of(month, year_starts_in=starts)] += number
    return shown, [(str(topic.label), _shown(many[topic.value, one] for one in shown)) for topic in Topic]


def _shown(numbers: Iterable[int]) -> list[int | str]:
    """No sums are shown anywhere, so a star cannot be worked out."""
    return [HIDDEN if 0 < number < settings.SMALLEST_GROUP_SHOWN else number for number in numbers]
