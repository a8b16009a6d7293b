"""At once: how many people and units a proposal reaches, who gains or loses a duty, which posts are empty.

By counting in the database, whatever the number of people. Whoever another rule asks for the same neither gains nor
loses. `appointed_within_days` is looked at by the tree of the day.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lms.duties.proposing.asked import Effect
from lms.duties.reach import Rule
from lms.organisation.models import OrgUnit, Post, PostHolding, UnitAncestry

COLUMNS = ("people", "gain", "lose", "vacant")


def figures(effect: Effect) -> dict[str, Any]:
    """Numbers for the whole and for each unit below the one that all of it lies in; as data, to be kept."""
    rows = _rows(effect)
    top = _common_unit([rule.unit for rule in (effect.new, effect.old) if rule is not None], effect.day)
    tops = _below(top, effect.day)
    counted = {name: _by_unit(some, [top, *tops], effect.day) for name, some in rows.items()}
    itself = {name: _count(some.filter(seat_unit=top)) for name, some in rows.items()} if tops else {}
    names = {unit.pk: unit.name for unit in OrgUnit.objects.named(effect.day).filter(pk__in=[top, *tops])}
    lines = [_line(names[unit], counted, unit) for unit in sorted(tops, key=lambda unit: names[unit])]
    alone = [{"name": names[top], "itself": True, **itself}] if any(itself.values()) else []
    return {
        **_line(names[top], counted, top),
        "units": rows["people"].values("seat_unit").distinct().count(),
        "lines": [*alone, *(line for line in lines if any(line[name] for name in COLUMNS))],
        "rests_on": sorted(rule.version for rule in effect.before.rules),
    }


def reach(rule: Rule, day: date) -> QuerySet[PostHolding]:
    """The posts held on a day through which a rule asks, one row for each, with their holders."""
    held = _in_audience(rule, PostHolding.objects.on(day), day)
    if rule.appointed_within_days is None:
        return held
    since = rule.days.start - timedelta(days=rule.appointed_within_days + 1)
    same = {"person": OuterRef("person"), **({"post": OuterRef("post")} if rule.counts_each_post else {})}
    goes_on = Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until"))
    after_it = _in_audience(rule, PostHolding.objects.held(), day).filter(
        goes_on, valid_from__lte=OuterRef("valid_until"), **same
    )
    breaks = PostHolding.objects.held().filter(valid_until__gt=since, valid_until__lte=day, **same)
    was_there = _in_audience(rule, PostHolding.objects.on(since), day).filter(**same)
    return held.exclude(Exists(was_there) & ~Exists(breaks.exclude(Exists(after_it))))


def _rows(effect: Effect) -> dict[str, QuerySet[Any]]:
    """What is counted: each row with its `subject`, a person or a post, and `seat_unit`."""
    new, old, day = effect.new, effect.old, effect.day
    nobody = PostHolding.objects.none()
    reached = reach(new, day) if new else nobody
    gain = _apart_from(reached, effect.asking(effect.before, new.target), day) if new else nobody
    lose = _apart_from(reach(old, day), effect.asking(effect.after, old.target), day) if old else nobody
    found = {"people": reached if new or not old else reach(old, day), "gain": gain, "lose": lose}
    people = {
        name: rows.order_by().annotate(subject=F("person_id"), seat_unit=F("post__unit_id"))
        for name, rows in found.items()
    }
    vacant = _vacant(new, day).order_by().annotate(subject=F("pk"), seat_unit=F("unit_id"))
    return {**people, "vacant": vacant}


def _in_audience(rule: Rule, held: QuerySet[PostHolding], day: date) -> QuerySet[PostHolding]:
    held = held.filter(post__in=_posts(rule, day).values("pk"))
    return held.filter(person__in=rule.people) if rule.people else held


def _posts(rule: Rule, day: date) -> QuerySet[Post]:
    posts = Post.objects.filter(unit__in=UnitAncestry.objects.on(day).filter(ancestor=rule.unit).values("unit"))
    if rule.categories:
        posts = posts.filter(category__in=rule.categories)
    if rule.tags:
        tagged = Post.tags.through._default_manager.filter(posttag__in=rule.tags)
        posts = posts.filter(pk__in=tagged.values("post_id"))
    return posts


def _vacant(rule: Rule | None, day: date) -> QuerySet[Post]:
    if rule is None or rule.people:
        return Post.objects.none()
    held = PostHolding.objects.on(day).filter(post=OuterRef("pk"))
    return Post.objects.open_on(day).filter(~Exists(held), pk__in=_posts(rule, day).values("pk"))


def _apart_from(rows: QuerySet[PostHolding], others: Iterable[Rule], day: date) -> QuerySet[PostHolding]:
    for rule in others:
        rows = rows.exclude(Exists(reach(rule, day).filter(person=OuterRef("person"))))
    return rows


def _count(rows: QuerySet[Any]) -> int:
    return rows.values("subject").distinct().count()


def _by_unit(rows: QuerySet[Any], units: list[int], day: date) -> dict[int, int]:
    """Different subjects in each of the units with all below it."""
    if rows.query.is_empty():
        return {}
    inner, params = rows.values("subject", "seat_unit").distinct().query.sql_with_params()
    above = UnitAncestry.objects.on(day).filter(ancestor__in=units).order_by().values("ancestor_id", "unit_id")
    ways, more = above.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ways.ancestor_id, COUNT(DISTINCT found.subject) FROM ({inner}) AS found"
            f" JOIN ({ways}) AS ways ON ways.unit_id = found.seat_unit GROUP BY ways.ancestor_id",
            [*params, *more],
        )
        return dict(cursor.fetchall())


def _line(name: str, counted: Mapping[str, Mapping[int, int]], unit: int) -> dict[str, Any]:
    return {"name": name, **{column: counted[column].get(unit, 0) for column in COLUMNS}}


def _below(unit: int, day: date) -> list[int]:
    below = UnitAncestry.objects.on(day).filter(ancestor=unit, depth=1)
    return list(below.order_by("unit").values_list("unit_id", flat=True))


def _common_unit(units: list[int], day: date) -> int:
    """The lowest unit that lies above all of these, or is one of them."""
    if len(set(units)) == 1:
        return units[0]
    steps: dict[int, list[int]] = {}
    for ancestor, depth in UnitAncestry.objects.on(day).filter(unit__in=units).values_list("ancestor_id", "depth"):
        steps.setdefault(ancestor, []).append(depth)
    shared = {ancestor: sum(depths) for ancestor, depths in steps.items() if len(depths) == len(set(units))}
    return min(shared, key=lambda ancestor: (shared[ancestor], ancestor), default=units[0])
