"""Everything that is to be stored of some people or posts, computed from their facts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lms.core.chunks import in_chunks
from lms.duties import facts, rules, weighing
from lms.duties.days import OPEN, Days, until_or_open
from lms.duties.levels import Kept
from lms.duties.models import DutyTarget
from lms.duties.reach import Tree
from lms.duties.targets import ANYTHING, Target
from lms.duties.weighing import Above, Weighed
from lms.organisation.calendars import Calendars
from lms.organisation.models import Post, PostHolding, UnitAncestry


@dataclass(frozen=True)
class World:
    """What the stories of many have in common: all rules, those to come too, and the tree of the units they name."""

    rulebook: rules.Rulebook

    @cached_property
    def tree(self) -> Tree:
        """Who stood below the units of rules."""
        tree: dict[tuple[int, int], list[Days]] = defaultdict(list)
        rows = UnitAncestry.objects.filter(ancestor__in={rule.unit for rule in self.rulebook.rules})
        for ancestor, unit, start, until in rows.values_list("ancestor_id", "unit_id", "valid_from", "valid_until"):
            tree[ancestor, unit].append(Days(start, until_or_open(until)))
        return tree

    @cached_property
    def calendars(self) -> Calendars:
        """When every unit works, read when a rule first counts working days."""
        return Calendars()

    @cached_property
    def above(self) -> Above:
        """The ways up from every unit."""
        return _above(None)


def world() -> World:
    """The rules as they are now."""
    return World(rules.load(OPEN))


def of_people(people: Sequence[int], common: World, *, is_many: bool = False) -> Iterator[Kept]:
    """All spans of some people. `is_many`: read the whole tree once, instead of what these people need of it."""
    tree, calendars = (common.tree, common.calendars) if is_many else (None, None)
    known = facts.load(people, OPEN, rulebook=common.rulebook, tree=tree, calendars=calendars)
    asked = {person: known.obligations_of(person) for person in known.people}
    above = common.above if is_many else _above(_units_of_many_posts(known))
    yield from _kept([row for person, some in asked.items() for row in weighing.of_person(person, some, above)])


def of_posts(posts: Sequence[int], common: World) -> Iterator[Kept]:
    """The days on which some posts were empty, for each target."""
    held: dict[int, list[Days]] = defaultdict(list)
    tags: dict[int, set[int]] = defaultdict(set)
    for some in in_chunks(posts):
        rows = PostHolding.objects.held().filter(post__in=some)
        for post, start, until in rows.values_list("post_id", "valid_from", "valid_until"):
            held[post].append(Days(start, until_or_open(until)))
        for post, tag in Post.tags.through._default_manager.filter(post__in=some).values_list("post_id", "posttag_id"):
            tags[post].add(tag)
    found: list[Weighed] = []
    for some in in_chunks(posts):
        columns = ("pk", "unit_id", "category_id", "opened_on", "closed_on")
        for post, unit, category, opened, closed in Post.objects.filter(pk__in=some).values_list(*columns):
            free = weighing.free_days(opened, closed, held[post])
            seat = (unit, category, frozenset(tags[post]))
            found += weighing.of_empty_post(post, seat, free, common.rulebook.rules, common.tree) if free else []
    yield from _kept(found)


def target_ids(targets: Collection[Target]) -> dict[Target, int]:
    """The id under which each target is stored, given now where it has none; 0 for anything at all."""
    by_key = {target.key: target for target in targets if target != ANYTHING}
    ids = _ids(by_key)
    if len(ids) < len(by_key):
        new = [DutyTarget(key=key) for key in sorted(by_key.keys() - ids.keys())]
        DutyTarget.objects.bulk_create(new, ignore_conflicts=True)
        ids = _ids(by_key)
    return {ANYTHING: 0, **{target: ids[key] for key, target in by_key.items()}}


def _ids(keys: Collection[str]) -> dict[str, int]:
    return dict(DutyTarget.objects.filter(key__in=keys).values_list("key", "pk"))


def _kept(rows: Collection[Weighed]) -> Iterator[Kept]:
    ids = target_ids({row.target for row in rows})
    return (Kept._make((*row[:3], ids[row.target], *row[4:6], row.state.value, *row[7:])) for row in rows)


def _units_of_many_posts(known: facts.Facts) -> set[int]:
    """Units of people who may sit in several at once: few, so that most need no tree."""
    return {
        seat.unit for person in known.people.values() if _may_overlap([seat.days for seat in person.seats])
        for seat in person.seats
    }  # fmt: skip


def _may_overlap(stretches: Sequence[Days]) -> bool:
    ordered = sorted(stretches, key=lambda days: days.start)
    return any(one.until > other.start for one, other in zip(ordered, ordered[1:], strict=False))


def _above(units: Collection[int] | None) -> Above:
    above: dict[int, list[tuple[int, int, Days]]] = defaultdict(list)
    if units is not None and not units:
        return above
    rows = UnitAncestry.objects.all() if units is None else UnitAncestry.objects.filter(unit__in=units)
    columns = ("unit_id", "ancestor_id", "depth", "valid_from", "valid_until")
    for unit, ancestor, depth, start, until in rows.values_list(*columns):
        above[unit].append((ancestor, depth, Days(start, until_or_open(until))))
    return above
