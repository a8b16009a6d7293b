"""Making and closing posts: seats in units, filled or not. Before hiring, which puts people into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, islice

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.core import audit
from lms.core.actors import Actor
from lms.core.dated import close, facts_changed
from lms.core.errors import Refused
from lms.organisation.models import OrgUnit, Post, PostCategory, PostHolding, PostTag, ReportingLine
from lms.organisation.reporting import NewLine, report_all
from lms.organisation.units import check_open

_USUAL_TAGS = {
    "front-line": gettext_lazy("Serves the public"),
    "cash": gettext_lazy("Handles cash"),
    "records": gettext_lazy("Keeps records"),
    "procurement": gettext_lazy("Buys"),
    "supervisory": gettext_lazy("Supervises"),
}


@dataclass(frozen=True, slots=True)
class NewPost:
    """A seat to be made."""

    code: str
    unit: OrgUnit
    category: PostCategory
    opened_on: date
    title: str = ""
    tags: tuple[PostTag, ...] = ()


@dataclass(frozen=True, slots=True)
class Seats:
    """Several seats of one kind in a unit; the kind of work is a category or the name of a new one."""

    unit: OrgUnit
    title: str
    kind: PostCategory | str
    tags: tuple[PostTag, ...]
    reports_to: Post | None
    opened_on: date


def category(code: str, *, name: str) -> PostCategory:
    """The post category with this code, made or renamed as needed."""
    return PostCategory.objects.update_or_create(code=code, defaults={"name": name})[0]


def tag(code: str, *, name: str) -> PostTag:
    """The post tag with this code, made or renamed as needed."""
    return PostTag.objects.update_or_create(code=code, defaults={"name": name})[0]


def usual_tags() -> None:
    """The tags that rules commonly ask for, made where they are missing; names that somebody changed stay."""
    for code, name in _USUAL_TAGS.items():
        PostTag.objects.get_or_create(code=code, defaults={"name": str(name)})


def make_post(plan: NewPost, *, by: Actor) -> Post:
    """Make one seat. Harmless the second time."""
    return make_posts([plan], by=by)[0]


@transaction.atomic
def make_posts(plans: Sequence[NewPost], *, by: Actor) -> list[Post]:
    """Make many seats at once; those that exist just so stay. Raises Refused for a used code or a closed unit."""
    codes = [plan.code for plan in plans]
    posts = {post.code: post for post in Post.objects.filter(code__in=codes)}
    new = [plan for plan in plans if not _is_made_already(plan, posts)]
    check_open({(plan.unit, plan.opened_on) for plan in new})
    for plan in new:
        posts[plan.code] = Post(
            code=plan.code, unit=plan.unit, category=plan.category, opened_on=plan.opened_on, title=plan.title
        )
    Post.objects.bulk_create([posts[plan.code] for plan in new], batch_size=500)
    tagged = Post.tags.through
    links = [tagged(post_id=posts[plan.code].pk, posttag_id=tag.pk) for plan in new for tag in plan.tags]
    tagged._default_manager.bulk_create(links, batch_size=500)
    for opened_on in {plan.opened_on for plan in new}:
        made = [posts[plan.code].pk for plan in new if plan.opened_on == opened_on]
        facts_changed.send(Post, keys=made, from_day=opened_on)
    audit.record_all("post made", [posts[plan.code] for plan in new], by=by)
    return [posts[code] for code in codes]


@transaction.atomic
def make_seats(plan: Seats, how_many: int, *, by: Actor) -> list[Post]:
    """Make so many seats with codes of their own, after the unit's, and draw their lines. Not harmless twice."""
    OrgUnit.objects.select_for_update().get(pk=plan.unit.pk)
    kind = plan.kind if isinstance(plan.kind, PostCategory) else category_named(plan.kind)
    codes = _free_codes(plan.unit, how_many)
    seats = [NewPost(code, plan.unit, kind, plan.opened_on, plan.title, plan.tags) for code in codes]
    made = make_posts(seats, by=by)
    if plan.reports_to is not None:
        start = max(plan.opened_on, plan.reports_to.opened_on)
        report_all([NewLine(post, plan.reports_to, start) for post in made], by=by)
    return made


def category_named(name: str) -> PostCategory:
    """The category with this name, made with a code of its own where there is none."""
    standing = PostCategory.objects.filter(name__iexact=name).first()
    if standing is not None:
        return standing
    used = set(PostCategory.objects.values_list("code", flat=True))
    code = next(code for number in count(1) if (code := f"P{number:02}") not in used)
    return PostCategory.objects.create(code=code, name=name)


@transaction.atomic
def close_post(post: Post, *, on: date, by: Actor) -> Post:
    """Close a seat: `on` is its first day without. Raises Refused while somebody holds it then. Ends its lines."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.closed_on == on:
        return post
    if post.closed_on is not None or on <= post.opened_on:
        raise Refused(_("This post is closed already, or opens only later."))
    if PostHolding.objects.overlapping(on, None).filter(post=post).exists():
        raise Refused(_("Somebody still holds this post then. End that first."))
    for line in ReportingLine.objects.overlapping(on, None).filter(Q(post=post) | Q(manager=post)):
        if line.valid_until is None:
            close(line, until=on, by=by)
    post.closed_on = on
    post.save(update_fields=["closed_on"])
    facts_changed.send(Post, keys=[post.pk], from_day=on)
    audit.record("post closed", post, by=by, on=on.isoformat())
    return post


def _free_codes(unit: OrgUnit, how_many: int) -> list[str]:
    used = set(Post.objects.filter(code__startswith=f"{unit.code}-").values_list("code", flat=True))
    free = (code for number in count(1) if (code := f"{unit.code}-{number:02}") not in used)
    return list(islice(free, how_many))


def _is_made_already(plan: NewPost, posts: dict[str, Post]) -> bool:
    post = posts.get(plan.code)
    if post is None:
        return False
    if (post.unit_id, post.category_id, post.opened_on) != (plan.unit.pk, plan.category.pk, plan.opened_on):
        raise Refused(_("There is a post with the code %(code)s already.") % {"code": plan.code})
    return True
