"""Applying what a feed says of units, posts and lines: each pass takes a slice of differences."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lms.organisation import posts, reporting, units
from lms.organisation.feed.batches import each_or_refused, keep, note, until_nothing_moves
from lms.organisation.feed.facts import close_all
from lms.organisation.models import (
    Change,
    Feed,
    FeedDifference,
    OrgUnit,
    Post,
    PostCategory,
    ReportingLine,
    UnitPlacement,
)

_Batch = Sequence[FeedDifference]


def open_units(feed: Feed, batch: _Batch) -> None:
    """Open new units, those above first."""

    def step(some: _Batch) -> None:
        plans = [
            units.NewUnit(
                one.subject, OrgUnit.Kind(one.after["unit_kind"]), one.after["unit_name"], one.after["parent"], one.day
            )
            for one in some
        ]
        made = units.open_units(plans, by=feed.applied_by)
        first = UnitPlacement.objects.held().filter(unit__in=made)
        placements = {placed.unit_id: placed.pk for placed in first.order_by("-valid_from")}
        for one, unit in zip(some, made, strict=True):
            note(one, "made", "placement", [placements[unit.pk]])

    each_or_refused(batch, step)
    keep(batch)


def change_units(feed: Feed, batch: _Batch) -> None:
    """Rename and move units; one move may have to wait for another."""
    by_code = _units(batch)

    def step(some: _Batch) -> None:
        for one in some:
            unit = by_code[one.subject]
            last = UnitPlacement.objects.held().filter(unit=unit, valid_until__isnull=True).first()
            values: dict[str, object] = {}
            if "parent" in one.after:
                values["parent"] = by_code[one.after["parent"]]
            if "unit_name" in one.after:
                values["name"] = one.after["unit_name"]
            placed = units.change(unit, on=one.day, by=feed.applied_by, reason=reason(feed), **values)
            note(one, "made", "placement", [placed.pk])
            note(one, "closed", "placement", [last.pk] if last else [])

    until_nothing_moves(batch, step)
    keep(batch)


def make_posts(feed: Feed, batch: _Batch) -> None:
    """Make new posts, and the categories that nobody named before."""
    by_code = _units(batch)
    categories = _categories(batch)

    def step(some: _Batch) -> None:
        plans = [
            posts.NewPost(
                one.subject,
                by_code[one.after["unit"]],
                categories[_family(one)],
                one.day,
                title=one.after.get("post_title", ""),
            )
            for one in some
        ]
        for one, made in zip(some, posts.make_posts(plans, by=feed.applied_by), strict=True):
            note(one, "made", "post", [made.pk])

    each_or_refused(batch, step)
    keep(batch)


def retitle_posts(feed: Feed, batch: _Batch) -> None:
    """Give posts their new titles, which are not dated."""
    by_code = {post.code: post for post in Post.objects.filter(code__in=[one.subject for one in batch])}
    for one in batch:
        by_code[one.subject].title = one.after["post_title"]
    Post.objects.bulk_update(by_code.values(), ["title"], batch_size=200)


def draw_lines(feed: Feed, batch: _Batch) -> None:
    """Draw new lines; those that they take the place of end that day."""
    codes = {one.subject for one in batch} | {one.to_post for one in batch}
    by_code = {post.code: post for post in Post.objects.filter(code__in=codes)}
    for one in batch:
        if one.subject not in by_code or one.to_post not in by_code:
            one.change, one.why = Change.REFUSED, _("A post of this line was refused.")

    def step(some: _Batch) -> None:
        ends = {pk: one.day for one in some for pk in to_close(one, "line")}
        close_all(ReportingLine, ends, by=feed.applied_by, reason=reason(feed))
        plans = [reporting.NewLine(by_code[one.subject], by_code[one.to_post], one.day) for one in some]
        for one, made in zip(some, reporting.report_all(plans, by=feed.applied_by), strict=True):
            note(one, "made", "line", [made.pk])
            note(one, "closed", "line", to_close(one, "line"))

    each_or_refused([one for one in batch if one.change != Change.REFUSED], step)
    keep(batch)


def close_posts(feed: Feed, batch: _Batch) -> None:
    """Close posts that a list of posts no longer names."""

    def step(some: _Batch) -> None:
        for one in some:
            post = Post.objects.get(code=one.subject)
            ends = ReportingLine.objects.overlapping(one.day, None).filter(Q(post=post) | Q(manager=post))
            lines = list(ends.filter(valid_until__isnull=True).values_list("pk", flat=True))
            posts.close_post(post, on=one.day, by=feed.applied_by)
            note(one, "closed", "post", [post.pk])
            note(one, "closed", "line", lines)

    until_nothing_moves(batch, step)
    keep(batch)


def close_units(feed: Feed, batch: _Batch) -> None:
    """Close units that a list of units no longer names, those below before those above."""
    by_code = _units(batch)

    def step(some: _Batch) -> None:
        for one in some:
            closed = units.close_unit(by_code[one.subject], on=one.day, by=feed.applied_by, reason=reason(feed))
            note(one, "closed", "placement", [closed.pk])

    until_nothing_moves(batch, step)
    keep(batch)


def reason(feed: Feed) -> str:
    """What facts that a feed makes and ends say of why."""
    return _("Staff feed %(file)s of %(day)s") % {"file": feed.file_name, "day": feed.day.isoformat()}


def to_close(one: FeedDifference, model: str) -> list[int]:
    """The facts of this model that the difference ends."""
    keys: list[int] = one.facts.get("to close", {}).get(model, [])
    return keys


def ends_of(batch: _Batch, model: str) -> dict[int, date]:
    """Fact → the day on which it ends, for all of a slice."""
    return {pk: one.day for one in batch for pk in to_close(one, model)}


def _units(batch: _Batch) -> dict[str, OrgUnit]:
    codes = {one.subject for one in batch} | {
        one.after[name] for one in batch for name in ("unit", "parent") if name in one.after
    }
    return {unit.code: unit for unit in OrgUnit.objects.filter(code__in=codes)}


def _family(one: FeedDifference) -> str:
    return str(one.after.get("category") or one.after.get("post_title", "")).casefold()


def _categories(batch: _Batch) -> dict[str, PostCategory]:
    """Categories by code or name; what is neither becomes one, so that the first file can bring its own."""
    known: dict[str, PostCategory] = {}
    for category in PostCategory.objects.all():
        known.setdefault(category.name.casefold(), category)
        known[category.code.casefold()] = category
    for one in batch:
        if _family(one) not in known:
            name = one.after.get("category") or one.after["post_title"]
            known[_family(one)] = posts.category(_free_code(name, known), name=name)
    return known


def _free_code(name: str, known: dict[str, PostCategory]) -> str:
    stem = name.upper() if len(name) <= 20 else slugify(name)[:17].strip("-").upper() or "CATEGORY"
    taken = {category.code for category in known.values()}
    return next(code for code in [stem, *(f"{stem[:17]}{n}" for n in range(2, 1000))] if code not in taken)
