"""A rule as it would be, for looking at what it would mean before it is made."""

from datetime import date

from lms.duties.days import Days
from lms.duties.reach import Rule
from lms.duties.requiring import Audience, Terms


def rule_of(audience: Audience, terms: Terms, *, from_day: date, requirement: int = 0) -> Rule:
    """The rule as it would be; `requirement` is the one that it changes."""
    return Rule(
        version=0,
        requirement=requirement,
        target=terms.target,
        days=Days(from_day),
        unit=audience.unit.pk,
        due_days=terms.due_days,
        categories=frozenset(category.pk for category in audience.categories),
        tags=frozenset(tag.pk for tag in audience.tags),
        people=frozenset(person.pk for person in audience.people),
        appointed_within_days=audience.appointed_within_days,
        counts_months=terms.counts_months,
        due=terms.due,
        renewal=terms.renewal,
    )
