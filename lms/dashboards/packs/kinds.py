"""The packs and returns there are: which sections each holds, and who may file it."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Acknowledgement, Course, DocumentVersion
from lms.core.errors import Refused
from lms.core.words import day_in_words
from lms.dashboards.packs import parts
from lms.duties.coverage_rows import HIDDEN, CoverageRow
from lms.duties.models import ClosedPeriod
from lms.duties.periods import reading
from lms.duties.periods.packs import Brief, Draft, PackKind, Section
from lms.organisation.access import Capability
from lms.organisation.models import OrgUnit, UnitAncestry
from lms.organisation.models.units import UnitQuerySet

INTEGRITY = "integrity"


def committee(brief: Brief) -> Draft:
    """For the service committee: how it stands, how long overdue, how papers went, where people fail, what changed."""
    return Draft(
        [
            parts.coverage(brief),
            parts.overdue_by_age(brief),
            parts.papers(brief),
            parts.weak_criteria(brief),
            parts.changed(brief),
        ]
    )


def quarterly_return(brief: Brief) -> Draft:
    """Headcounts of a closed quarter, as filed: the same figures as on its page, and no names."""
    closed = ClosedPeriod.objects.filter(kind=ClosedPeriod.Kind.QUARTER, last_day=brief.last).first()
    if closed is None:
        raise Refused(
            _("No quarter that ended on %(day)s is closed. Close the quarter first; the return repeats what was filed.")
            % {"day": day_in_words(brief.last)}
        )
    filed = reading.as_filed(closed, brief.unit)
    rows = filed.rows if filed else []
    kinds = filed.categories if filed else []
    numbers = [_("Required"), _("In date"), _("Not yet due"), _("Overdue"), _("In date, %"), _("Exempt")]
    head = [*numbers, _("Vacant posts")]
    sections = [
        Section(_("Headcount by course"), [_("Course"), *head], [parts.figures(row) for row in rows]),
        Section(
            _("Headcount by post category"),
            [_("Post category"), _("Course"), *head],
            parts.divided([(kind.name, kind.rows) for kind in kinds]),
            keys=2,
        ),
        Section(
            _("People"),
            [_("What"), _("Number")],
            [[_("People of whom anything was required"), filed.people if filed else 0]],
        ),
    ]
    return Draft(sections, known_at=closed.known_at, rules=closed.rules)


def forum(brief: Brief) -> Draft:
    """For the customer-care forum: the regions beside each other."""
    regions = _regions(brief)
    side_by_side = parts.by_unit(brief, regions)
    told = {(row[0], row[1]) for row in side_by_side.rows if HIDDEN not in row}
    overdue = [
        [region.name, *row]
        for region in regions
        for row in parts.overdue_by_age(Brief(region, brief.first, brief.last)).rows
        if (region.name, row[0]) in told
    ]
    by_age = parts.overdue_by_age(Brief(brief.unit, brief.first, brief.last))
    return Draft(
        [
            parts.coverage(brief),
            side_by_side,
            Section(_("Overdue by region and age"), [_("Unit"), *by_age.head], overdue, keys=2),
            parts.sessions(brief),
            parts.papers(brief),
            parts.weak_criteria(brief),
        ]
    )


def evidence(brief: Brief) -> Draft:
    """For the anti-corruption body: integrity courses by unit and post, and who has put their name to the code."""
    integrity = _is_integrity()
    return Draft(
        [
            parts.coverage(brief, integrity),
            parts.by_unit(brief, _children(brief), integrity),
            parts.by_category(brief, integrity),
            _acknowledgements(brief),
            parts.sessions(brief, integrity_alone=True),
        ]
    )


def _acknowledgements(brief: Brief) -> Section:
    people = parts.people(brief).values("person")
    heads = people.distinct().count()
    in_effect = list(DocumentVersion.objects.in_effect_on(brief.last).select_related("document"))
    named = Acknowledgement.objects.filter(document_version__in=in_effect, person__in=people)
    named = named.filter(parts.by_the_end("on", brief))
    done = dict(named.values_list("document_version").annotate(n=Count("person", distinct=True)))
    rows = [[str(version), done.get(version.pk, 0), heads] for version in in_effect]
    head = [_("Document"), _("Have put their name to it"), _("People in post")]
    return Section(_("Codes and policies acknowledged"), head, sorted(rows, key=str))


def _is_integrity() -> parts.Chosen:
    codes = set(Course.objects.filter(is_integrity=True).values_list("code", flat=True))

    def chosen(row: CoverageRow) -> bool:
        return set(row.target.split("|")) <= codes

    return chosen


def _regions(brief: Brief) -> list[OrgUnit]:
    """Regions below the unit on the day; where it has none, the units right below it."""
    below = OrgUnit.objects.in_subtree(brief.unit, brief.last).filter(kind=OrgUnit.Kind.REGION)
    return _named(below.exclude(pk=brief.unit.pk), brief) or _children(brief)


def _children(brief: Brief) -> list[OrgUnit]:
    below = UnitAncestry.objects.on(brief.last).filter(ancestor=brief.unit, depth=1).values("unit")
    return _named(OrgUnit.objects.filter(pk__in=below), brief)


def _named(units: UnitQuerySet, brief: Brief) -> list[OrgUnit]:
    return sorted(units.named(brief.last), key=lambda unit: unit.name)


KINDS = {
    "committee": PackKind(
        gettext_lazy("Committee pack"),
        gettext_lazy("Coverage, overdue by age, pass rate, the three weakest criteria, and what changed."),
        3,
        Capability.FILE_PACKS,
        committee,
    ),
    "quarterly return": PackKind(
        gettext_lazy("Quarterly return"),
        gettext_lazy("Headcounts of a closed quarter as filed, without names."),
        3,
        Capability.FILE_PACKS,
        quarterly_return,
        only_quarters=True,
    ),
    "forum": PackKind(
        gettext_lazy("Forum pack"),
        gettext_lazy("The regions beside each other, for the customer-care forum."),
        6,
        Capability.FILE_PACKS,
        forum,
    ),
    "evidence": PackKind(
        gettext_lazy("Ethics evidence pack"),
        gettext_lazy("A year of integrity courses by unit and post, and the codes acknowledged."),
        12,
        Capability.ASSIGN_INTEGRITY,
        evidence,
        INTEGRITY,
    ),
    "mid-year": PackKind(
        gettext_lazy("Mid-year ethics report"),
        gettext_lazy("The same for half a year."),
        6,
        Capability.ASSIGN_INTEGRITY,
        evidence,
        INTEGRITY,
    ),
}
