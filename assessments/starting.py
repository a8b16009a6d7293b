"""Starting a paper: may this learner begin, and with which questions.

Before: the lessons of the course. After: answering.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import drawing
from assessments.kinds import KINDS
from assessments.models import Attempt, AttemptQuestion, PaperVersion, PaperVersionDraw, QuestionVersion
from courses import standing
from courses.models import ALL_JURISDICTIONS, CriterionVersion, Enrolment, EvidenceKind, LessonVersion
from lms.core import clock
from lms.core.actors import Actor, columns
from lms.core.errors import Refused
from lms.core.working_days import add_working_days
from lms.organisation import working_calendar
from lms.organisation.models import JurisdictionAdoption


@dataclass(frozen=True, slots=True)
class Tries:
    """What was tried so far on an enrolment: how often, whether one is open, and when feedback was last given."""

    count: int = 0
    is_one_open: bool = False
    fed_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where somebody stands with a paper: what is still to show, and why it cannot begin now, if it cannot."""

    paper: PaperVersion
    tries: Tries
    to_show: list[CriterionVersion]
    tries_left: int
    opens_on: date | None = None
    refusal: str = ""

    @property
    def is_met(self) -> bool:
        """Whether every criterion that the paper asks is met."""
        return not self.to_show

    @property
    def may_start(self) -> bool:
        """Whether a new attempt may begin now."""
        return not self.refusal and not self.tries.is_one_open


def paper_of(enrolment: Enrolment) -> PaperVersion | None:
    """The paper as last published for the enrolment's course version."""
    return PaperVersion.objects.filter(course_version=enrolment.course_version_id).order_by("-edition").first()


def attempts_of(enrolment: Enrolment) -> list[Attempt]:
    """The enrolment's attempts, the newest last, each with its submission."""
    return list(Attempt.objects.filter(enrolment=enrolment).select_related("submission").order_by("number"))


def outlook(
    enrolment: Enrolment,
    paper: PaperVersion,
    *,
    tries: Tries,
    standings: list[standing.CriterionStanding],
    lessons_refusal: str,
) -> Outlook:
    """All that decides whether the paper may begin, from what the caller has read. Two queries after a first try, else none.

    `lessons_refusal` says which lessons come first, empty where all are done.
    """
    view = Outlook(
        paper=paper,
        tries=tries,
        to_show=_to_show(standings),
        tries_left=max(0, paper.tries - tries.count),
        opens_on=opens_on(paper, tries.fed_back_at, person=enrolment.person_id),
    )
    if tries.is_one_open:
        return view
    return replace(view, refusal=_refused_for_good(view, enrolment) or lessons_refusal or _refused_for_now(view))


def outlook_now(enrolment: Enrolment, paper: PaperVersion, attempts: list[Attempt]) -> Outlook:
    """The same, reading what it needs. Three queries at most."""
    # Whoever has begun the paper once had done the lessons; a lesson added since is no obstacle.
    missing = [] if attempts else standing.lessons_missing(enrolment)
    return outlook(
        enrolment,
        paper,
        tries=tries_in(attempts),
        standings=standing.of(enrolment),
        lessons_refusal=_opens_after(missing) if missing else "",
    )


def tries_in(attempts: list[Attempt]) -> Tries:
    """What attempts say, the newest last."""
    if not attempts:
        return Tries()
    handed_in = attempts[-1].handed_in
    return Tries(len(attempts), handed_in is None, handed_in.recorded_at if handed_in else None)


@transaction.atomic
def start(enrolment: Enrolment, *, by: Actor) -> Attempt:
    """Begin the paper, or go on with the attempt that is open. Raises Refused with the reason and the day it opens."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("course_version").get(pk=enrolment.pk)
    paper = paper_of(enrolment)
    if paper is None:
        raise Refused(_("This course has no paper."))
    attempts = attempts_of(enrolment)
    view = outlook_now(enrolment, paper, attempts)
    if view.tries.is_one_open:
        return attempts[-1]
    if view.refusal:
        raise Refused(view.refusal)
    if hasattr(enrolment, "ended_by"):
        raise Refused(_("This enrolment has ended. Start the course again to try the paper."))
    return _begin(enrolment, view, by=by)


def _begin(enrolment: Enrolment, view: Outlook, *, by: Actor) -> Attempt:
    seed = secrets.randbits(32)
    asked = _draw(enrolment, view, seed)
    if not asked:
        raise Refused(_("This paper has no questions for your organisation yet. Tell your training coordinator."))
    now = clock.now()
    attempt = Attempt.objects.create(
        person_id=enrolment.person_id,
        enrolment=enrolment,
        paper_version=view.paper,
        number=view.tries.count + 1,
        seed=seed,
        on=now,
        deadline_at=now + timedelta(minutes=view.paper.minutes) if view.paper.minutes else None,
        **columns(by),
    )
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(
            attempt=attempt,
            position=position,
            question_version=version,
            criterion_version_id=criterion,
            shown=drawing.order(KINDS[version.kind].shuffled(version.body), seed=seed, position=position),
        )
        for position, (criterion, version) in enumerate(asked, start=1)
    )
    return attempt


def _draw(enrolment: Enrolment, view: Outlook, seed: int) -> list[tuple[int, QuestionVersion]]:
    draws = view.paper.draws.filter(criterion_version__in=view.to_show).prefetch_related("pool__question")
    usable = {draw: _usable(draw) for draw in draws}
    versions = {version.question_id: version for pool in usable.values() for version in pool}
    pools = [
        drawing.Pool(
            draw.criterion_version_id,
            draw.questions,
            [version.question_id for version in pool],
            at_least=draw.at_least,
            kinds={version.question_id: version.kind for version in pool},
        )
        for draw, pool in usable.items()
    ]
    seen = AttemptQuestion.objects.filter(
        attempt__person=enrolment.person_id, question_version__question__in=versions
    ).values_list("question_version__question", flat=True)
    return [(criterion, versions[question]) for criterion, question in drawing.draw(pools, seen=set(seen), seed=seed)]


def _usable(draw: PaperVersionDraw) -> list[QuestionVersion]:
    """The pool without what was retired since and what the organisation has not adopted."""
    today = clock.today()
    adopted = set(JurisdictionAdoption.objects.on(today).values_list("jurisdiction", flat=True)) | {ALL_JURISDICTIONS}
    return [
        version
        for version in draw.pool.all()
        if version.jurisdiction in adopted
        and (version.question.retired_on is None or version.question.retired_on > today)
    ]


def _to_show(standings: list[standing.CriterionStanding]) -> list[CriterionVersion]:
    """Criteria with paper evidence that are not met; publishing sees to it that the paper asks each of them."""
    return [
        item.certified.criterion_version
        for item in standings
        if item.certified.evidence == EvidenceKind.PAPER and not item.is_met
    ]


def opens_on(paper: PaperVersion, fed_back_at: datetime | None, *, person: int) -> date | None:
    """The first day of the next try: so many of the person's working days after the feedback of the last one.

    Two queries where there was a try, else none.
    """
    if fed_back_at is None:
        return None
    calendar = working_calendar.of_person(person)
    return add_working_days(clock.day_of(fed_back_at), paper.cooling_off_working_days, calendar=calendar)


def _refused_for_good(view: Outlook, enrolment: Enrolment) -> str:
    if view.is_met:
        return _("You have met every criterion of this paper.")
    if view.tries_left == 0:
        return _("You have used all your tries. Talk with your supervisor about what you need before you start again.")
    if not enrolment.course_version.may_still_be_finished(clock.today()):
        return _("The last day to finish this version of the course has passed. Start the course again.")
    return ""


def _refused_for_now(view: Outlook) -> str:
    if view.opens_on is not None and clock.today() < view.opens_on:
        return _("Take time with the feedback. The paper opens again on %(day)s.") % {
            "day": date_format(view.opens_on, "j F Y")
        }
    return ""


def _opens_after(lessons: list[LessonVersion]) -> str:
    if len(lessons) > 3:
        return ngettext(
            "Opens when %(count)s more lesson is done.", "Opens when %(count)s more lessons are done.", len(lessons)
        ) % {"count": len(lessons)}
    names = ", ".join(f"“{lesson.title}”" for lesson in lessons)
    return ngettext(
        "Opens when this lesson is done: %(names)s.", "Opens when these lessons are done: %(names)s.", len(lessons)
    ) % {"names": names}
