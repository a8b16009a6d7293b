"""Who reports to whom: dated lines from post to post, one upwards at a time, never in a circle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core.actors import Actor, columns
from lms.core.chunks import in_chunks
from lms.core.dated import close
from lms.core.errors import Refused
from lms.core.spans import Span, ends_by
from lms.organisation.chains import Edge, Loop, by_child, chain
from lms.organisation.models import Post, ReportingLine
from lms.organisation.overlaps import first_overlap, refused_as


@dataclass(frozen=True, slots=True)
class NewLine:
    """From a day on, `post` is to report to `manager`."""

    post: Post
    manager: Post
    from_day: date
    until: date | None = None

    @property
    def span(self) -> Span:
        return (self.from_day, self.until)


def report_to(post: Post, manager: Post, *, from_day: date, by: Actor, until: date | None = None) -> ReportingLine:
    """Let a post report to another from a day on; the line it had ends that day. Harmless the second time.

    Raises Refused for a circle, and where another line starts later.
    """
    return report_all([NewLine(post, manager, from_day, until)], by=by)[0]


@transaction.atomic
def report_all(plans: Sequence[NewLine], *, by: Actor) -> list[ReportingLine]:
    """Draw many lines at once, by the same rules as one."""
    standing = _lines_of({plan.post.pk for plan in plans})
    lines = [_standing_line(plan, standing, by) or _line(plan, by) for plan in plans]
    new = [line for line in lines if line.pk is None]
    with refused_as(_("This post has just been given another line. Reload the page.")):
        ReportingLine.objects.bulk_create(new, batch_size=500)
    _refuse_circles({line.post_id for line in new})
    return lines


def end_line(line: ReportingLine, *, until: date, by: Actor, reason: str = "") -> ReportingLine:
    """End a reporting line: `until` is the first day without."""
    return close(line, until=until, by=by, reason=reason)


def _standing_line(plan: NewLine, standing: dict[int, list[ReportingLine]], by: Actor) -> ReportingLine | None:
    """The line, if it is drawn already; what else is in the way ends or refuses."""
    if ends_by(plan.until, plan.from_day) or plan.post.pk == plan.manager.pk:
        raise Refused(_("A line needs a later end than its start, and a post cannot report to itself."))
    for line in standing.get(plan.post.pk, []):
        if (line.manager_id, line.valid_from) == (plan.manager.pk, plan.from_day):
            return line
        if not first_overlap(plan.span, [(line.valid_from, line.valid_until)]):
            continue
        if line.valid_until is not None or line.valid_from >= plan.from_day:
            raise Refused(_("The post %(post)s reports to another one then.") % {"post": plan.post.code})
        close(line, until=plan.from_day, by=by)
    return None


def _line(plan: NewLine, by: Actor) -> ReportingLine:
    return ReportingLine(
        post=plan.post, manager=plan.manager, valid_from=plan.from_day, valid_until=plan.until, **columns(by)
    )


def _lines_of(posts: Iterable[int]) -> dict[int, list[ReportingLine]]:
    found: dict[int, list[ReportingLine]] = {}
    for some in in_chunks(sorted(posts)):
        for line in ReportingLine.objects.held().filter(post__in=some):
            found.setdefault(line.post_id, []).append(line)
    return found


def _refuse_circles(posts: set[int]) -> None:
    edges: list[Edge] = []
    known: set[int] = set()
    level = posts
    while level:
        found = [line for lines in _lines_of(level).values() for line in lines]
        edges += [Edge(line.post_id, line.manager_id, (line.valid_from, line.valid_until)) for line in found]
        known |= level
        level = {line.manager_id for line in found} - known
    lookup = by_child(edges)
    try:
        for post in posts:
            chain(post, lookup)
    except Loop:
        raise Refused(_("These posts would report to each other in a circle.")) from None
