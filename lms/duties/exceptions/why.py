"""Gathering what the page *Why me?* says of one person and one target: facts, names, what was asked and decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch

from courses.models import Course, CourseVersion, Document, Result
from lms.duties import facts, sentences
from lms.duties.days import OPEN
from lms.duties.exceptions import beginnings, telling
from lms.duties.exceptions.explaining import Demand, Explained, explain
from lms.duties.models import Exemption, Extension, ExtensionRequest, RequirementVersion
from lms.duties.reminder_plan import Moment, ReminderPlan
from lms.duties.spans import Obligation, State
from lms.duties.targets import Target
from lms.organisation.models import OrgUnit, Person, Post


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule that asks, in words."""

    title: str
    sentence: str
    note: str
    is_deciding: bool
    posts: Sequence[str]
    counted: str
    moved: Sequence[str]
    day: str


@dataclass(frozen=True, slots=True)
class Why:
    """The page."""

    target: Target
    name: str
    is_integrity: bool
    explained: Explained
    headline: str
    asked: Sequence[Asked]
    exemptions: Sequence[Exemption]
    extensions: Sequence[Extension]
    requests: Sequence[ExtensionRequest]
    results: Sequence[Result]
    signed: Sequence[date]
    coming: Sequence[tuple[date, str]]

    @property
    def may_be_extended(self) -> bool:
        """Whether there is a day that could be moved."""
        return self.explained.standing.state != State.EXEMPT and self.explained.standing.due_on != OPEN

    @property
    def is_awaited(self) -> bool:
        """Whether a request for more time waits for its decision."""
        return any(not hasattr(request, "decision") for request in self.requests)


def target_of(person: Person, slug: str, day: date) -> Obligation | None:
    """What is asked of a person under this address, whether or not it is asked on `day`."""
    found = facts.load([person.pk], day).obligations_of(person.pk)
    return next((obligation for obligation in found if obligation.target.slug == slug), None)


def of(person: Person, obligation: Obligation, day: date) -> Why | None:
    """Why the person stands where they stand on a day; None when nothing is asked on it."""
    explained = explain(obligation, day)
    if explained is None:
        return None
    target = obligation.target
    versions = _versions([demand.claim.rule.version for demand in explained.demands], person)
    plan = versions[explained.standing.claim.rule.version].reminder_plan
    return Why(
        target=target,
        name=name_of(target),
        is_integrity=_is_integrity(target),
        explained=explained,
        headline=telling.headline(explained.standing),
        asked=_asked(explained, versions, day),
        exemptions=_exemptions(person, target, day),
        extensions=_extensions(person, target, day),
        requests=_requests(person, target, day),
        results=_results(person, target, day),
        signed=_signed(obligation, day),
        coming=telling.next_steps(explained, opens=opening(explained), reminders=reminders_of(explained, plan)[:1]),
    )


def _signed(obligation: Obligation, day: date) -> list[date]:
    """The days on which the person put their name to the document, where the target is one."""
    document = obligation.target.document
    read = obligation.facts.signed if document is not None else ()
    return sorted(item.days.start for item in read if item.document == document and item.days.start <= day)


def name_of(target: Target) -> str:
    """What a target is called: its document, or its courses by their newest titles."""
    if target.document is not None:
        return Document.objects.values_list("title", flat=True).get(pk=target.document)
    return sentences.one_of(sorted(_titles(target.courses).values()))


def opening(explained: Explained) -> date | None:
    """The day from which what is in date can be renewed; None where nothing is or nothing ends."""
    standing = explained.standing
    if standing.state != State.IN_DATE or standing.due_on == OPEN:
        return None
    return standing.due_on - timedelta(days=explained.obligation.opens_days(standing.claim))


def reminders_of(explained: Explained, plan: ReminderPlan) -> list[date]:
    """Days after that of the page on which the rule that decides has reminders planned, the next first."""
    standing, opens = explained.standing, opening(explained)
    if standing.state == State.EXEMPT or standing.due_on == OPEN or standing.is_paused:
        return []
    due = standing.due_on
    planned: list[tuple[Moment, date]] = []
    if standing.state == State.IN_DATE:
        planned += [(Moment.BEFORE_EXPIRY, due - timedelta(days=days)) for days in plan.before_expiry]
        planned += [(Moment.WINDOW_OPEN, opens)] if opens else []
    else:
        planned += [(Moment.BEFORE_DUE, due - timedelta(days=days)) for days in plan.before_due]
        planned += [(Moment.AFTER_DUE, due + timedelta(days=days)) for days in plan.after_due]
    return sorted(day for moment, day in planned if plan.who(moment) and day > explained.day)


def _titles(courses: Collection[int | None]) -> dict[int, str]:
    if not courses:
        return {}
    rows = CourseVersion.objects.filter(course__in=courses).order_by("number")
    return dict(rows.values_list("course_id", "title"))


def _versions(pks: Collection[int], person: Person) -> dict[int, RequirementVersion]:
    # Of a rule for named people the page names this person alone.
    named = Prefetch("people", Person.objects.filter(pk=person.pk))
    found = RequirementVersion.objects.filter(pk__in=pks).select_related(
        "requirement", "instrument", "after_course", "document"
    )
    return {
        version.pk: version
        for version in found.prefetch_related("courses", "categories", "tags", "refreshers__course", named)
    }


def _asked(explained: Explained, versions: dict[int, RequirementVersion], day: date) -> list[Asked]:
    told = sentences.sentences(versions.values(), day)
    places = _place_names(explained, day)
    titles = _titles({demand.claim.rule.due.after for demand in explained.demands} - {None})
    return [_one(demand, versions[demand.claim.rule.version], told, places, titles) for demand in explained.demands]


def _one(
    demand: Demand, version: RequirementVersion, told: dict[int, str], places: dict[int, str], titles: dict[int, str]
) -> Asked:
    return Asked(
        title=version.requirement.title,
        sentence=told[version.pk],
        note=version.note,
        is_deciding=demand.is_deciding,
        posts=[telling.held(place, places[place.post]) for place in demand.places],
        counted=beginnings.told(demand.claim, titles),
        moved=list(telling.moved(demand, places)),
        day=telling.day_of(demand),
    )


def _place_names(explained: Explained, day: date) -> dict[int, str]:
    """Every post in question: Counter clerk, Brook office (Counter clerk)."""
    wanted = {place.post for demand in explained.demands for place in [*demand.places, *demand.moved_on]}
    posts = list(Post.objects.filter(pk__in=wanted).select_related("category"))
    units = {unit.pk: unit.name for unit in OrgUnit.objects.named(day).filter(pk__in={post.unit_id for post in posts})}
    return {post.pk: f"{post.title or post.category.name}, {units[post.unit_id]}" for post in posts}


def _exemptions(person: Person, target: Target, day: date) -> list[Exemption]:
    rows = Exemption.objects.held().filter(person=person, course__in=target.courses, valid_from__lte=day)
    return list(rows.select_related("course", "approver__person").order_by("valid_from", "pk"))


def _extensions(person: Person, target: Target, day: date) -> list[Extension]:
    rows = (
        Extension.objects.held().filter(person=person, valid_from__lte=day).select_related("target", "by_user__person")
    )
    return [row for row in rows.order_by("valid_from", "pk") if target.covers(row.target.target)]


def _requests(person: Person, target: Target, day: date) -> list[ExtensionRequest]:
    rows = ExtensionRequest.objects.filter(person=person, on__date__lte=day)
    rows = rows.select_related("target", "decision__by_user__person", "by_user__person")
    return [row for row in rows.order_by("on", "pk") if target.covers(row.target.target)]


def _results(person: Person, target: Target, day: date) -> list[Result]:
    rows = Result.objects.held().filter(person=person, course_version__course__in=target.courses, valid_from__lte=day)
    return list(rows.select_related("course_version__course").order_by("valid_from", "pk"))


def _is_integrity(target: Target) -> bool:
    return bool(target.courses) and not Course.objects.filter(pk__in=target.courses, is_integrity=False).exists()
