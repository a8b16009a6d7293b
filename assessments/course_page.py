"""What the paper and the assessor add to a learner's course page: a step each, with its state in words."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import starting
from assessments.models import AssessorSheet, ObservationGuideVersion
from assessments.sheets import BY_SHEET
from courses import standing
from courses.models import Enrolment
from courses.ports import CourseStep


def steps(enrolment: Enrolment) -> list[CourseStep]:
    """The paper's step and one for each criterion that an assessor judges."""
    return paper_step(enrolment) + observation_steps(enrolment)


def paper_step(enrolment: Enrolment) -> list[CourseStep]:
    """The paper: whether it is done, open, or why not and from when."""
    paper = starting.paper_of(enrolment)
    if paper is None:
        return []
    view = starting.outlook(enrolment, paper)
    return [
        CourseStep(
            title=paper.title,
            detail=_detail(view),
            url=reverse("paper", args=[enrolment.course_version.course.code]),
            is_done=view.is_met,
            minutes=paper.planned_minutes,
            is_open=view.open_attempt is not None or view.may_start,
        )
    ]


def observation_steps(enrolment: Enrolment) -> list[CourseStep]:
    """One step per criterion that an assessor judges, with her last decision and reason."""
    by_sheet = [item for item in standing.of(enrolment) if item.certified.evidence in BY_SHEET]
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
        )
        for item in by_sheet
    ]


def _detail(view: starting.Outlook) -> str:
    if view.is_met:
        return _("Every criterion of the paper is met.")
    if view.open_attempt is not None:
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
