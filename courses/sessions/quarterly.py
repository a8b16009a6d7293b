"""Quarterly sessions: which offices had theirs, by region, in any quarter and as at any day."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from courses.models import Arrangement, ListSigned, SeriesPlan, SessionSeries
from courses.sessions import quarter_states
from courses.sessions.quarter_states import Known
from lms.core import clock
from lms.core.quarters import Quarter
from lms.organisation.models import OrgUnit, UnitAncestry


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office, where it stands, and its session in the quarter."""

    office: OrgUnit
    region: str
    state: str
    session: Arrangement | None


@dataclass(frozen=True, slots=True)
class RegionRow:
    """How many offices of a region are in which state."""

    region: str
    offices: int
    held: int
    planned: int
    to_do: int
    missing: int


def offices_in(plan: SeriesPlan, quarter: Quarter, day: date, *, units: QuerySet[OrgUnit]) -> list[OfficeRow]:
    """Every office that needs a session, within `units`, by region and name. Four queries, however many offices.

    As at a day: offices that stood on it, and what was planned and held by then. After the quarter, its last day.
    """
    day = min(max(day, quarter.first), quarter.last)
    below = OrgUnit.objects.in_subtree(plan.unit, day).filter(kind=plan.office_kind, pk__in=units)
    offices = list(below.named(day).annotate(region=_region(day)))
    names = {unit.pk: unit.name for unit in OrgUnit.objects.filter(pk__in={_region_of(o) for o in offices}).named(day)}
    sessions = _sessions(plan.series, quarter, [office.pk for office in offices])
    return sorted(
        (_row(office, names.get(_region_of(office) or 0, ""), sessions[office.pk], quarter, day) for office in offices),
        key=lambda row: (row.region, row.office.name),
    )


def by_region(rows: Collection[OfficeRow]) -> list[RegionRow]:
    """The counts, a line for each region, and one for all where there are several."""
    regions = sorted({row.region for row in rows})
    lines = [_counted(region, [row for row in rows if row.region == region]) for region in regions]
    return [*lines, _counted("", rows)] if len(lines) > 1 else lines


def _counted(region: str, rows: Collection[OfficeRow]) -> RegionRow:
    many = Counter(row.state for row in rows)
    return RegionRow(
        region,
        len(rows),
        many[quarter_states.HELD],
        many[quarter_states.PLANNED],
        many[quarter_states.TO_DO],
        many[quarter_states.MISSING],
    )


def _region(day: date) -> Subquery:
    """The nearest region above; else what stands right above."""
    above = UnitAncestry.objects.on(day).filter(unit=OuterRef("pk"), depth__gt=0)
    regions = above.filter(ancestor__kind__in=[OrgUnit.Kind.REGION, OrgUnit.Kind.REGIONAL_OFFICE])
    return Subquery(regions.order_by("depth").values("ancestor")[:1])


def _region_of(office: OrgUnit) -> int | None:
    found: int | None = office.region  # type: ignore[attr-defined]  # annotated above
    return found


def _sessions(series: SessionSeries, quarter: Quarter, offices: Collection[int]) -> dict[int, list[Arrangement]]:
    rows = Arrangement.objects.held().filter(
        session__series=series,
        session__office__in=offices,
        valid_from__gte=quarter.first,
        valid_from__lt=quarter.until,
    )
    signed = Exists(ListSigned.objects.filter(session=OuterRef("session")))
    found: dict[int, list[Arrangement]] = defaultdict(list)
    added = {"is_signed": signed}
    for row in rows.annotate(**added).select_related("session__cancelled").order_by("valid_from", "pk"):
        found[row.session.office_id or 0].append(row)
    return found


def _row(office: OrgUnit, region: str, sessions: list[Arrangement], quarter: Quarter, day: date) -> OfficeRow:
    state = quarter_states.state_of([_known(session) for session in sessions], quarter, day)
    # The session that decides: one that was held, else the next that is planned.
    live = [session for session in sessions if not hasattr(session.session, "cancelled")]
    shown = [session for session in live if session.is_signed] or live
    return OfficeRow(office, region, state, shown[0] if shown and state in {"held", "planned"} else None)


def _known(arrangement: Arrangement) -> Known:
    session = arrangement.session
    cancelled = getattr(session, "cancelled", None)
    return Known(
        planned_on=clock.day_of(session.made_at),
        day=arrangement.first_day,
        was_held=arrangement.is_signed,
        cancelled_on=clock.day_of(cancelled.on) if cancelled else None,
    )
