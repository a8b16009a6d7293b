"""Rules that most offices begin with, offered where their course is there; the form comes filled in and can be changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from lms.core import clock
from lms.duties.due_rules import CountsFrom
from lms.duties.models import TrainingRequirement
from lms.duties.renewals import ExpiryBasis
from lms.organisation.access import Capability
from lms.organisation.first_steps import FirstStep
from lms.organisation.models import Organisation, OrgUnit, PostTag
from lms.organisation.setup import adopted_on


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """What the form comes filled in with. Of the codes the first for which there is a course is taken."""

    key: str
    title: str | Promise
    codes: Callable[[], Sequence[str]]
    due_days: int
    tag: str = ""
    counts_months: int | None = None
    terms: Mapping[str, object] = field(default_factory=dict)
    after: str = ""


_RULES = [
    ReadyRule(
        "code-of-conduct",
        _("Everybody knows the code of conduct within 30 days"),
        lambda: [f"COC-{jurisdiction}" for jurisdiction in adopted_on(clock.today())],
        due_days=30,
    ),
    ReadyRule(
        "serving-people-well",
        _("Front-line staff serve people well within 60 days"),
        lambda: ["CCF-1", "CPR-1"],
        due_days=60,
        tag="front-line",
    ),
    ReadyRule(
        "ethics-yearly", _("Everybody renews ethics every year"), lambda: ["ETH-1"], due_days=60, counts_months=12
    ),
    ReadyRule(
        "cash-after-ethics",
        _("Whoever handles cash takes integrity for exposed posts within 30 days of ethics"),
        lambda: ["ETH-2"],
        due_days=30,
        tag="cash",
        terms={"counts_from": CountsFrom.RESULT},
        after="ETH-1",
    ),
    ReadyRule(
        "code-each-march",
        _("Everybody confirms the code of conduct by 31 March of each year"),
        lambda: [f"COC-{jurisdiction}" for jurisdiction in adopted_on(clock.today())],
        due_days=0,
        terms={
            "counts_from": CountsFrom.YEAR_DAY,
            "due_day": 31,
            "due_month": 3,
            "least_days": 30,
            "expiry_basis": ExpiryBasis.YEAR_DAY,
            "expiry_day": 31,
            "expiry_month": 3,
            "least_months": 3,
        },
    ),
]
FIRST_STEP = FirstStep(
    _("Say who must learn what, by when"),
    _("Begin with a ready rule: it is filled in, and shows whom it reaches before you save it."),
    order=30,
    capability=Capability.ASSIGN_ANY,
    is_done=TrainingRequirement.objects.exists,
    links=[(_("Make a rule"), "requirement_new")],
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A ready rule with the course that it asks for."""

    rule: ReadyRule
    course: Course


def offered(courses: QuerySet[Course]) -> list[Offer]:
    """The ready rules whose course is among these and published. One query for the courses."""
    published = {course.code: course for course in courses.filter(versions__isnull=False).distinct()}
    found = []
    for rule in _RULES:
        course = next((published[code] for code in rule.codes() if code in published), None)
        if course is not None and (not rule.after or rule.after in published):
            found.append(Offer(rule, course))
    return found


def initial_of(key: str, courses: QuerySet[Course], units: QuerySet[OrgUnit], **_others: Any) -> dict[str, Any]:
    """What the form of a new rule begins with; nothing for a rule that is not offered."""
    offer = next((offer for offer in offered(courses) if offer.rule.key == key), None)
    if offer is None:
        return {}
    rule = offer.rule
    root = units.filter(pk__in=Organisation.objects.values("root")).values_list("uuid", flat=True).first()
    return {
        "title": rule.title,
        "courses": [offer.course.code],
        "unit": root,
        "tags": list(PostTag.objects.filter(code=rule.tag).values_list("code", flat=True)),
        "due_days": rule.due_days,
        "counts_months": rule.counts_months,
        **rule.terms,
        "after_course": rule.after or None,
    }
