"""What a rule would mean before it is made: whom it reaches, and who of them would have something to do."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from lms.duties import facts, rules
from lms.duties.days import Days
from lms.duties.reach import Rule
from lms.duties.requiring import Audience, Terms
from lms.duties.spans import State
from lms.organisation.models import Person, PostHolding


@dataclass(frozen=True, slots=True)
class Preview:
    """How many people a rule reaches on a day, and where they would stand."""

    people: int
    in_date: int
    to_do: int
    exempt: int


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


def preview(audience: Audience, terms: Terms, *, from_day: date) -> Preview:
    """What the rule, alone, would ask on `from_day` of those who hold posts then. Three queries and no change."""
    rule = rule_of(audience, terms, from_day=from_day)
    held = PostHolding.objects.on(from_day).in_subtree(audience.unit, from_day)
    people = Person.objects.filter(pk__in=held.values("person"))
    known = facts.load(people, from_day, rulebook=rules.Rulebook([rule], {}))
    standings = [o.standing(from_day) for person in known.people for o in known.obligations_of(person)]
    states = Counter(standing.state for standing in standings if standing is not None)
    to_do = states[State.NOT_YET_DUE] + states[State.OVERDUE]
    return Preview(states.total(), states[State.IN_DATE], to_do, states[State.EXEMPT])
