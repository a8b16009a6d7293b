"""Tables about duties that a worker writes: figures, people with their states, and what was filed."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from courses.models import Course
from lms.core import clock
from lms.core.errors import Refused
from lms.core.exports.kinds import Kind, Row, Table
from lms.core.models import Export
from lms.duties import rules, stories, upkeep
from lms.duties.coverage_rows import asked
from lms.duties.levels import NUMBERS
from lms.duties.models import DutySpan, FiledFigure, SpanCalendar, SpanState
from lms.duties.periods.figures import whole
from lms.duties.scope import may_see_names, units_seen
from lms.organisation.access import Capability, may_in, people_for
from lms.organisation.models import OrgUnit, StaffNumber, UnitPlacement, User

_STATES = (SpanState.IN_DATE, SpanState.NOT_YET_DUE, SpanState.OVERDUE, SpanState.EXEMPT)


def may_have_figures(user: AbstractBaseUser, parameters: dict[str, Any]) -> bool:
    """Whoever sees the unit's coverage, and may know by name who is behind it: nothing is hidden in these files."""
    seen = units_seen(cast("User", user)).filter(uuid=UUID(parameters["unit"])).first()
    return seen is not None and may_see_names(cast("User", user), seen, clock.today())


def may_have_people(user: AbstractBaseUser, parameters: dict[str, Any]) -> bool:
    """Whoever may export lists of the unit and see the status of its people."""
    unit = _unit(parameters)
    return all(may_in(cast("User", user), one, unit) for one in (Capability.EXPORT, Capability.SEE_STATUS))


def figures(export: Export) -> Table:
    """Every unit below with all below it, by course and category, as at a day by what is known now."""
    day = _day(export.parameters)
    below = set(OrgUnit.objects.in_subtree(_unit(export.parameters), day).values_list("pk", flat=True))
    rows = [row for row in whole(day, _ready(day)) if row.unit in below and row.target]
    return Table(_figure_head(), len(rows), (row.plain for row in rows))


def filed(export: Export) -> Table:
    """The rows of a closed period as filed, of the unit and all that stood below it then."""
    rows = FiledFigure.objects.filter(period__uuid=export.parameters["period"])
    unit = _unit(export.parameters)
    above: dict[str, set[str]] = {}
    for code, up in rows.values_list("unit_code", "above").distinct():
        above.setdefault(up, set()).add(code)
    within, waiting = {unit.code}, [unit.code]
    while waiting:
        new = above.get(waiting.pop(), set()) - within
        within |= new
        waiting += new
    chosen = rows.filter(unit_code__in=within).exclude(target="").order_by("position")
    columns = ("unit_code", "unit_name", "above", "target", "category", "category_name", *NUMBERS)
    return Table(_figure_head(), chosen.count(), chosen.values_list(*columns).iterator(2000))


def people(export: Export) -> Table:
    """One row for each person, post and course: where they stand. Integrity officers get integrity courses only."""
    day = _day(export.parameters)
    _ready(day)
    unit, user = _unit(export.parameters), export.asked_by
    labels = asked(rules.load(day).targets(day), None)
    if not may_in(user, Capability.SEE_RECORD, unit):
        integrity = set(Course.objects.filter(is_integrity=True).values_list("pk", flat=True))
        labels = {target: name for target, name in labels.items() if target.courses and target.courses <= integrity}
    names = {pk: labels[target] or target.key for target, pk in stories.target_ids(labels).items() if target in labels}
    seen = Q(person__in=people_for(user, Capability.SEE_STATUS)) | Q(person=user.person_id)
    spans = _spans(unit, day).filter(seen, target__in=names)
    return Table(_people_head(), spans.aggregate(n=Count("pk"))["n"], _people(spans, names, day))


FIGURES = Kind(may_have_figures, figures)
FILED = Kind(may_have_figures, filed)
PEOPLE = Kind(may_have_people, people)


def _spans(unit: OrgUnit, day: date) -> QuerySet[DutySpan]:
    below = OrgUnit.objects.in_subtree(unit, day).values("pk")
    on_the_day = DutySpan.objects.filter(from_day__lte=day, until_day__gt=day, post__isnull=False, state__in=_STATES)
    return on_the_day.filter(unit__in=below, person__isnull=False)


def _people(spans: QuerySet[DutySpan], names: dict[int, str], day: date) -> Iterator[Row]:
    called = dict(UnitPlacement.objects.on(day).values_list("unit_id", "name"))
    numbers = StaffNumber.objects.on(day).filter(person=OuterRef("person")).order_by("pk").values("number")[:1]
    rows = spans.annotate(number=Subquery(numbers)).order_by("unit__code", "person__surname", "person", "target")
    columns = ("number", "person__surname", "person__given_names", "unit__code", "unit_id", "post__category__name")
    rows_of = rows.values_list(*columns, "target", "state", "until_day", "is_paused", "is_contractor")
    for number, surname, given, code, unit, category, target, state, until, paused, contractor in rows_of.iterator(
        2000
    ):
        last = "" if until == date.max else date.fromordinal(until.toordinal() - 1).isoformat()
        marks = [_("paused")] * paused + [_("contractor")] * contractor
        yield [
            number or "",
            surname,
            given,
            code,
            called.get(unit, code),
            category,
            names[target],
            str(SpanState(state).label),
            last,
            ", ".join(marks),
        ]


def _people_head() -> list[str]:
    return [
        _("Staff number"),
        _("Surname"),
        _("Given names"),
        _("Unit code"),
        _("Unit"),
        _("Post category"),
        _("Course"),
        _("State"),
        _("So until (last day)"),
        _("Remarks"),
    ]


def _figure_head() -> list[str]:
    return ["unit", "unit_name", "above", "target", "category", "category_name", *NUMBERS]


def _ready(day: date) -> date:
    """Up to which month there are levels, once everybody who changed is counted."""
    if day > clock.today():
        raise Refused(_("Figures are known up to today. Choose today or an earlier day."))
    upkeep.work_off(before=day)
    levels_until, waiting = SpanCalendar.with_marks(day)
    if waiting:
        raise Refused(_("Recent changes are still being counted. Ask for the file again in a few minutes."))
    return levels_until


def _unit(parameters: dict[str, Any]) -> OrgUnit:
    return OrgUnit.objects.get(uuid=UUID(parameters["unit"]))


def _day(parameters: dict[str, Any]) -> date:
    return date.fromisoformat(parameters["on"])
