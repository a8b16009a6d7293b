"""Making, changing and ending what comes again. After: nightly, which makes the sessions; quarterly, which counts them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses.models import Course, SeriesPlan, SessionKind, SessionSeries
from lms.core import audit
from lms.core.actors import Actor, columns
from lms.core.dated import close, supersede
from lms.core.errors import Refused
from lms.organisation.models import OrgUnit, PostCategory, User


@dataclass(frozen=True, slots=True)
class Terms:
    """When a series comes, for whom, and where and when if nothing else is said."""

    unit: OrgUnit
    starts: time
    ends: time
    capacity: int
    owner: User
    months: Collection[int] = ()
    usual_day: int = 15
    office_kind: str = ""
    place: str = ""
    link: str = ""
    categories: Collection[PostCategory] = ()


@transaction.atomic
def make(
    title: str,
    kind: str,
    terms: Terms,
    *,
    from_day: date,
    by: Actor,
    course: Course | None = None,
    lesson_key: str = "",
) -> SeriesPlan:
    """Make a series. Raises Refused for terms that make no sense, and for a forum that belongs to a course."""
    if kind == SessionKind.FORUM and course is not None:
        raise Refused(_("A forum belongs to no course: whoever comes has attended, and no more."))
    _check(kind, terms)
    series = SessionSeries.objects.create(title=title, kind=kind, course=course, lesson_key=lesson_key, **columns(by))
    made = SeriesPlan.objects.create(series=series, valid_from=from_day, **_columns(terms), **columns(by))
    made.categories.set(terms.categories)
    audit.record("session series made", series, by=by, unit=terms.unit.code)
    return made


@transaction.atomic
def change(series: SessionSeries, terms: Terms, *, from_day: date, reason: str, by: Actor) -> SeriesPlan:
    """Let a series come otherwise from a day on; a change on the first day of its plan corrects that plan.

    Sessions that stand already stay as they are. Raises Refused once the series has ended.
    """
    _check(series.kind, terms)
    standing = plan_of(series)
    if standing.valid_until is not None:
        raise Refused(_("This series has ended. Make a new one."))
    if from_day <= standing.valid_from:
        made = supersede(standing, by=by, reason=reason, **_columns(terms))
    else:
        close(standing, until=from_day, by=by, reason=reason)
        made = SeriesPlan.objects.create(series=series, valid_from=from_day, **_columns(terms), **columns(by))
    made.categories.set(terms.categories)
    audit.record("session series changed", series, by=by, reason=reason)
    return made


@transaction.atomic
def end(series: SessionSeries, *, until: date, reason: str, by: Actor) -> SeriesPlan:
    """Let a series come no more: `until` is the first day without. What is planned already stays. Harmless twice."""
    standing = plan_of(series)
    if standing.valid_until == until:
        return standing
    ended = close(standing, until=until, by=by, reason=reason)
    audit.record("session series ended", series, by=by, reason=reason)
    return ended


def plan_of(series: SessionSeries) -> SeriesPlan:
    """What the series does now or did last."""
    return plans().filter(series=series).order_by("-valid_from")[0]


def plans() -> QuerySet[SeriesPlan]:
    """All plans held true, with what pages name."""
    return SeriesPlan.objects.held().select_related("series__course", "unit", "owner__person")


def _check(kind: str, terms: Terms) -> None:
    if terms.ends <= terms.starts:
        raise Refused(_("The sessions end before they begin. Check the hours."))
    if kind == SessionKind.QUARTERLY and not terms.office_kind:
        raise Refused(_("Say which offices need a session each quarter."))
    if kind != SessionKind.QUARTERLY and not terms.months:
        raise Refused(_("Choose the months in which it comes."))
    if not terms.place.strip() and not terms.link:
        raise Refused(_("Say where it usually is: a place, or a link for those who join from elsewhere."))


def _columns(terms: Terms) -> dict[str, object]:
    shared = {name: getattr(terms, name) for name in Terms.__slots__ if name not in {"months", "categories"}}
    return {"months": ",".join(str(month) for month in sorted(set(terms.months))), **shared}
