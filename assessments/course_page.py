"""What the paper and the assessor add to a learner's course page: a step each, with its state in words."""

from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import starting
from assessments.models import AssessorSheet, Attempt, ObservationGuideVersion, PaperVersion, Submission
from assessments.sheets import BY_SHEET
from courses import standing
from courses.models import Enrolment, LessonVersion
from courses.ports import CourseStep


def steps(enrolment: Enrolment) -> list[CourseStep]:
    """The paper's step and one for each criterion that an assessor judges. Four queries at most."""
    standings = standing.of(enrolment)
    return paper_step(enrolment, standings) + observation_steps(enrolment, standings)


def paper_step(enrolment: Enrolment, standings: list[standing.CriterionStanding]) -> list[CourseStep]:
    """The paper: whether it is done, open, or why not and from when. One query."""
    paper = _paper_with_facts(enrolment)
    if paper is None:
        return []
    tries = starting.Tries(paper.attempts, paper.attempts > paper.handed_in, paper.fed_back_at)
    missing = 0 if tries.count else paper.lessons - paper.lessons_done
    view = starting.outlook(
        enrolment, paper, tries=tries, standings=standings, lessons_refusal=_after_lessons(missing) if missing else ""
    )
    return [
        CourseStep(
            title=paper.title,
            detail=_detail(view),
            url=reverse("paper", args=[enrolment.course_version.course.code]),
            is_done=view.is_met,
            minutes=paper.planned_minutes,
            is_open=tries.is_one_open or view.may_start,
        )
    ]


def observation_steps(enrolment: Enrolment, standings: list[standing.CriterionStanding]) -> list[CourseStep]:
    """One step per criterion that an assessor judges, with her last decision and reason. One query at most."""
    by_sheet = [item for item in standings if item.certified.evidence in BY_SHEET]
    if not by_sheet:
        return []
    minutes = dict(
        ObservationGuideVersion.objects.filter(course_version=enrolment.course_version_id)
        .order_by("edition")
        .values_list("criterion_version", "planned_minutes")
    )
    return [
        CourseStep(
            title=item.certified.criterion_version.text,
            detail=_seen(item),
            url="",
            is_done=item.is_met,
            minutes=minutes.get(item.certified.criterion_version_id, 0),
            is_open=False,
        )
        for item in by_sheet
    ]


def _paper_with_facts(enrolment: Enrolment) -> Any:
    """The newest paper with what its step needs to know of attempts and lessons, in one query."""
    attempts = Attempt.objects.filter(enrolment=enrolment)
    handed_in = Submission.objects.filter(attempt__enrolment=enrolment)
    lessons = LessonVersion.objects.newest_edition().filter(course_version=enrolment.course_version_id)
    done = lessons.filter(key__in=enrolment.completions.values("lesson_key"))
    papers = PaperVersion.objects.filter(course_version=enrolment.course_version_id).annotate(
        attempts=_count_of(attempts),
        handed_in=_count_of(handed_in),
        fed_back_at=Subquery(handed_in.order_by("-attempt__number").values("recorded_at")[:1]),
        lessons=_count_of(lessons),
        lessons_done=_count_of(done),
    )
    return papers.order_by("-edition").first()


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many, as a sub-query."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_count=Count("pk")).values("_count")
    return Coalesce(Subquery(counted), 0)


def _after_lessons(missing: int) -> str:
    return ngettext(
        "Opens when the last lesson is done.", "Opens when the %(missing)s lessons still open are done.", missing
    ) % {"missing": missing}


def _detail(view: starting.Outlook) -> str:
    if view.is_met:
        return _("Every criterion of the paper is met.")
    if view.tries.is_one_open:
        return _("Begun. Your answers are there as you left them.")
    if view.refusal:
        return view.refusal
    return ngettext("%(left)s try left.", "%(left)s tries left.", view.tries_left) % {"left": view.tries_left}


def _seen(item: standing.CriterionStanding) -> str:
    decision = item.decision
    if decision is None:
        if item.certified.evidence == AssessorSheet.Kind.PRODUCT:
            return _("An assessor looks at a piece of your work.")
        return _("An assessor watches you at your counter.")
    words = decision.get_outcome_display()
    return f"{words}. {decision.reason}" if decision.reason else f"{words}."
