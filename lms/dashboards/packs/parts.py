"""Sections that several packs share: coverage, overdue by age, papers, weak criteria, what changed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Submission
from courses.models import Arrangement, CriterionDecision, Result
from courses.sessions.figures import sessions_held
from lms.core.words import day_in_words
from lms.duties import rules, stories, suppression
from lms.duties.counting import share
from lms.duties.coverage import count
from lms.duties.coverage_rows import CoverageRow, ShownRow, asked
from lms.duties.models import DutySpan, FiledPack, SpanState
from lms.duties.periods.packs import Brief, Cell, Section
from lms.organisation.models import OrgUnit, PostCategory, PostHolding

# Last days of the ages, in days overdue.
_AGES = (30, 90, 180)
_MET = (CriterionDecision.Outcome.COMPETENT, CriterionDecision.Outcome.RECOGNISED)
_WEAKEST = 3
Chosen = Callable[[CoverageRow], bool]


def coverage(brief: Brief, chosen: Chosen = lambda _row: True) -> Section:
    """Figures by course."""
    rows = [figures(row) for row in count(brief.unit, brief.last).rows() if chosen(row)]
    return Section(_("Coverage"), [_("Course"), *figure_head()], rows)


def by_unit(brief: Brief, units: Iterable[OrgUnit], chosen: Chosen = lambda _row: True) -> Section:
    """Figures by unit, each with all below it, and course. Small groups are hidden: packs leave the house."""
    groups = [(unit.name, [row for row in count(unit, brief.last).rows() if chosen(row)]) for unit in units]
    return Section(_("By unit"), [_("Unit"), _("Course"), *figure_head()], divided(groups), keys=2, note=_stars())


def by_category(brief: Brief, chosen: Chosen = lambda _row: True) -> Section:
    """Figures by post category and course. Small groups are hidden."""
    found = count(brief.unit, brief.last).by_category()
    names = PostCategory.objects.filter(pk__in=found)
    groups = [(kind.name, [row for row in found[kind.pk] if chosen(row)]) for kind in names]
    head = [_("Post category"), _("Course"), *figure_head()]
    return Section(_("By post category"), head, divided(groups), keys=2, note=_stars())


def divided(groups: Sequence[tuple[str, Sequence[CoverageRow]]]) -> list[list[Cell]]:
    """Rows of parts that add up to figures shown elsewhere: none under the least number can be worked out."""
    least = settings.SMALLEST_GROUP_SHOWN
    flat = [(name, row) for name, rows in groups for row in rows if any_of(row)]
    hidden: dict[tuple[str, str], frozenset[str]] = {}
    for target in {row.target for _name, row in flat}:
        parts = [(name, row) for name, row in flat if row.target == target]
        of_each = suppression.of_parts([row for _name, row in parts], suppression.NOTHING, least)
        hidden |= {(name, target): of for (name, _row), of in zip(parts, of_each, strict=True)}
    return [[name, *figures(suppression.shown(row, hidden[name, row.target]))] for name, row in flat]


def _stars() -> str:
    return _("A star (*) stands for groups of fewer than %(least)s people, and for what would give them away.") % {
        "least": settings.SMALLEST_GROUP_SHOWN
    }


def figure_head() -> list[str]:
    """The columns of figures."""
    words = [_("Required"), _("In date"), _("Not yet due"), _("Overdue"), _("In date, %"), _("Exempt")]
    return [*words, _("Vacant posts")]


def figures(row: CoverageRow | ShownRow) -> list[Cell]:
    """A row of figures after its course."""
    numbers = [row.required, row.in_date, row.not_yet_due, row.overdue]
    return [row.target, *numbers, in_words(row.percent), row.exempt, row.vacant]


def any_of(row: CoverageRow) -> bool:
    """Whether anything was asked of anybody."""
    return bool(row.required or row.exempt or row.vacant)


def in_words(percent: Decimal | str | None) -> str:
    """A share as packs keep it; a dash of nothing."""
    return "–" if percent is None else str(percent)


def overdue_by_age(brief: Brief) -> Section:
    """How many are overdue for how long, by course."""
    labels = asked(rules.load(brief.last).targets(brief.last), None)
    names = {pk: labels[target] for target, pk in stories.target_ids(labels).items() if target in labels}
    ages: dict[str, Counter[int]] = defaultdict(Counter)
    for target, since in _overdue_since(brief.unit, brief.last):
        if target in names:
            ages[names[target]][_age((brief.last - since).days + 1)] += 1
    head = [_("Course"), *_age_words(), _("Together")]
    rows: list[list[Cell]] = [
        [name, *(ages[name][age] for age in range(len(_AGES) + 1)), ages[name].total()] for name in sorted(ages)
    ]
    return Section(_("Overdue by age"), head, rows)


def papers(brief: Brief) -> Section:
    """Of those who handed in a paper in these days, how many have passed the course, by course."""
    handed_in = Submission.objects.filter(_in_days("on", brief), attempt__person__in=_people(brief))
    passed = Result.objects.held().filter(source=Result.Source.OWN).values("enrolment")
    rows = handed_in.values_list("attempt__enrolment__course_version__course__code").annotate(
        tried=Count("attempt__enrolment", distinct=True),
        passed=Count("attempt__enrolment", distinct=True, filter=Q(attempt__enrolment__in=passed)),
    )
    found = [
        [code, tried, passed, in_words(share(passed, tried))]
        for code, tried, passed in rows.order_by(F("attempt__enrolment__course_version__course__code"))
    ]
    head = [_("Course"), _("Handed in a paper"), _("Passed the course"), _("Pass rate, %")]
    return Section(_("Pass rate"), head, found)


def weak_criteria(brief: Brief) -> Section:
    """The three criteria met least often in decisions of these days; where few were judged, none is named."""
    judged = CriterionDecision.objects.filter(_in_days("on", brief), person__in=_people(brief))
    judged = judged.exclude(outcome=CriterionDecision.Outcome.OUTSTANDING)
    columns = ("criterion_version__criterion__code", "criterion_version__text")
    rows = judged.values_list(*columns).annotate(n=Count("pk"), met=Count("pk", filter=Q(outcome__in=_MET)))
    enough = [
        row for row in rows.order_by(*columns) if row[2] >= settings.PACK_DECISIONS_TO_JUDGE_BY and row[3] < row[2]
    ]
    weakest = sorted(enough, key=lambda row: (row[3] / row[2], row[0]))[:_WEAKEST]
    found = [[code, text, n, met, in_words(share(met, n))] for code, text, n, met in weakest]
    head = [_("Criterion"), _("What it asks"), _("Decisions"), _("Met"), _("Met, %")]
    note = _("Criteria with fewer than %(least)s decisions are left out.") % {
        "least": settings.PACK_DECISIONS_TO_JUDGE_BY
    }
    return Section(_("Weakest criteria"), head, found, keys=2, note=note)


def sessions(brief: Brief, *, integrity_alone: bool = False) -> Section:
    """Sessions of these days whose list was signed, and how many were there. Attendance only, never competence."""
    below = OrgUnit.objects.in_subtree(brief.unit, brief.last)
    arranged = Arrangement.objects.standing().filter(unit__in=below.values("pk"))
    if integrity_alone:
        arranged = arranged.filter(session__course__is_integrity=True)
    found = sessions_held(arranged, (brief.first, brief.last + timedelta(days=1)))
    names = {unit.pk: unit.name for unit in below.named(brief.last)}
    rows: list[list[Cell]] = [
        [
            day_in_words(row.arrangement.valid_from),
            row.arrangement.session.title,
            names.get(row.arrangement.unit_id, row.arrangement.unit.code),
            row.present,
        ]
        for row in found
    ]
    return Section(_("Sessions held"), [_("Day"), _("Session"), _("Unit"), _("Present")], rows, keys=3)


def changed(brief: Brief) -> Section:
    """What is different since the pack before: in date and overdue, by course."""
    head = [_("Course"), _("In date, % then"), _("In date, % now"), _("Overdue then"), _("Overdue now")]
    if brief.previous is None:
        return Section(_("Since the last pack"), head, [], note=_("This is the first pack of its kind for this unit."))
    then = _coverage_of(brief.previous)
    now = {row.target: figures(row) for row in count(brief.unit, brief.last).rows()}
    rows: list[list[Cell]] = []
    for target in sorted(then.keys() | now.keys()):
        old, new = then.get(target, ["–"] * 8), now.get(target, ["–"] * 8)
        rows.append([target, old[5], new[5], old[4], new[4]])
    return Section(_("Since the last pack"), head, rows, note=brief.previous.title)


def _coverage_of(pack: FiledPack) -> dict[str, Sequence[Cell]]:
    """The pack's own figures: its first section is coverage by course."""
    return {str(row[0]): row for row in pack.sections[0]["rows"]} if pack.sections else {}


def _overdue_since(unit: OrgUnit, day: date) -> Iterable[tuple[int, date]]:
    """For each person and target overdue on the day: since when without a break."""
    below = OrgUnit.objects.in_subtree(unit, day).values("pk")
    spans = DutySpan.objects.filter(person__isnull=False, post__isnull=False)
    standing = spans.filter(state=SpanState.OVERDUE, from_day__lte=day, until_day__gt=day, unit__in=below)
    own = spans.filter(person=OuterRef("person"), target=OuterRef("target"), until_day__lte=day)
    last_other = own.exclude(state=SpanState.OVERDUE).order_by("-until_day").values("until_day")[:1]
    first_overdue = (
        spans.filter(person=OuterRef("person"), target=OuterRef("target"), state=SpanState.OVERDUE)
        .order_by("from_day")
        .values("from_day")[:1]
    )
    rows = (
        standing.order_by()
        .values("person", "target")
        .annotate(since=Max(Coalesce(Subquery(last_other), Subquery(first_overdue))))
    )
    return ((row["target"], row["since"]) for row in rows.iterator())


def _age(days: int) -> int:
    return next((place for place, last in enumerate(_AGES) if days <= last), len(_AGES))


def _age_words() -> list[str]:
    starts = (1, *(last + 1 for last in _AGES))
    within = [
        _("%(from)s–%(to)s days") % {"from": start, "to": last} for start, last in zip(starts, _AGES, strict=False)
    ]
    return [*within, _("over %(days)s days") % {"days": _AGES[-1]}]


def people(brief: Brief) -> QuerySet[PostHolding]:
    """Those who held a post in the unit or below on the last day."""
    return PostHolding.objects.on(brief.last).in_subtree(brief.unit, brief.last)


def _people(brief: Brief) -> QuerySet[PostHolding, Any]:
    return people(brief).values("person")


def by_the_end(column: str, brief: Brief) -> Q:
    """What had happened by the end of the last day."""
    return Q((f"{column}__lt", _midnight(brief.last + timedelta(days=1))))


def _in_days(column: str, brief: Brief) -> Q:
    return Q((f"{column}__gte", _midnight(brief.first))) & by_the_end(column, brief)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
